package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Merges.databases;
import static io.crmbackup.jdbc.Merges.restore;
import static io.crmbackup.jdbc.Merges.rows;
import static io.crmbackup.jdbc.Merges.sql;
import static io.crmbackup.jdbc.Merges.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.testservers.PostgresServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of the backup and of the database that want the same: a key, a unique value, a parent, a place. */
class MergeCollisionsTest {
    @TempDir
    private Path directory;

    @Test
    void mirrorKeepsRowsWhoseKeyIsSpelledOtherwiseNow() throws Exception {
        DataSource database = TestedServer.mariaDb().newDatabase();
        execute(
                database,
                "CREATE TABLE t (code varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY, v int)",
                "INSERT INTO t VALUES ('abc', 1), ('def', 2)");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(database, "UPDATE t SET code = 'ABC', v = 5 WHERE code = 'abc'", "INSERT INTO t VALUES ('new', 3)");
        TargetChanges changes = restore(copy, JdbcTarget.merge(database, MergePolicy.mirror()));
        assertThat(query(database, "SELECT CONCAT(LOWER(code), v) FROM t ORDER BY code"))
                .isEqualTo("abc1,def2");
        assertThat(changes.deletions()).containsExactly("t: new");
    }

    @Test
    void mirrorKeepsRowsInTheWayOfOthersWhoseKeyIsSpelledOtherwiseNow() throws Exception {
        DataSource database = TestedServer.mariaDb().newDatabase();
        StringBuilder rows = new StringBuilder("INSERT INTO t VALUES ('k100', 100)");
        for (int i = 101; i < 400; i++) {
            rows.append(", ('k").append(i).append("', ").append(i).append(')');
        }
        execute(
                database,
                "CREATE TABLE t (code varchar(20) COLLATE utf8mb4_general_ci PRIMARY KEY, v int UNIQUE)",
                "CREATE TABLE u (id int PRIMARY KEY, code varchar(20) COLLATE utf8mb4_general_ci,"
                        + " FOREIGN KEY (code) REFERENCES t (code) ON DELETE CASCADE)",
                rows.toString());
        Copy copy = Copy.of(JdbcSource.of(database)).only("t", row -> true);
        execute(
                database,
                "UPDATE t SET v = 0 WHERE code = 'k100'",
                "UPDATE t SET code = 'K399', v = 100 WHERE code = 'k399'",
                "INSERT INTO u VALUES (1, 'k399')");
        TargetChanges changes = restore(copy, JdbcTarget.merge(database, MergePolicy.mirror()));
        assertThat(query(database, "SELECT v FROM t WHERE code IN ('k100', 'k399') ORDER BY v"))
                .isEqualTo("100,399");
        assertThat(query(database, "SELECT id FROM u")).isEqualTo("1");
        assertThat(changes.deleted()).isZero();
    }

    @Test
    void anotherRestoredRowIsNotTakenForTheOneThatNeedsANewKey() throws Exception {
        for (DataSource database : databases(directory)) {
            execute(
                    database,
                    "CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20), created VARCHAR(20))",
                    "CREATE TABLE c (id INTEGER NOT NULL PRIMARY KEY, p INTEGER NOT NULL, FOREIGN KEY (p) REFERENCES p (id))",
                    "INSERT INTO p VALUES (1, 'Ada', 'then'), (2, 'Bob', 'then')",
                    "INSERT INTO c VALUES (1, 1), (2, 2)");
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(
                    database,
                    "DELETE FROM c",
                    "DELETE FROM p WHERE id = 2",
                    "INSERT INTO p VALUES (2, 'Other', 'now')");
            boolean capitals = copy.parts().containsKey("P");
            MergePolicy policy = MergePolicy.onlyMissing().identifiedBy(capitals ? "CREATED" : "created");
            JdbcTarget target =
                    JdbcTarget.merge(database, OnConflict.SKIP).table(capitals ? "P" : "p", policy.newKeysForTaken());
            restore(copy, target);
            assertThat(restore(copy, target).created()).isZero();
            assertThat(query(database, "SELECT p.name FROM c, p WHERE c.p = p.id ORDER BY c.id"))
                    .isEqualTo("Ada,Bob");
        }
    }

