package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever MariaDB can have in a schema, through capture and restore. */
class MariaDbSchemaTest {
    private static final MariaDbServer SERVER = TestedServer.mariaDb();

    /** What only stores rows. */
    private static final String[] TABLES = {
        "ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german2_ci COMMENT 'it''s \"`\\\\'",
        "CREATE SEQUENCE s START WITH 100 MINVALUE -5 MAXVALUE 1000 INCREMENT BY 7 CACHE 3 CYCLE",
        "CREATE SEQUENCE used_up MAXVALUE 2",
        "CREATE SEQUENCE down INCREMENT -3 NOCACHE",
        "DO NEXTVAL(s), NEXTVAL(used_up), NEXTVAL(used_up), NEXTVAL(down)",
        "CREATE TABLE defaults (id INT DEFAULT nextval(s) PRIMARY KEY, v INT INVISIBLE DEFAULT 3, g INT AS (v + 1) VIRTUAL,"
                + " h INT AS (v * 2) PERSISTENT, CHECK (v < 10), CONSTRAINT c CHECK (h < 20)) COMMENT 'it''s'",
        "CREATE TABLE versioned (a INT PRIMARY KEY, b TEXT) WITH SYSTEM VERSIONING",
        "CREATE TABLE versioned_parts (a INT PRIMARY KEY, b INT WITHOUT SYSTEM VERSIONING, rs TIMESTAMP(6) GENERATED ALWAYS AS ROW START,"
                + " re TIMESTAMP(6) GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME(rs, re)) WITH SYSTEM VERSIONING"
                + " PARTITION BY SYSTEM_TIME (PARTITION p0 HISTORY, PARTITION p1 CURRENT)",
        "CREATE TABLE period (id INT, f DATE, t DATE, PERIOD FOR app(f, t), UNIQUE(id, app WITHOUT OVERLAPS))",
        "CREATE TABLE indexes (a INT, b VARCHAR(200) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin, c TEXT CHARACTER SET latin1,"
                + " g GEOMETRY NOT NULL, p POINT REF_SYSTEM_ID=4326, FULLTEXT(c), SPATIAL(g), KEY(b(10) DESC, a), KEY skipped(a) IGNORED)"
                + " ENGINE=Aria ROW_FORMAT=PAGE TRANSACTIONAL=1",
        "CREATE TABLE hashed (c TEXT, UNIQUE KEY long_one(c))",
        "CREATE TABLE parts (id INT AUTO_INCREMENT, y INT, PRIMARY KEY(id, y)) ROW_FORMAT=DYNAMIC PARTITION BY RANGE(y)"
                + " SUBPARTITION BY HASH(id) SUBPARTITIONS 2"
                + " (PARTITION a VALUES LESS THAN (2000) COMMENT='x', PARTITION b VALUES LESS THAN MAXVALUE)",
        "CREATE TABLE lists (id INT, c VARCHAR(5)) PARTITION BY LIST COLUMNS(c)"
                + " (PARTITION a VALUES IN ('x', '(y'), PARTITION d DEFAULT)",
        "CREATE TABLE keyed (id INT PRIMARY KEY) PARTITION BY KEY(id) PARTITIONS 3",
        "CREATE TABLE types (u UUID, i INET6, j INET4, e ENUM('a,', 'b'')') DEFAULT 'a,', s SET('x', 'y'), y YEAR,"
                + " js JSON CHECK (json_length(js) > 0), vc VARCHAR(10) COMPRESSED, z INT ZEROFILL,"
                + " ts TIMESTAMP(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),"
                + " ex VARCHAR(40) DEFAULT (concat('a', uuid())), bi BIT(3) DEFAULT b'101', bl BLOB DEFAULT x'00ff',"
                + " dd DATETIME DEFAULT '2000-01-01 00:00:00') PAGE_COMPRESSED=1",
        "CREATE TABLE chicken (id INT AUTO_INCREMENT PRIMARY KEY, egg INT NOT NULL)",
        "CREATE TABLE egg (id INT PRIMARY KEY, chicken INT NOT NULL, parent INT, FOREIGN KEY (chicken) REFERENCES chicken(id) ON UPDATE CASCADE,"
                + " CONSTRAINT `f,(` FOREIGN KEY (parent) REFERENCES egg(id) ON DELETE SET NULL)",
        "ALTER TABLE chicken ADD FOREIGN KEY (egg) REFERENCES egg(id)",
        "CREATE TABLE `select ``x``.é` (`from` INT COMMENT 'é''\\\\', `a.b` TEXT CHARACTER SET utf8mb4 DEFAULT 'é')",
        "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0, check_constraint_checks = 0",
        "INSERT INTO chicken VALUES (0, 1), (7, 1)",
        "INSERT INTO egg VALUES (1, 0, 1)",
        "INSERT INTO defaults (id, v) VALUES (1, 4), (2, 99)",
        "INSERT INTO versioned VALUES (1, 'old'), (2, 'gone')",
        "UPDATE versioned SET b = 'new' WHERE a = 1",
        "DELETE FROM versioned WHERE a = 2",
        "INSERT INTO versioned_parts (a, b) VALUES (1, 1), (2, 2)",
        "UPDATE versioned_parts SET a = 3 WHERE a = 2",
        "INSERT INTO period VALUES (1, '2020-01-01', '2020-02-01')",
        "INSERT INTO lists VALUES (1, '(y'), (2, 'else')",
    };

