package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Merges.restore;
import static io.crmbackup.jdbc.Merges.table;
import static io.crmbackup.jdbc.Merges.undo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What only PostgreSQL's tables do when rows are put back into them. */
class PostgresMergeTest {
    private final TestDatabase database = TestedServer.postgres().newDatabase();

    private static final String[] CONTACTS = {
        "CREATE TABLE contact (id int PRIMARY KEY, name text)",
        "INSERT INTO contact SELECT i, 'name ' || i FROM generate_series(1, 5) i",
    };

    private static String[] trigger(String when, String body) {
        return new String[] {
            "CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN " + body + " END$$",
            "CREATE TRIGGER act " + when + " ON contact FOR EACH ROW EXECUTE FUNCTION act()"
        };
    }

    @Test
    void triggersFindWhatTheyFindInSessionsOfTheApplication() throws Exception {
        database.execute(CONTACTS);
        database.execute("CREATE TABLE audit (what text)");
        database.execute(trigger("AFTER INSERT OR UPDATE OR DELETE", "INSERT INTO audit VALUES (TG_OP); RETURN NULL;"));
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute(
                "DELETE FROM contact WHERE id = 1",
                "UPDATE contact SET name = 'other' WHERE id = 2",
                "INSERT INTO contact VALUES (9, 'new')",
                "TRUNCATE audit");
        restore(copy.only("contact", row -> true), JdbcTarget.merge(database, MergePolicy.mirror()));
        assertThat(query(database, "SELECT string_agg(what, ',' ORDER BY what) FROM audit"))
                .isEqualTo("DELETE,INSERT,UPDATE");
    }

    @Test
    void rowsOfTablesThatInheritAreNotThoseOfTheirParent() throws Exception {
        database.execute(CONTACTS);
        database.execute(
                "CREATE TABLE archived (PRIMARY KEY (id)) INHERITS (contact)",
                "INSERT INTO archived SELECT i, 'archived ' || i FROM generate_series(4, 8) i");
        Copy copy = Copy.of(JdbcSource.of(database));
        String all =
                "SELECT string_agg(tableoid::regclass || ' ' || id || ' ' || name, ',' ORDER BY tableoid, id) FROM contact";
        String before = query(database, all);
        database.execute(
                "DELETE FROM ONLY contact WHERE id = 4",
                "UPDATE ONLY contact SET name = 'other' WHERE id = 5",
                "INSERT INTO contact VALUES (9, 'new')");
        TargetChanges changes =
                restore(copy.only("contact", row -> true), JdbcTarget.merge(database, MergePolicy.mirror()));
        assertThat(query(database, all)).isEqualTo(before);
        assertThat(table(changes, "contact").deleted()).isEqualTo(1);
        assertThat(table(changes, "contact").created()).isEqualTo(1);
    }

    @Test
    void rowsThatTriggersOrRulesKeepOutAreNoSuccess() throws Exception {
        for (String[] obstacle : List.of(
                trigger("BEFORE INSERT", "RETURN NULL;"),
                trigger("BEFORE UPDATE", "RETURN NULL;"),
                trigger("BEFORE DELETE", "UPDATE contact SET name = NULL WHERE id = OLD.id; RETURN NULL;"),
                new String[] {"CREATE RULE act AS ON INSERT TO contact DO INSTEAD NOTHING"},
                new String[] {"CREATE RULE act AS ON UPDATE TO contact DO INSTEAD NOTHING"},
                new String[] {"CREATE RULE act AS ON DELETE TO contact DO INSTEAD NOTHING"})) {
            TestDatabase own = TestedServer.postgres().newDatabase();
            own.execute(CONTACTS);
            Copy copy = Copy.of(JdbcSource.of(own));
            own.execute(
                    "DELETE FROM contact WHERE id = 1",
                    "UPDATE contact SET name = 'other' WHERE id = 2",
                    "INSERT INTO contact VALUES (9, 'new')");
            own.execute(obstacle);
            String before = query(own, "SELECT string_agg(contact::text, ',' ORDER BY id) FROM contact");
            assertThatThrownBy(() -> restore(copy, JdbcTarget.merge(own, MergePolicy.mirror())), obstacle[0])
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining("contact");
            assertThat(query(own, "SELECT string_agg(contact::text, ',' ORDER BY id) FROM contact"))
                    .isEqualTo(before);
        }
    }

    @Test
    void addedRowStaysIfATriggerKeepsOthersFromGettingTheirOldReferenceBack() throws Exception {
        for (String action : List.of("CASCADE", "SET NULL", "NO ACTION")) {
            TestDatabase own = TestedServer.postgres().newDatabase();
            own.execute(
                    "CREATE TABLE firm (id int PRIMARY KEY)",
                    "CREATE TABLE contact (id int PRIMARY KEY, firm int REFERENCES firm ON DELETE " + action + ")",
                    "INSERT INTO firm VALUES (1)",
                    "INSERT INTO contact VALUES (1, 1)");
            Copy before = Copy.of(JdbcSource.of(own));
            own.execute("INSERT INTO firm VALUES (2)", "UPDATE contact SET firm = 2");
            Copy after = Copy.of(JdbcSource.of(own));
            own.execute(trigger("BEFORE UPDATE", "NEW.firm := OLD.firm; RETURN NEW;"));
            assertThatThrownBy(() -> undo(own, before, after), action)
                    .hasMessageContaining("table firm: 1 rows are in conflict, announced were 0");
            assertThat(query(own, "SELECT firm FROM contact")).isEqualTo("2");
        }
    }