    @Test
    void moreNewKeysThanOneRestoreGivesAreFoundBeforehand() throws Exception {
        DataSource database = h2();
        String fill = "INSERT INTO t SELECT x, '%s' FROM SYSTEM_RANGE(1, 100002)";
        execute(database, "CREATE TABLE t (id INTEGER PRIMARY KEY, created VARCHAR(20))", fill.formatted("then"));
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(database, "DELETE FROM t", fill.formatted("now"));
        MergePolicy policy = MergePolicy.onlyMissing().identifiedBy("CREATED");
        assertThat(copy.preview(JdbcTarget.merge(database, policy.newKeysForTaken()))
                        .blockers())
                .containsExactly(
                        "table T: 100002 rows with a key that another record has; one restore gives new keys to 100000"
                                + " rows of a table at most, so select fewer, or leave such rows out with skipTakenKeys()");
    }

    @Test
    void rowsThatExchangedUniqueValuesGetThemBack() throws Exception {
        // So many that those that exchange values are looked at apart from one another.
        String others =
                IntStream.range(10, 900).mapToObj(i -> "(" + i + ", NULL, 0)").collect(Collectors.joining(", "));
        for (DataSource database : databases(directory)) {
            execute(
                    database,
                    "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(20) UNIQUE, v INTEGER)",
                    "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4000, NULL, 4), (5000, 'e', 5)",
                    "INSERT INTO t VALUES " + others);
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(
                    database,
                    "UPDATE t SET email = NULL WHERE id < 10 OR id > 999",
                    "UPDATE t SET email = 'b' WHERE id = 1",
                    "UPDATE t SET email = 'c' WHERE id = 2",
                    "DELETE FROM t WHERE id = 3",
                    "UPDATE t SET email = 'a' WHERE id = 4000",
                    "INSERT INTO t VALUES (9000, 'later', 9)");
            TargetChanges changes = restore(copy, JdbcTarget.merge(database, OnConflict.REPLACE));
            assertThat(query(database, "SELECT email FROM t WHERE id < 10 OR id > 999 ORDER BY id"))
                    .isEqualTo("a,b,c,null,e,later");
            assertThat(changes.changed()).isEqualTo(4);
            assertThat(changes.collections().get(0).fields())
                    .isEqualTo(Map.of("email".equals(column(copy)) ? "email" : "EMAIL", 4L));
        }
    }

    private static String column(Copy copy) {
        return copy.parts().values().iterator().next().schema().fields().get(1).name();
    }