    /** What can run code. */
    private static final String[] PROGRAMS = {
        "CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1",
        "CREATE AGGREGATE FUNCTION agg(x INT) RETURNS INT READS SQL DATA BEGIN DECLARE n INT DEFAULT 0;"
                + " DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN n; LOOP FETCH GROUP NEXT ROW; SET n = n + x; END LOOP; END",
        "CREATE VIEW v1 AS SELECT a, f(a) AS b FROM indexes WHERE a > 1 AND b <> 'é'",
        "CREATE ALGORITHM=TEMPTABLE SQL SECURITY INVOKER VIEW a0 AS SELECT v1.a, 1 AS zz FROM v1",
        "CREATE ALGORITHM=MERGE VIEW v3 AS SELECT a FROM indexes WHERE a < 5 WITH CASCADED CHECK OPTION",
        "CREATE VIEW v4 AS SELECT a FROM v3 WHERE a < 4 WITH LOCAL CHECK OPTION",
        // Named like a view that it is used by
        "CREATE VIEW zz AS SELECT a AS v1, 1 AS a0 FROM a0",
        "CREATE VIEW elsewhere AS SELECT i.a, u.Host FROM indexes i JOIN mysql.user u",
        "CREATE TABLE gone (a INT)",
        "CREATE VIEW broken AS SELECT a FROM gone",
        "DROP TABLE gone",
        "CREATE TRIGGER t1 BEFORE INSERT ON defaults FOR EACH ROW SET NEW.v = NEW.v + 1",
        "CREATE TRIGGER a9 BEFORE INSERT ON defaults FOR EACH ROW FOLLOWS t1 SET NEW.v = NEW.v * 2",
        "CREATE TRIGGER tz BEFORE INSERT ON defaults FOR EACH ROW PRECEDES t1 BEGIN /* ; */ SET NEW.v = 2; END",
        "CREATE TRIGGER after_one AFTER DELETE ON defaults FOR EACH ROW SET @gone = OLD.id",
        "CREATE EVENT past ON SCHEDULE EVERY '1:10' HOUR_MINUTE STARTS '2020-01-01' ENDS '2020-02-01' ON COMPLETION PRESERVE"
                + " COMMENT 'ENABLE DO' DO SELECT 1",
        "CREATE EVENT once ON SCHEDULE AT '2037-01-01' DISABLE DO SELECT 2",
        "SET SESSION time_zone = '+05:00', timestamp = 1",
        "CREATE EVENT long_ago ON SCHEDULE AT '2001-01-01' DO SELECT 'never'",
        "SET SESSION timestamp = DEFAULT",
        "CREATE EVENT elsewhere ON SCHEDULE EVERY 3 DAY STARTS '2026-01-01 03:00:00' DISABLE ON SLAVE DO BEGIN SELECT 'DISABLE'; END",
        "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
        "CREATE PROCEDURE \"p \"\"q`\"(INOUT a INT) COMMENT 'c' SELECT \"a\", '\\'",
        "CREATE EVENT \"e 4\" ON SCHEDULE EVERY 3 DAY DO SELECT \"from\" FROM \"select `x`.é\"",
        "SET SESSION sql_mode = ORACLE",
        "CREATE PACKAGE pkg AS FUNCTION f2 RETURN INT; PROCEDURE p2; END",
        "CREATE PACKAGE BODY pkg AS v INT := 4; FUNCTION f2 RETURN INT AS BEGIN RETURN v; END;"
                + " PROCEDURE p2 AS BEGIN v := v + 1; END; END",
        "SET SESSION sql_mode = ''",
        "ALTER DATABASE COLLATE latin1_spanish_ci",
        "CREATE FUNCTION of_spain(x TEXT) RETURNS TEXT NO SQL RETURN x",
        "ALTER DATABASE COLLATE latin1_german2_ci",
        "SET SESSION character_set_client = 'latin1', collation_connection = 'latin1_swedish_ci'",
        inUtf8("CREATE FUNCTION western() RETURNS TEXT DETERMINISTIC RETURN \"\u00e9\""),
        inUtf8("CREATE VIEW western AS SELECT \"\u00e9\" AS `\u00e9a`"),
    };

