package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static io.crmbackup.jdbc.Merges.databases;
import static io.crmbackup.jdbc.Merges.restore;
import static io.crmbackup.jdbc.Merges.rows;
import static io.crmbackup.jdbc.Merges.sql;
import static io.crmbackup.jdbc.Merges.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and values that others have now, schemas that changed, triggers, and circles. Names of tables are quoted to be the same everywhere. */
class MergePolicyTest {
    @TempDir
    private Path directory;

    private static final String[] PEOPLE = {
        "CREATE TABLE \"person\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"email\" VARCHAR(50) UNIQUE, \"boss\" INT REFERENCES"
                + " \"person\" (\"id\"), \"created\" VARCHAR(20))",
        "CREATE TABLE \"call\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"person\" INT NOT NULL REFERENCES \"person\" (\"id\"))",
        "INSERT INTO \"person\" VALUES (1, 'a', NULL, 'then'), (2, 'b', 1, 'then'), (3, 'c', 2, 'then')",
        "INSERT INTO \"call\" VALUES (1, 2), (2, 2), (3, 3)",
    };

    @Test
    void rowWhoseKeyIsTakenGetsANewOneAndSoDoesWhatRefersToIt() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(database, PEOPLE);
            Copy copy = Copy.of(JdbcSource.of(database));
            sql(
                    database,
                    "DELETE FROM \"call\"",
                    "DELETE FROM \"person\" WHERE \"id\" = 3",
                    "DELETE FROM \"person\" WHERE \"id\" = 2",
                    "INSERT INTO \"person\" VALUES (2, 'other', NULL, 'now'), (40, 'x', NULL, 'now')");
            MergePolicy identified = MergePolicy.overwriteChanged().identifiedBy("created");
            JdbcTarget merge = JdbcTarget.merge(database, OnConflict.SKIP);
            assertThat(copy.preview(merge.table("person", identified)).blockers())
                    .containsExactly("table person: 1 row with a key that another record has, with the key 2");

            JdbcTarget target = merge.table(
                    "person",
                    MergePolicy.onlyMissing().identifiedBy("created", "email").newKeysForTaken());
            TargetChanges changes = restore(copy, target);