    @Test
    void uniqueValuesThatCannotBeExchangedAreFoundBeforehand() throws Exception {
        for (DataSource database : databases(directory)) {
            execute(
                    database,
                    "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(20) NOT NULL UNIQUE)",
                    "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(
                    database,
                    "UPDATE t SET email = 'x' WHERE id = 1",
                    "UPDATE t SET email = 'a' WHERE id = 2",
                    "UPDATE t SET email = 'b' WHERE id = 1");
            assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.REPLACE))
                            .blockers())
                    .singleElement()
                    .asString()
                    .containsIgnoringCase("with a value of [email] that another row has");
        }
    }

    @Test
    void uniqueValueOfARowThatStaysBecauseItIsNewerIsFoundBeforehand() throws Exception {
        for (DataSource database : databases(directory)) {
            execute(
                    database,
                    "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(20) UNIQUE, version INTEGER)",
                    "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 1)");
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(
                    database,
                    "UPDATE t SET email = 'x' WHERE id = 1",
                    "UPDATE t SET email = 'a', version = 2 WHERE id = 2");
            String version = column(copy).equals("EMAIL") ? "VERSION" : "version";
            assertThat(copy.preview(JdbcTarget.merge(database, MergePolicy.keepNewer(version)))
                            .blockers())
                    .singleElement()
                    .asString()
                    .contains("that another row has, with the key 1");
        }
    }

    @Test
    void columnWithoutDefaultThatCameSinceIsFoundBeforehandIfRowsHaveToBeInserted() throws Exception {
        for (DataSource database : databases(directory)) {
            execute(
                    database,
                    "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, v INTEGER)",
                    "INSERT INTO t VALUES (1, 1), (2, 2)");
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(
                    database,
                    "DROP TABLE t",
                    "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, v INTEGER, kind INTEGER NOT NULL, more INTEGER DEFAULT 5 NOT NULL)",
                    "INSERT INTO t VALUES (1, 9, 7, 7)");
            assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.REPLACE))
                            .blockers())
                    .as(database.toString())
                    .singleElement()
                    .asString()
                    .containsIgnoringCase("column kind, which came since, needs a value and has no default")
                    .endsWith("with the key 2");
            String table = copy.parts().keySet().iterator().next();
            restore(
                    copy.only(table, row -> row.get(0).text().equals("1")),
                    JdbcTarget.merge(database, OnConflict.REPLACE));
            assertThat(query(database, "SELECT v FROM t")).isEqualTo("1");
        }
    }

    @Test
    void surplusRowThatOthersReferToIsFoundBeforehand() throws Exception {
        for (DataSource database : databases(directory)) {
            execute(
                    database,
                    "CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY)",
                    "CREATE TABLE c (id INTEGER NOT NULL PRIMARY KEY, p INTEGER, FOREIGN KEY (p) REFERENCES p (id))",
                    "INSERT INTO p VALUES (1)");
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(database, "INSERT INTO p VALUES (2), (3)", "INSERT INTO c VALUES (1, 2)");
            String table = copy.parts().keySet().stream()
                    .filter("p"::equalsIgnoreCase)
                    .findFirst()
                    .orElseThrow();
            JdbcTarget mirror = JdbcTarget.merge(database, MergePolicy.mirror());
            assertThat(copy.only(table, row -> true).preview(mirror).blockers())
                    .singleElement()
                    .asString()
                    .endsWith("1 row that would be deleted is referred to by rows that stay, with the key 2");
            restore(copy, mirror);
            assertThat(query(database, "SELECT COUNT(*) FROM p")).isEqualTo("1");
        }
    }

    private static final Map<String, List<Reference>> TOLD = Map.of(
            "remark", List.of(new Reference("", List.of("about"), "person", List.of("id"), Map.of("kind", "Person"))));

    /** Remarks of persons, as only the application knows; persons go with their firms. */
    private static final String[] REMARKS = {
        "CREATE TABLE \"firm\" (\"id\" INTEGER NOT NULL PRIMARY KEY)",
        "CREATE TABLE \"person\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"firm\" INTEGER, FOREIGN KEY (\"firm\") REFERENCES"
                + " \"firm\" (\"id\") ON DELETE CASCADE)",
        "CREATE TABLE \"remark\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"kind\" VARCHAR(10), \"about\" INTEGER)",
        "INSERT INTO \"firm\" VALUES (1)",
        "INSERT INTO \"person\" VALUES (1, 1)",
    };

    @Test
    void surplusRowThatOnlyTheApplicationKnowsToBeReferredToIsFoundBeforehand() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(database, REMARKS);
            Copy copy = Copy.of(JdbcSource.of(database));
            sql(
                    database,
                    "INSERT INTO \"firm\" VALUES (2), (3)",
                    "INSERT INTO \"person\" VALUES (20, 2), (30, 3), (40, 1)",
                    "INSERT INTO \"remark\" VALUES (1, 'Person', 20), (2, 'Firm', 30)");
            JdbcTarget mirror = JdbcTarget.merge(database, MergePolicy.mirror());
            assertThat(told(copy, "person").preview(mirror).blockers())
                    .containsExactly(
                            "table person: 1 row that would be deleted is referred to by rows that stay, with the key 20");
            assertThat(told(copy, "firm").preview(mirror).blockers())
                    .as("rows that go along are looked at too")
                    .containsExactly(
                            "table firm: 1 row that would be deleted is referred to by rows that stay, with the key 2");
            TargetChanges changes = restore(told(copy, "firm", "person", "remark"), mirror);
            assertThat(table(changes, "person").deleted()).isEqualTo(3);
            assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
        }
    }

    @Test
    void rowThatIsOverwrittenHoldsNoSurplusRowAndOneThatMayStayDoes() throws Exception {
        DataSource database = h2();
        sql(database, REMARKS);
        sql(database, "INSERT INTO \"remark\" VALUES (1, 'Person', 1)");
        Copy copy = Copy.of(JdbcSource.of(database));
        sql(database, "INSERT INTO \"person\" VALUES (20, NULL)", "UPDATE \"remark\" SET \"about\" = 20");
        JdbcTarget mirror =
                JdbcTarget.merge(database, MergePolicy.onlyMissing()).table("person", MergePolicy.mirror());
        Copy both = told(copy, "person", "remark");
        assertThat(both.preview(mirror).blockers()).hasSize(1);
        assertThat(both.preview(mirror.table("remark", MergePolicy.keepNewer("id")))
                        .blockers())
                .hasSize(1);
        restore(both, mirror.table("remark", MergePolicy.overwriteChanged()));
        assertThat(rows(database, "SELECT \"about\" FROM \"remark\"")).isEqualTo("1");
        assertThat(rows(database, "SELECT COUNT(*) FROM \"person\"")).isEqualTo("1");
    }

    private static Copy told(Copy copy, String... tables) {
        Map<String, Copy.Part> some = new LinkedHashMap<>();
        for (String table : tables) {
            some.put(table, copy.parts().get(table));
        }
        return new Copy(copy.attributes(), some, TOLD);
    }

    @Test
    void manySurplusRowsThatReferToEachOtherAreDeleted() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(
                    database,
                    "CREATE TABLE \"t\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"next\" INTEGER REFERENCES \"t\" (\"id\"))",
                    "INSERT INTO \"t\" VALUES (1, NULL)");
            Copy copy = Copy.of(JdbcSource.of(database));
            // Keys are gone through upwards, and the first are referred to by the last.
            sql(
                    database,
                    "INSERT INTO \"t\" VALUES "
                            + IntStream.range(2, 400)
                                    .mapToObj(id -> "(" + id + ", " + (id - 1) + ")")
                                    .collect(Collectors.joining(", ")));
            restore(copy, JdbcTarget.merge(database, MergePolicy.mirror()));
            assertThat(rows(database, "SELECT \"id\" FROM \"t\"")).isEqualTo("1");
        }
    }

    @Test
    void uniqueNullsOfPostgresAreFoundBeforehand() throws Exception {
        DataSource database = PostgresServer.shared().newDatabase();
        execute(
                database,
                "CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE NULLS NOT DISTINCT (a, b))",
                "CREATE TABLE u (id int PRIMARY KEY, a int UNIQUE NULLS NOT DISTINCT)",
                "INSERT INTO t VALUES (1, 5, NULL), (2, NULL, 6), (3, 7, 7)",
                "INSERT INTO u VALUES (1, NULL), (2, 1)");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(
                database,
                "DELETE FROM t",
                "DELETE FROM u",
                "INSERT INTO t VALUES (8, 5, NULL), (9, NULL, 8)",
                "INSERT INTO u VALUES (8, NULL)");
        assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.SKIP)).blockers())
                .containsExactlyInAnyOrder(
                        "table t: 1 row with a value of [a, b] that another row has, with the key 1",
                        "table u: 1 row with a value of [a] that another row has, with the key 1");
        restore(copy, JdbcTarget.merge(database, MergePolicy.mirror()));
        assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
    }

    @Test
    void valuesOfPostgresAreNotExchangedWhereNullsCollide() throws Exception {
        DataSource database = PostgresServer.shared().newDatabase();
        execute(
                database,
                "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE NULLS NOT DISTINCT)",
                "INSERT INTO t VALUES (1, 1), (2, 2)");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(
                database,
                "UPDATE t SET a = 3 WHERE id = 1",
                "UPDATE t SET a = 1 WHERE id = 2",
                "UPDATE t SET a = 2 WHERE id = 1");
        assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.REPLACE)).blockers())
                .containsExactly("table t: 2 rows with a value of [a] that another row has, with the key 1; 2");
    }

    @Test
    void surplusRowThatIsInTheWayOfAnotherIsHeldToo() throws Exception {
        DataSource database = h2();
        sql(database, REMARKS);
        sql(database, "ALTER TABLE \"person\" ADD \"mail\" VARCHAR(9) UNIQUE", "UPDATE \"person\" SET \"mail\" = 'a'");
        Copy copy = Copy.of(JdbcSource.of(database));
        sql(
                database,
                "DELETE FROM \"person\"",
                "INSERT INTO \"person\" VALUES (9, 1, 'a')",
                "INSERT INTO \"remark\" VALUES (1, 'Person', 9)");
        JdbcTarget mirror = JdbcTarget.merge(database, MergePolicy.mirror());
        assertThat(told(copy, "person").preview(mirror).blockers())
                .singleElement()
                .asString()
                .contains("with the key 9");
        sql(database, "DELETE FROM \"remark\"");
        restore(told(copy, "person"), mirror);
        assertThat(rows(database, "SELECT \"id\" FROM \"person\"")).isEqualTo("1");
    }

    @Test
    void numbersThatNeedDoublePrecisionAreFoundBeforehand() throws Exception {
        DataSource postgres = PostgresServer.shared().newDatabase();
        DataSource mariaDb = TestedServer.mariaDb().newDatabase();
        for (DataSource database : List.of(postgres, mariaDb)) {
            execute(
                    database,
                    "CREATE TABLE t (id int PRIMARY KEY, a double precision)",
                    "INSERT INTO t VALUES (1, 0.1), (2, 0.123456789012), (3, 16777217), (4, 1e300), (5, -2.5e-3), (6, 16777216),"
                            + " (7, 1e-300), (8, 0), (9, NULL)");
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(
                    database,
                    "DELETE FROM t",
                    database == postgres ? "ALTER TABLE t ALTER a TYPE real" : "ALTER TABLE t MODIFY a float");
            assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.SKIP)).blockers())
                    .singleElement()
                    .asString()
                    .contains("4 rows with a value that doesn't fit into column a", "with the key 2; 3; 4; 7");
            restore(
                    copy.only(
                            "t",
                            row -> !List.of("2", "3", "4", "7")
                                    .contains(row.get(0).text())),
                    JdbcTarget.merge(database, OnConflict.SKIP));
            assertThat(query(database, "SELECT id FROM t ORDER BY id")).isEqualTo("1,5,6,8,9");
        }
    }

    @Test
    void newerRowsAreToldByTimes() throws Exception {
        DataSource postgres = PostgresServer.shared().newDatabase();
        execute(
                postgres,
                "CREATE TABLE a (id int PRIMARY KEY, v int, changed timestamptz)",
                "CREATE TABLE b (id int PRIMARY KEY, v int, changed timestamp)",
                "SET timezone = 'America/New_York'; INSERT INTO a SELECT i, 0, t::timestamptz FROM "
                        + TIMES.formatted("+00"),
                "INSERT INTO b SELECT i, 0, t::timestamp FROM " + TIMES.formatted(""));
        DataSource mariaDb = TestedServer.mariaDb().newDatabase();
        execute(
                mariaDb,
                "CREATE TABLE a (id int PRIMARY KEY, v int, changed timestamp(6) NULL ON UPDATE CURRENT_TIMESTAMP(6))",
                "CREATE TABLE b (id int PRIMARY KEY, v int, changed datetime(6))");
        for (String table : List.of("a", "b")) {
            execute(
                    mariaDb,
                    "INSERT INTO " + table + " VALUES (1, 0, '2024-03-01 09:59:59'), (2, 0, '2024-03-01 10:00:00'),"
                            + " (3, 0, '2024-03-01 10:00:00.000001'), (4, 0, NULL), (5, 0, '2024-03-02 00:00:00')");
        }
        for (DataSource database : List.of(postgres, mariaDb)) {
            Copy copy = Copy.of(JdbcSource.of(database));
            String zone = database == postgres ? "+00" : "";
            execute(
                    database,
                    "UPDATE a SET v = 1, changed = '2024-03-01 10:00:00" + zone + "'",
                    "UPDATE b SET v = 1, changed = '2024-03-01 10:00:00'");
            restore(copy, JdbcTarget.merge(database, MergePolicy.keepNewer("changed")));
            for (String table : List.of("a", "b")) {
                // The backup's rows that are not older come back: the same moment, a microsecond more, a day more.
                assertThat(query(database, "SELECT v FROM " + table + " ORDER BY id"))
                        .isEqualTo("1,0,0,1,0");
            }
        }
    }

    private static final String TIMES = "(VALUES (1, '2024-03-01 09:59:59%1$s'), (2, '2024-03-01 10:00:00%1$s'),"
            + " (3, '2024-03-01 10:00:00.000001%1$s'), (4, NULL), (5, 'infinity')) AS x (i, t)";

    @Test
    void fractionsOfSecondsThatAColumnNoLongerTakesAreFoundBeforehand() throws Exception {
        DataSource postgres = PostgresServer.shared().newDatabase();
        DataSource mariaDb = TestedServer.mariaDb().newDatabase();
        execute(postgres, "CREATE TABLE t (id int PRIMARY KEY, a timestamp)");
        execute(mariaDb, "CREATE TABLE t (id int PRIMARY KEY, a datetime(6))");
        for (DataSource database : List.of(postgres, mariaDb)) {
            execute(database, "INSERT INTO t VALUES (1, '2024-03-01 10:00:00.123'), (2, '2024-03-01 10:00:00')");
            Copy copy = Copy.of(JdbcSource.of(database));
            execute(
                    database,
                    "DELETE FROM t",
                    database == postgres
                            ? "ALTER TABLE t ALTER a TYPE timestamp(0)"
                            : "ALTER TABLE t MODIFY a datetime");
            assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.SKIP)).blockers())
                    .singleElement()
                    .asString()
                    .contains("with a value that doesn't fit into column a", "with the key 1");
        }
    }
}