    @BeforeAll
    static void isMariaDb() throws SQLException {
        assumeTrue(SERVER.database("mysql").number("SELECT VERSION() LIKE '%MariaDB%'") == 1, "kinds of MariaDB");
    }

    /** A statement that says itself in which character set it is, as the session says another one. */
    private static String inUtf8(String sql) {
        return "EXECUTE IMMEDIATE CONVERT(X'" + HexFormat.of().formatHex(sql.getBytes(StandardCharsets.UTF_8))
                + "' USING utf8mb4)";
    }

    private static TestDatabase source(String[]... parts) throws SQLException {
        TestDatabase source = SERVER.newDatabase();
        List<String> all = new ArrayList<>();
        for (String[] part : parts) {
            all.addAll(List.of(part));
        }
        source.execute(all.toArray(String[]::new));
        return source;
    }

    @Test
    void tablesOfAllKindsComeBackWithoutTrust() throws Exception {
        TestDatabase source = source(TABLES);
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.parts().get("versioned_parts").schema().key()).containsExactly("a");
        assertThat(copy.texts("versioned", "b")).containsExactly("new");
        TestDatabase target = SERVER.newDatabase();
        TargetPreview preview = copy.restore(JdbcTarget.empty(target));
        assertThat(preview.notes()).noneMatch(note -> note.startsWith("not restored"));
        assertThat(Copy.of(JdbcSource.of(target))).isEqualTo(copy);
        assertThat(described(target)).isEqualTo(described(source));
        assertThat(target.number("SELECT NEXTVAL(down)")).isEqualTo(source.number("SELECT NEXTVAL(down)"));
        assertThatThrownBy(() -> target.number("SELECT NEXTVAL(used_up)")).isInstanceOf(SQLException.class);
        target.execute("INSERT INTO chicken (egg) VALUES (1)");
        assertThat(target.number("SELECT MAX(id) FROM chicken")).isEqualTo(8);
    }

    @Test
    void programsOfAllKindsComeBackAsTheyWere() throws Exception {
        TestDatabase source = source(TABLES, PROGRAMS);
        // Triggers must not run again.
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.attributes().get("leftOut"))
                .contains("view broken, which refers to tables, columns or functions that don't exist");
        TestDatabase target = SERVER.newDatabase();
        copy.restore(JdbcTarget.empty(target).trustSchema());
        source.execute("DROP VIEW broken");
        Map<String, String> expected = described(source);
        assertThat(described(target)).isEqualTo(expected);
        assertThat(expected.get("trigger")).contains("tz", "t1", "a9");
        assertThat(expected.get("function western")).contains("\u00e9", "latin1");
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(copy.parts());
        assertThat(target.number("SELECT `\u00e9a` = CONVERT('\u00e9' USING latin1) FROM western"))
                .isEqualTo(1);
    }

    @Test
    void dumpsOfSourceAndRestoreAreEqual() throws Exception {
        TestDatabase source = source(TABLES, PROGRAMS);
        TestDatabase target = SERVER.newDatabase();
        Copy.of(JdbcSource.of(SERVER.byConnectorJ(source)))
                .restore(JdbcTarget.empty(SERVER.byConnectorJ(target)).trustSchema());
        source.execute("DROP VIEW broken");
        String expected = MariaDbDump.schema(source);
        assertThat(expected).contains("PACKAGE BODY", "DISABLE ON S", "western");
        assertThat(MariaDbDump.schema(target)).isEqualTo(expected);
    }

    @Test
    void programsNeedTrustAndAreNamed() throws Exception {
        TestDatabase target = SERVER.newDatabase();
        TargetPreview preview = Copy.of(JdbcSource.of(source(TABLES, PROGRAMS))).restore(JdbcTarget.empty(target));
        assertThat(preview.notes())
                .anyMatch(note -> note.contains("trustSchema()") && note.contains("PACKAGE BODY"))
                .anyMatch(note -> note.contains("trustSchema()") && note.contains("EVENT `once`"))
                .anyMatch(note -> note.contains("trustSchema()") && note.contains("TRIGGER tz"));
        assertThat(preview.steps()).noneMatch(step -> step.contains("EVENT") || step.contains("TRIGGER"));
        assertThat(described(target).keySet())
                .noneMatch(name -> name.startsWith("event") || name.startsWith("function"));
    }

    @Test
    void eventsComeLastOfAll() throws Exception {
        TestDatabase source = source(TABLES, PROGRAMS);
        List<String> steps = Copy.of(JdbcSource.of(source))
                .preview(JdbcTarget.empty(SERVER.newDatabase()).trustSchema())
                .steps();
        int first = steps.size();
        int last = 0;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).contains(" EVENT `")) {
                first = Math.min(first, i);
            } else if (!steps.get(i).startsWith("SET SESSION")) {
                last = i;
            }
        }
        assertThat(first).isGreaterThan(last);
    }

    @Test
    void whereADefinerIsMissingTheRestoringUserTakesItsPlaceAndThatIsSaidBefore() throws Exception {
        TestDatabase source = source(new String[] {
            "CREATE TABLE t (a INT PRIMARY KEY)",
            "CREATE USER IF NOT EXISTS `there`@`%`",
            "CREATE DEFINER=`ghost`@`h` VIEW v AS SELECT a FROM t",
            "CREATE DEFINER=`there`@`%` VIEW kept AS SELECT a FROM t",
            "CREATE DEFINER=`ghost`@`h` TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @x = 1",
            "CREATE DEFINER=`ghost`@`h` EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1",
        });
        TestDatabase target = SERVER.newDatabase();
        TargetPreview preview =
                Copy.of(JdbcSource.of(source)).restore(JdbcTarget.empty(target).trustSchema());
        assertThat(preview.notes().stream().filter(note -> note.contains("ghost@h")))
                .hasSize(3)
                .allMatch(note -> note.contains("which does not exist here: create it before the restore to keep it"));
        assertThat(preview.steps()).anyMatch(step -> step.contains("DEFINER=CURRENT_USER TRIGGER"));
        target.execute("INSERT INTO t VALUES (1)");
        assertThat(target.number("SELECT COUNT(*) FROM v")).isEqualTo(1);
        assertThat(described(target).get("view kept")).contains("`there`@`%`");
    }

    @Test
    void whoMayNameNobodyElseBecomesTheDefiner() throws Exception {
        TestDatabase source =
                source(new String[] {"CREATE TABLE t (a INT PRIMARY KEY)", "CREATE VIEW v AS SELECT a FROM t"});
        Copy copy = Copy.of(JdbcSource.of(source));
        TestDatabase target = SERVER.newDatabase();
        target.execute(
                "CREATE OR REPLACE USER plain@`127.0.0.1`",
                "GRANT ALL ON " + target.name() + ".* TO plain@`127.0.0.1`");
        TargetPreview preview = copy.restore(
                JdbcTarget.empty(new DriverDataSource(target.url(), "plain")).trustSchema());
        assertThat(preview.notes()).anyMatch(note -> note.contains("lacks the right SET USER or SUPER"));
        assertThat(described(target).get("view v")).contains("`plain`@`127.0.0.1`");
    }

    @Test
    void functionThatTheServerWouldRefuseIsABlocker() throws Exception {
        assumeTrue(SERVER.database("mysql").number("SELECT @@log_bin") == 1);
        TestDatabase source = source(new String[] {"CREATE TABLE t (a INT PRIMARY KEY)"});
        source.execute(
                "SET GLOBAL log_bin_trust_function_creators = 1",
                "CREATE FUNCTION f(x INT) RETURNS INT RETURN x",
                "SET GLOBAL log_bin_trust_function_creators = 0");
        TargetPreview preview = Copy.of(JdbcSource.of(source))
                .preview(JdbcTarget.empty(SERVER.newDatabase()).trustSchema());
        assertThat(preview.blockers())
                .hasSize(1)
                .allMatch(why -> why.contains("log_bin_trust_function_creators") && why.contains("`f`"));
    }

    @Test
    void connectionThatCantSendAllLettersIsRefused() throws Exception {
        Copy copy = Copy.of(JdbcSource.of(source(new String[] {"CREATE TABLE t (a TEXT)"})));
        TestDatabase target = SERVER.newDatabase();
        TestDatabase latin1 = target.at(SERVER.byConnectorJ(target).url() + "&characterEncoding=ISO-8859-1");
        assertThatThrownBy(() -> copy.restore(JdbcTarget.empty(latin1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the connection sends text in latin1");
        assertThat(described(target).keySet()).noneMatch(name -> name.startsWith("table"));
    }

    @Test
    void sessionIsGivenBackAsItWas() throws Exception {
        Copy copy = Copy.of(JdbcSource.of(source(TABLES, PROGRAMS)));
        TestDatabase target = SERVER.newDatabase();
        try (Connection connection = target.getConnection()) {
            String before = session(connection);
            copy.restore(JdbcTarget.empty(LentConnection.of(connection)).trustSchema());
            assertThat(session(connection)).isEqualTo(before);
        }
    }

    private static String session(Connection connection) throws SQLException {
        return rows(
                connection,
                "SELECT @@sql_mode, @@character_set_client, @@collation_connection, @@time_zone, @@check_constraint_checks,"
                        + " @@foreign_key_checks, ABS(@@timestamp - UNIX_TIMESTAMP(SYSDATE())) < 60");
    }

    /** All that the server says of a database but its name and when things were made. */
    static Map<String, String> described(TestDatabase database) throws SQLException {
        Map<String, String> all = new TreeMap<>();
        try (Connection connection = database.getConnection()) {
            all.put("database", rows(connection, "SELECT @@character_set_database, @@collation_database"));
            describe(
                    connection,
                    all,
                    "table",
                    "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                            + " AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')");
            describe(
                    connection,
                    all,
                    "view",
                    "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()");
            describe(
                    connection,
                    all,
                    "sequence",
                    "SELECT TABLE_NAME FROM information_schema.TABLES"
                            + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SEQUENCE'");
            for (String kind : List.of("function", "procedure", "package", "package body")) {
                describe(
                        connection,
                        all,
                        kind,
                        "SELECT ROUTINE_NAME FROM information_schema.ROUTINES"
                                + " WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = '" + kind + "'");
            }
            describe(
                    connection,
                    all,
                    "event",
                    "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()");
            describe(
                    connection,
                    all,
                    "trigger",
                    "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()");
            all.put(
                    "trigger",
                    rows(
                            connection,
                            "SELECT EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, TRIGGER_NAME"
                                    + " FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1, 2, 3, 4"));
        }
        all.replaceAll((name, text) -> text.replace("`" + database.name() + "`", "`self`"));
        return all;
    }

    private static void describe(Connection connection, Map<String, String> all, String kind, String names)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(names)) {
            while (rows.next()) {
                String name = "`" + rows.getString(1).replace("`", "``") + "`";
                String text = rows(connection, "SHOW CREATE " + kind + " " + name);
                if (kind.equals("sequence")) {
                    text += rows(connection, "SELECT * FROM " + name);
                }
                all.put(kind + " " + rows.getString(1), text);
            }
        }
    }

    private static String rows(Connection connection, String sql) throws SQLException {
        StringBuilder result = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    if (!rows.getMetaData().getColumnLabel(i).equals("Created")) {
                        result.append(rows.getString(i)).append('|');
                    }
                }
                result.append('\n');
            }
        }
        return result.toString();
    }
}
