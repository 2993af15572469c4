package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.derby;
import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.hsqldb;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.spi.TargetPreview;
import io.crmbackup.testservers.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of other products in MariaDB, and MariaDB's in others. */
class MariaDbTranslationTest {
    @TempDir
    private Path directory;

    private final DataSource h2 = h2();
    private final TestDatabase mariaDb = TestedServer.mariaDb().newDatabase();

    private String product() throws Exception {
        return query(mariaDb, "SELECT IF(VERSION() LIKE '%MariaDB%', 'MariaDB', 'MySQL')");
    }

    private static String columns(int count, String type) {
        return IntStream.range(0, count).mapToObj(i -> "C" + i + " " + type).collect(Collectors.joining(", "));
    }

    /** Until MySQL 5.6 a key takes 767 bytes of a column. */
    private static void assumeLongKeys() throws Exception {
        assumeTrue(
                TestedServer.mariaDb().database("mysql").number("SELECT VERSION() LIKE '5.6.%'") == 0,
                "its keys are too long for MySQL 5.6");
    }

    @Test
    void columnsThatWouldMakeRowsTooLongLieOutsideOfThem() throws Exception {
        assumeLongKeys();
        execute(
                h2,
                "CREATE TABLE WIDE(ID INT PRIMARY KEY, SEEN VARCHAR(700) UNIQUE, " + columns(40, "VARCHAR(700)") + ")",
                "INSERT INTO WIDE(ID, C0, C39) VALUES(1, 'é', REPEAT('x', 700))");
        TargetPreview preview = Copy.of(JdbcSource.of(h2)).restore(JdbcTarget.empty(mariaDb));
        assertThat(preview.notes())
                .anyMatch(note -> note.endsWith(
                        "(CHARACTER VARYING(700)) lies outside of rows, which would be too long with it (longtext)"));
        assertThat(query(mariaDb, "SELECT CHAR_LENGTH(C39) FROM WIDE WHERE C0 = 'é'"))
                .isEqualTo("700");
        assertThat(mariaDb.number("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND DATA_TYPE = 'varchar' AND COLUMN_NAME IN ('SEEN', 'C39')"))
                .isPositive();
    }