    @Test
    void whatSomebodyHoldsIsNotWaitedForForEver() throws Exception {
        database.execute(CONTACTS);
        database.execute("CREATE TABLE waiting (longest text)");
        database.execute(
                trigger("AFTER INSERT", "INSERT INTO waiting VALUES (current_setting('lock_timeout')); RETURN NULL;"));
        Copy copy = Copy.of(JdbcSource.of(database)).only("contact", row -> true);
        database.execute("DELETE FROM contact WHERE id = 1");
        restore(copy, JdbcTarget.merge(database, OnConflict.SKIP));
        database.execute(
                "DELETE FROM contact WHERE id = 1", "ALTER DATABASE " + database.name() + " SET lock_timeout = '5s'");
        restore(copy, JdbcTarget.merge(database, OnConflict.SKIP));
        assertThat(query(database, "SELECT string_agg(longest, ',' ORDER BY longest) FROM waiting"))
                .isEqualTo("1min,5s");
    }

    @Test
    void settingsOfTheDatabaseDontChangeArrays() throws Exception {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, tags text[])", "INSERT INTO t VALUES (1, '{a,NULL}')");
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute("DELETE FROM t", "ALTER DATABASE " + database.name() + " SET array_nulls = off");
        restore(copy, JdbcTarget.merge(database, OnConflict.REPLACE));
        assertThat(query(database, "SELECT tags[2] IS NULL FROM t")).isIn("t", "true");
    }

    @Test
    void charactersThatTheDatabaseDoesNotHaveRefuseTheRestore() throws Exception {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v varchar(9), j jsonb, a text[], n numeric)",
                "INSERT INTO t VALUES (1, 'ä', '{\"a\": \"ä\"}', '{ä}', 1), (2, 'Ł€', NULL, NULL, 2), (3, NULL, '{\"a\": \"世\"}', NULL, 3),"
                        + " (4, NULL, NULL, '{🎉}', NULL)");
        Copy copy = Copy.of(JdbcSource.of(database));
        String name = database.name() + "_latin1";
        database.execute(
                "CREATE DATABASE " + name + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        try (Connection connection = database.getConnection()) {
            String url = connection.getMetaData().getURL().replace("/" + database.name(), "/" + name);
            DataSource narrow = new DriverDataSource(url, "postgres");
            Databases.execute(
                    narrow, "CREATE TABLE t (id int PRIMARY KEY, v varchar(9), j jsonb, a text[], n numeric)");
            assertThat(copy.preview(JdbcTarget.merge(narrow, OnConflict.REPLACE))
                            .blockers())
                    .containsExactly(
                            "table t: 1 row with characters that column v in the character set LATIN1 doesn't have, with the key 2",
                            "table t: 1 row with characters that column j in the character set LATIN1 doesn't have, with the key 3",
                            "table t: 1 row with characters that column a in the character set LATIN1 doesn't have, with the key 4");
            restore(copy.only("t", row -> "1".equals(row.get(0).text())), JdbcTarget.merge(narrow, OnConflict.REPLACE));
            assertThat(query(narrow, "SELECT v || j || a::text FROM t")).isEqualTo("ä{\"a\": \"ä\"}{ä}");
        }
    }

    @Test
    void keysWithCharactersThatTheDatabaseDoesNotHaveAreOfNoRow() throws Exception {
        String[] tables = {
            "CREATE TABLE t (code text PRIMARY KEY, v text)",
            "CREATE TABLE n (id int PRIMARY KEY, name text)",
            "CREATE TABLE u (id int PRIMARY KEY, code text REFERENCES t)"
        };
        database.execute(tables);
        Copy empty = Copy.of(JdbcSource.of(database));
        database.execute(
                "INSERT INTO t VALUES ('ä', 'a'), ('€', 'b')",
                "INSERT INTO n VALUES (1, 'ä'), (2, '€')",
                "INSERT INTO u VALUES (1, 'ä'), (2, '€')");
        Copy copy = Copy.of(JdbcSource.of(database));
        String name = database.name() + "_latin1";
        database.execute(
                "CREATE DATABASE " + name + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        try (Connection connection = database.getConnection()) {
            String url = connection.getMetaData().getURL().replace("/" + database.name(), "/" + name);
            DataSource narrow = new DriverDataSource(url, "postgres");
            Databases.execute(narrow, tables);
            Databases.execute(
                    narrow, "INSERT INTO t VALUES ('ä', 'other')", "INSERT INTO n VALUES (1, 'ä'), (2, 'other')");
            JdbcTarget target = JdbcTarget.merge(narrow, OnConflict.REPLACE)
                    .table("n", MergePolicy.onlyMissing().identifiedBy("name").newKeysForTaken());
            String reason =
                    ": 1 row with characters that column %s in the character set LATIN1 doesn't have, with the key %s";
            assertThat(copy.preview(target).blockers())
                    .containsExactlyInAnyOrder(
                            "table t" + reason.formatted("code", "€"),
                            "table n" + reason.formatted("name", "3"),
                            "table u" + reason.formatted("code", "2"));
            TargetChanges changes = undo(narrow, copy, empty);
            assertThat(table(changes, "t").conflicts())
                    .extracting(CollectionChanges.Conflict::key)
                    .containsExactly("ä", "€");
            assertThat(query(narrow, "SELECT code FROM u")).isEqualTo("ä");
        }
    }
}