            assertThat(table(changes, "person").newKeys()).isEqualTo(Map.of("2", "41"));
            assertThat(rows(database, "SELECT \"id\" FROM \"person\" ORDER BY \"id\""))
                    .isEqualTo("1,2,3,40,41");
            assertThat(rows(database, "SELECT \"person\" FROM \"call\" ORDER BY \"id\""))
                    .isEqualTo("41,41,3");
            assertThat(rows(database, "SELECT \"boss\" FROM \"person\" ORDER BY \"id\""))
                    .isEqualTo("null,null,41,null,1");
            TargetChanges again = restore(copy, target);
            assertThat(again.created())
                    .as("a second run finds what the first made")
                    .isZero();
        }
    }

    @Test
    void rowWhoseKeyIsTakenIsLeftOutWhereThatIsAsked() throws Exception {
        DataSource database = h2();
        sql(database, PEOPLE);
        Copy copy = Copy.of(JdbcSource.of(database)).only("person", row -> true);
        sql(
                database,
                "DELETE FROM \"call\"",
                "DELETE FROM \"person\" WHERE \"id\" = 3",
                "INSERT INTO \"person\" VALUES (3, 'other', NULL, 'now')");
        TargetChanges changes = restore(
                copy,
                JdbcTarget.merge(
                        database,
                        MergePolicy.overwriteChanged().identifiedBy("created").skipTakenKeys()));
        assertThat(table(changes, "person").conflicts())
                .extracting(CollectionChanges.Conflict::key)
                .containsExactly("3");
        assertThat(query(database, "SELECT \"email\" FROM \"person\" WHERE \"id\" = 3"))
                .isEqualTo("other");
    }

    @Test
    void uniqueValueThatAnotherRowHasIsFoundBeforehand() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(database, PEOPLE);
            Copy copy = Copy.of(JdbcSource.of(database));
            sql(
                    database,
                    "DELETE FROM \"call\"",
                    "DELETE FROM \"person\" WHERE \"id\" = 3",
                    "INSERT INTO \"person\" VALUES (9, 'c', NULL, 'now')");
            assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.REPLACE))
                            .blockers())
                    .containsExactly(
                            "table person: 1 row with a value of [email] that another row has, with the key 3");
            TargetChanges changes = restore(copy, JdbcTarget.merge(database, MergePolicy.mirror()));
            assertThat(changes.deletions()).containsExactly("person: 9");
            assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
        }
    }

    @Test
    void rowsThatATriggerOfSqliteIgnoresAreNoSuccess() throws Exception {
        for (String event : List.of("INSERT", "UPDATE", "DELETE")) {
            DataSource database = sqlite(directory.resolve(event));
            sql(database, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
            Copy copy = Copy.of(JdbcSource.of(database));
            sql(
                    database,
                    "DELETE FROM t WHERE id = 1",
                    "UPDATE t SET v = 'x' WHERE id = 2",
                    "INSERT INTO t VALUES (3, 'c')",
                    "CREATE TRIGGER g BEFORE " + event + " ON t BEGIN SELECT RAISE(IGNORE); END");
            assertThatThrownBy(() -> restore(copy, JdbcTarget.merge(database, MergePolicy.mirror())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("table t: 1 row that is ")
                    .hasMessageContaining("keeps others out; nothing was changed");
            assertThat(query(database, "SELECT group_concat(id || v) FROM t")).isEqualTo("2x,3c");
        }
    }

    @Test
    void mirrorCountsWhatTheDatabaseDeletesAlong() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(
                    database,
                    "CREATE TABLE \"p\" (\"id\" INTEGER NOT NULL PRIMARY KEY)",
                    "CREATE TABLE \"q\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"p\" INT, FOREIGN KEY (\"p\") REFERENCES \"p\" (\"id\")"
                            + " ON DELETE CASCADE)",
                    "CREATE TABLE \"r\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"q\" INT, FOREIGN KEY (\"q\") REFERENCES \"q\" (\"id\")"
                            + " ON DELETE CASCADE)",
                    "INSERT INTO \"p\" VALUES (1)",
                    "INSERT INTO \"q\" VALUES (1, 1)");
            Copy copy = Copy.of(JdbcSource.of(database)).only("p", row -> true);
            sql(
                    database,
                    "INSERT INTO \"p\" VALUES (2)",
                    "INSERT INTO \"q\" VALUES (2, 2), (3, 2)",
                    "INSERT INTO \"r\" VALUES (1, 1), (2, 3)");
            TargetChanges changes = restore(copy, JdbcTarget.merge(database, MergePolicy.mirror()));
            assertThat(table(changes, "p").deleted()).isEqualTo(1);
            assertThat(table(changes, "p").cascaded()).isEqualTo(3);
        }
    }

    @Test
    void mirrorOfASelectionIsRefused() throws Exception {
        DataSource database = h2();
        sql(database, "CREATE TABLE \"t\" (\"id\" INT PRIMARY KEY)", "INSERT INTO \"t\" VALUES (1)");
        Copy copy = Copy.of(JdbcSource.of(database));
        try (TargetSession session = JdbcTarget.merge(database, MergePolicy.mirror())
                .open(copy.attributes(), copy.collections(Extent.SELECTED))) {
            assertThat(session.preview().blockers()).singleElement().asString().contains("can't be mirrored");
        }
    }

    @Test
    void countersAreAdvancedPastRestoredKeysAndNeverBack() throws Exception {
        DataSource postgres = PostgresServer.shared().newDatabase();
        execute(
                postgres,
                "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int)",
                "INSERT INTO t (v) SELECT 1 FROM generate_series(1, 5)");
        DataSource h2 = h2();
        execute(
                h2,
                "CREATE TABLE T (ID INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, V INT)",
                "INSERT INTO T (V) SELECT 1 FROM SYSTEM_RANGE(1, 5)");
        for (DataSource database : List.of(postgres, h2)) {
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(database, "DELETE FROM t WHERE id > 1", "ALTER TABLE t ALTER COLUMN id RESTART WITH 2");
            copy.restore(JdbcTarget.merge(database, OnConflict.SKIP));
            execute(database, "INSERT INTO t (v) VALUES (2)");
            assertThat(query(database, "SELECT MAX(id) FROM t")).isEqualTo("6");
            execute(database, "DELETE FROM t WHERE id > 4", "ALTER TABLE t ALTER COLUMN id RESTART WITH 100");
            copy.restore(JdbcTarget.merge(database, OnConflict.SKIP));
            execute(database, "INSERT INTO t (v) VALUES (2)");
            assertThat(query(database, "SELECT MAX(id) FROM t")).isEqualTo("100");
        }
    }

    @Test
    void aRowWithTheHighestNumberLeavesACounterNone() throws Exception {
        DataSource database = h2();
        execute(
                database,
                "CREATE TABLE T (ID TINYINT GENERATED BY DEFAULT AS IDENTITY(START WITH 125) PRIMARY KEY, V INT)",
                "INSERT INTO T VALUES (127, 1)");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(database, "DELETE FROM T");
        copy.restore(JdbcTarget.merge(database, OnConflict.SKIP));
        assertThat(query(database, "SELECT V FROM T WHERE ID = 127")).isEqualTo("1");
        assertThatThrownBy(() -> execute(database, "INSERT INTO T (V) VALUES (2)"))
                .hasMessageContaining("run out");
    }

    @Test
    void renamedWidenedAndAddedColumnsAreTakenInto() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(
                    database,
                    "CREATE TABLE \"contact\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"mail\" VARCHAR(20), \"n\" VARCHAR(9))",
                    "INSERT INTO \"contact\" VALUES (1, 'a', 'x'), (2, 'b', 'y'), (3, 'c', 'z')");
            Copy copy = Copy.of(JdbcSource.of(database));
            sql(
                    database,
                    "DROP TABLE \"contact\"",
                    "CREATE TABLE \"people\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"email\" VARCHAR(100), \"more\" INT DEFAULT 7,"
                            + " \"n\" VARCHAR(9))",
                    "INSERT INTO \"people\" VALUES (1, 'changed', 1, 'x'), (2, 'b', 2, 'changed')");
            TargetChanges changes = restore(
                    copy,
                    JdbcTarget.merge(database, OnConflict.REPLACE)
                            .tableNamed("contact", "people")
                            .column("contact", "mail", "email"));
            String select = "SELECT \"email\" FROM \"people\" ORDER BY \"id\"";
            assertThat(rows(database, select)).isEqualTo("a,b,c");
            assertThat(rows(database, select.replace("email", "more"))).isEqualTo("1,2,7");
            assertThat(changes.collections().get(0).fields()).isEqualTo(Map.of("email", 1L, "n", 1L));
        }
    }

    @Test
    void rowsThatDoNotFitIntoNarrowerColumnsAreNamedBeforehand() throws Exception {
        DataSource database = PostgresServer.shared().newDatabase();
        execute(
                database,
                "CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b bigint, c numeric(10, 3), d int, e text)",
                "INSERT INTO t VALUES (1, 'short', 1, 1.5, 1, 'x'), (2, 'much longer', 1, 1.5, 1, 'x'),"
                        + " (3, 'short', 99999, 1.5, 1, 'x'), (4, 'short', 1, 1.555, 1, 'x'), (5, 'short', 1, 1.5, NULL, 'x'),"
                        + " (6, 'äöü😀é', 32767, 99.500, 1, NULL)");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(
                database,
                "DELETE FROM t",
                "ALTER TABLE t ALTER a TYPE varchar(5), ALTER b TYPE smallint, ALTER c TYPE numeric(4, 2), ALTER d SET NOT NULL,"
                        + " DROP e");
        TargetPreview preview = copy.preview(JdbcTarget.merge(database, OnConflict.SKIP));
        assertThat(preview.blockers())
                .containsExactlyInAnyOrder(
                        "table t: 1 row with a value that doesn't fit into column a character varying(5), with the key 2",
                        "table t: 1 row with a value that doesn't fit into column b smallint, with the key 3",
                        "table t: 1 row with a value that doesn't fit into column c numeric(4,2), with the key 4",
                        "table t: 1 row with a value that doesn't fit into column d integer, with the key 5");
        assertThat(preview.notes()).contains("column t.e is not in the database any more: 5 values are not restored");
        Copy fitting =
                copy.only("t", row -> List.of("1", "6").contains(row.get(0).text()));
        restore(fitting, JdbcTarget.merge(database, OnConflict.SKIP));
        assertThat(query(database, "SELECT c FROM t ORDER BY id")).isEqualTo("1.50,99.50");
        assertThat(restore(fitting, JdbcTarget.merge(database, OnConflict.REPLACE))
                        .changed())
                .as("the same number with another scale is the same")
                .isZero();
    }

    @Test
    void typesThatCannotBeTakenOverExactlyAreRefused() throws Exception {
        DataSource database = PostgresServer.shared().newDatabase();
        execute(database, "CREATE TABLE t (id int PRIMARY KEY, a timestamp)");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(database, "ALTER TABLE t ALTER a TYPE timestamptz");
        assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.SKIP)).blockers())
                .singleElement()
                .asString()
                .contains("can't be taken over exactly");
    }

    @Test
    void columnThatMySqlSetsItselfKeepsWhatTheBackupHas() throws Exception {
        DataSource database = TestedServer.mariaDb().newDatabase();
        execute(
                database,
                "CREATE TABLE t (id int PRIMARY KEY, v int, changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE"
                        + " CURRENT_TIMESTAMP)",
                "INSERT INTO t VALUES (1, 1, '2020-01-01 00:00:00'), (2, 2, '2020-01-01 00:00:00')");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(
                database,
                "UPDATE t SET v = 9, changed = changed WHERE id = 1",
                "UPDATE t SET v = 9, changed = '2021-01-01 00:00:00' WHERE id = 2");
        restore(copy, JdbcTarget.merge(database, OnConflict.REPLACE));
        assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
    }

    @Test
    void triggersAreOffWhereThatIsAskedAndOnAgainAsTheyWere() throws Exception {
        DataSource postgres = PostgresServer.shared().newDatabase();
        execute(
                postgres,
                "CREATE TABLE t (id int PRIMARY KEY, v int)",
                "CREATE TABLE log (id int)",
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.log VALUES (NEW.id); RETURN"
                        + " NEW; END'",
                "CREATE TRIGGER one AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
                "CREATE TRIGGER two AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
                "CREATE TRIGGER three AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
                "ALTER TABLE t ENABLE ALWAYS TRIGGER two",
                "ALTER TABLE t DISABLE TRIGGER three");
        DataSource sqlite = sqlite(directory.resolve("b"));
        execute(
                sqlite,
                "CREATE TABLE t (id INTEGER PRIMARY KEY, v int)",
                "CREATE TABLE log (id int)",
                "CREATE TRIGGER one AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.id); END");
        String state = "SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1";
        String before = query(postgres, state);
        for (DataSource database : List.of(postgres, sqlite)) {
            execute(database, "INSERT INTO t VALUES (1, 1), (2, 2)");
            Copy copy = Copy.of(JdbcSource.of(database)).only("t", row -> true);
            execute(database, "DELETE FROM t WHERE id = 1", "DELETE FROM log");
            TargetPreview preview = copy.restore(
                    JdbcTarget.merge(database, MergePolicy.onlyMissing().withoutTriggers()));
            assertThat(preview.steps()).isNotEmpty();
            assertThat(query(database, "SELECT COUNT(*) FROM log")).isEqualTo("0");
            execute(database, "INSERT INTO t VALUES (3, 3)");
            assertThat(query(database, "SELECT COUNT(*) FROM log")).isEqualTo(database == postgres ? "2" : "1");
        }
        assertThat(query(postgres, state)).isEqualTo(before);
    }

    @Test
    void triggersThatCannotBeOffAreNamedAndRefused() throws Exception {
        DataSource database = TestedServer.mariaDb().newDatabase();
        execute(
                database,
                "CREATE TABLE t (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1)",
                "CREATE TRIGGER watch BEFORE INSERT ON t FOR EACH ROW SET @seen = NEW.id");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.preview(JdbcTarget.merge(
                                database, MergePolicy.onlyMissing().withoutTriggers()))
                        .blockers())
                .containsExactly("table t has triggers, which can't be off for one transaction in MariaDB: watch");
        assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.SKIP)).notes())
                .contains("triggers of table t run for each row that is written: watch");
    }

    private static final String[] CIRCLE = {
        "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL)",
        "CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL, CONSTRAINT to_a FOREIGN KEY (a) REFERENCES a (id))",
        "INSERT INTO a VALUES (1, 1)",
        "INSERT INTO b VALUES (1, 1)",
        "ALTER TABLE a ADD CONSTRAINT to_b FOREIGN KEY (b) REFERENCES b (id)",
    };

    @Test
    void circleOfMandatoryReferencesIsClosedWhereChecksCanWait() throws Exception {
        DataSource postgres = PostgresServer.shared().newDatabase();
        DataSource mariaDb = TestedServer.mariaDb().newDatabase();
        String[] deletion = {
            "ALTER TABLE a DROP CONSTRAINT to_b",
            "DELETE FROM b",
            "DELETE FROM a",
            "ALTER TABLE a ADD CONSTRAINT to_b FOREIGN KEY (b) REFERENCES b (id)"
        };
        for (DataSource database : List.of(postgres, mariaDb)) {
            execute(database, CIRCLE);
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(database, deletion);
            Map<String, Copy.Part> empty = Copy.of(JdbcSource.of(database)).parts();
            TargetPreview preview = copy.restore(JdbcTarget.merge(database, OnConflict.FAIL));
            assertThat(preview.steps()).isNotEmpty();
            assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
            assertThat(copy.parts().get("a").schema()).isEqualTo(empty.get("a").schema());
            assertThatThrownBy(() -> execute(database, "INSERT INTO a VALUES (2, 2)"))
                    .as("references are checked again")
                    .isInstanceOf(SQLException.class);
        }
        assertThat(query(postgres, "SELECT condeferrable::text FROM pg_constraint WHERE contype = 'f'"))
                .isEqualTo("false,false");
    }

    @Test
    void databaseThatChangedSinceThePreviewIsNotTouched() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(
                    database,
                    "CREATE TABLE \"t\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"v\" INT)",
                    "INSERT INTO \"t\" VALUES (1, 1), (2, 2)");
            Copy copy = Copy.of(JdbcSource.of(database));
            sql(database, "DELETE FROM \"t\" WHERE \"id\" = 1");
            var collections = copy.collections(Extent.WHOLE);
            try (TargetSession session =
                    JdbcTarget.merge(database, MergePolicy.mirror()).open(copy.attributes(), collections)) {
                assertThat(session.preview().changes().orElseThrow().deleted()).isZero();
                sql(database, "INSERT INTO \"t\" VALUES (3, 3)");
                session.begin();
                session.write(collections.get(0));
                assertThatThrownBy(session::finish)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("1 rows would be deleted, announced were 0");
            }
            assertThat(rows(database, "SELECT \"id\" FROM \"t\" ORDER BY \"id\""))
                    .isEqualTo("2,3");
        }
    }
}