    @Test
    void textThatIsLongerWhereCharactersHaveSixteenBitsIsNamedBeforeAnythingHappens() throws Exception {
        mariaDb.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v varchar(3), c char(3)) DEFAULT CHARSET=utf8mb4",
                "INSERT INTO t VALUES (1, '🎉🎉🎉', 'a🎉'), (2, 'aä€', '🎉🎉'), (3, '🎉a', 'abc')");
        Copy copy = Copy.of(JdbcSource.of(mariaDb));
        Copy fitting = copy.only("t", row -> "3".equals(row.get(0).text()));
        for (DataSource target : List.of(h2, hsqldb("locks"), derby())) {
            assertThat(copy.preview(JdbcTarget.empty(target)).blockers())
                    .hasSize(2)
                    .anyMatch(blocker -> blocker.startsWith("t.v: 1 value has no equal in "))
                    .anyMatch(blocker -> blocker.startsWith("t.c: 1 value has no equal in "));
            fitting.restore(JdbcTarget.empty(target));
            assertThat(query(target, "SELECT \"v\" FROM \"t\"")).isEqualTo("🎉a");
        }
    }

    @Test
    void longTextThatATargetCantHoldIsNamedBeforeAnythingHappens() throws Exception {
        mariaDb.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v varchar(3000), l longtext) DEFAULT CHARSET=utf8mb4",
                "INSERT INTO t VALUES (1, REPEAT('🎉', 1501), 'x'), (2, REPEAT('🎉', 1500), REPEAT('ä', 9000)),"
                        + " (3, 'x', CONCAT(REPEAT('x', 9000), CHAR(0 USING utf8mb4), 'x'))");
        Copy copy = Copy.of(JdbcSource.of(mariaDb));
        DataSource postgres = TestedServer.postgres().newDatabase();
        assertThat(copy.preview(JdbcTarget.empty(h2)).blockers())
                .containsExactly("t.v: 1 value has no equal in H2, in id 1");
        assertThat(copy.preview(JdbcTarget.empty(postgres)).blockers())
                .containsExactly("t.l: 1 value has no equal in PostgreSQL, in id 3");
        copy.only("t", row -> !"1".equals(row.get(0).text())).restore(JdbcTarget.empty(h2));
        copy.restore(JdbcTarget.empty(postgres).nullWithoutEqual());
        assertThat(query(h2, "SELECT SUM(LENGTH(\"v\")) FROM \"t\"")).isEqualTo("3001");
        assertThat(query(postgres, "SELECT string_agg(coalesce(length(l)::text, '-'), ',' ORDER BY id) FROM t"))
                .isEqualTo("1,9000,-");
    }

    @Test
    void tablesThatInnoDbCantHaveAreNamedBeforeAnythingHappens() throws Exception {
        execute(
                h2,
                "CREATE TABLE LONG_ONE(ID INT PRIMARY KEY, " + columns(210, "CLOB") + ")",
                "CREATE TABLE MANY(ID INT PRIMARY KEY, " + columns(1017, "INT") + ")",
                "CREATE TABLE FINE(ID INT PRIMARY KEY)");
        TargetPreview preview = Copy.of(JdbcSource.of(h2)).preview(JdbcTarget.empty(mariaDb));
        String product = product();
        assertThat(preview.blockers())
                .hasSize(2)
                .anyMatch(blocker -> blocker.startsWith("table LONG_ONE has rows of which up to ")
                        && blocker.endsWith(" bytes would lie in a page, and there can be 8126 in " + product))
                .contains("table MANY has 1018 columns, and there can be 1017 in " + product);
        assertThat(mariaDb.number("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"))
                .isZero();
    }

    /** Of long values in the key by which rows are sorted, no part can lie outside of the page. */
    @Test
    void rowsThatAreSortedByAUniqueKeyAreAsLongAsThoseOfAPrimaryOne() throws Exception {
        assumeLongKeys();
        String keys = "A VARCHAR(255) NOT NULL, B VARCHAR(255) NOT NULL, D VARCHAR(255) NOT NULL";
        for (String key : List.of("UNIQUE(A, B, D)", "PRIMARY KEY(A, B, D)")) {
            execute(
                    h2,
                    "DROP TABLE IF EXISTS KEYED",
                    "CREATE TABLE KEYED(" + keys + ", " + columns(130, "CLOB") + ", " + key + ")");
            TargetPreview preview = Copy.of(JdbcSource.of(h2)).preview(JdbcTarget.empty(mariaDb));
            assertThat(preview.blockers())
                    .as(key)
                    .singleElement()
                    .asString()
                    .startsWith("table KEYED has rows of which up to ");
        }
        execute(h2, "DROP TABLE KEYED", "CREATE TABLE KEYED(" + keys + ", " + columns(130, "CLOB") + ", UNIQUE(A))");
        assertThat(Copy.of(JdbcSource.of(h2)).restore(JdbcTarget.empty(mariaDb)).blockers())
                .isEmpty();
    }

    @Test
    void literalDefaultsMeanTheSameElsewhere() throws Exception {
        // Text of any length has no literal default in MySQL.
        String text = product().equals("MySQL") ? "varchar(900)" : "text";
        mariaDb.execute(
                "CREATE TABLE d (id int PRIMARY KEY, a double(24,8) DEFAULT 0.00000000, b double DEFAULT -1.5e-7, c float DEFAULT 1.25,"
                        + " e decimal(12,4) DEFAULT -12.5000, f tinyint(1) DEFAULT 1, g varchar(9) DEFAULT 'it''s', h "
                        + text + " DEFAULT 'x',"
                        + " i date DEFAULT '2024-02-29', j enum('a','b') DEFAULT 'b', k bigint unsigned DEFAULT 18446744073709551615,"
                        + " l datetime DEFAULT '2024-02-29 01:02:03', m char(3) DEFAULT '', n year DEFAULT 2024)");
        Copy copy = Copy.of(JdbcSource.of(mariaDb));
        mariaDb.execute("INSERT INTO d (id) VALUES (1)");
        Copy.Part expected = Copy.of(JdbcSource.of(mariaDb)).parts().get("d");
        assertThat(expected.rows().get(0)).noneMatch(value -> value.isNull());
        for (DataSource target : List.of(
                TestedServer.postgres().newDatabase(),
                h2,
                sqlite(directory.resolve("d")),
                TestedServer.mariaDb().newDatabase())) {
            TargetPreview preview = copy.restore(JdbcTarget.empty(target));
            assertThat(preview.notes()).noneMatch(note -> note.contains("default"));
            execute(
                    target,
                    "INSERT INTO \"d\" (\"id\") VALUES (1)".replace("\"", target instanceof TestDatabase ? "" : "\""));
            TestDatabase back = TestedServer.mariaDb().newDatabase();
            Copy.of(JdbcSource.of(target)).restore(JdbcTarget.empty(back));
            assertThat(query(back, "SELECT CONCAT_WS('|', a, b, c, e, f, g, h, i, j, k, l, CONCAT(m, '.'), n) FROM d"))
                    .isIn(
                            "0|-0.00000015|1.25|-12.5000|1|it's|x|2024-02-29|b|18446744073709551615|2024-02-29 01:02:03.000000|.|2024",
                            "0.00000000|-0.00000015|1.25|-12.5000|1|it's|x|2024-02-29|b|18446744073709551615|2024-02-29 01:02:03|.|2024");
        }
    }
}
