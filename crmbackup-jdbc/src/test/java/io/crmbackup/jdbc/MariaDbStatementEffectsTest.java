package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.product.Dialects;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Harmless statements of MariaDB's into which somebody has put more: what still passes for harmless is executed by a server, and must do nothing but make its
 * own thing. {@code ~} stands for another database of the server.
 */
class MariaDbStatementEffectsTest {
    private static final int STATEMENTS = Integer.getInteger("crmbackup.forgedStatements", 1000);

    private static final List<String> HARMLESS = List.of(
            "CREATE TABLE `new` (\n  `a` int(11) NOT NULL DEFAULT 1,\n  `b` varchar(20) DEFAULT NULL,\n  PRIMARY KEY (`a`),\n"
                    + "  KEY `k` (`b`(5))\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='x'",
            "CREATE TABLE `new` (\n  `a` int(11) DEFAULT nextval(`counter`),\n  `c` int(11) GENERATED ALWAYS AS (abs(`a`)) STORED,\n"
                    + "  CONSTRAINT `k` CHECK (`a` > 0)\n) ENGINE=Aria PAGE_CHECKSUM=1",
            "CREATE TABLE `new` (\n  `a` int(11) NOT NULL\n) ENGINE=InnoDB\n PARTITION BY RANGE (`a`)\n(PARTITION `x` VALUES LESS THAN (5) ENGINE = InnoDB)",
            "CREATE TABLE `new` (\n  `a` int(11) NOT NULL\n) ENGINE=MyISAM\n PARTITION BY HASH (`a`)\nPARTITIONS 2",
            "CREATE SEQUENCE `new` start with 1 minvalue 1 maxvalue 9 increment by 1 cache 10 nocycle ENGINE=InnoDB",
            "ALTER TABLE `t` ADD CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `p` (`a`) ON DELETE CASCADE ON UPDATE NO ACTION",
            "ALTER TABLE `t` AUTO_INCREMENT = 12",
            "ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_bin COMMENT 'x'",
            "ALTER SEQUENCE `counter` RESTART WITH 5",
            "DO SETVAL(`counter`, 5, 0)");

    private static final List<String> MORE = List.of(
            "`~`.",
            "~.",
            " SELECT * FROM `~`.`secret`",
            " AS SELECT * FROM `~`.`secret`",
            " (SELECT * FROM `~`.`secret`)",
            " TABLE `~`.`secret`",
            " VALUES (1, 'x')",
            " LIKE `~`.`secret`",
            "(LIKE `~`.`elsewhere`)",
            " ENGINE=MRG_MyISAM",
            " ENGINE = MRG_MyISAM UNION=(`~`.`secret`)",
            " STORAGE ENGINE MRG_MyISAM",
            " UNION=(`t`)",
            " DATA DIRECTORY='/tmp'",
            " INDEX DIRECTORY='/tmp'",
            " PARTITION BY KEY (`a`)",
            " WITH SYSTEM VERSIONING",
            ", ADD SYSTEM VERSIONING",
            ", ADD COLUMN z int",
            ", ADD FOREIGN KEY (`a`) REFERENCES `~`.`secret` (`a`)",
            ", DROP COLUMN b",
            ", RENAME TO `~`.`moved`",
            ", RENAME `moved`",
            ", DISABLE KEYS",
            ", ENGINE=MyISAM",
            ", ORDER BY b",
            ", FORCE",
            " DEFAULT (nextval(`~`.`rung`))",
            " DEFAULT (setval(`~`.`rung`, 5))",
            ", nextval(`~`.`rung`)",
            " + nextval(`~`.`rung`)",
            " || nextval(`~`.`rung`)",
            "nextval(`~`.`rung`)",
            " NEXT VALUE FOR `~`.`rung`",
            " CHECK (`~`.`alarm`() > 0)",
            " CHECK (alarm() > 0)",
            " CHECK (get_lock('x', 1))",
            " AS (sleep(1))",
            " REFERENCES `~`.`secret` (`a`)",
            " FROM `~`.`secret`",
            " TEMPORARY",
            " OR REPLACE",
            " IF NOT EXISTS",
            " IF EXISTS",
            " REPLACE",
            " IGNORE",
            " CASCADE",
            " RESTART",
            " CYCLE",
            " `~`",
            " AUTO_INCREMENT=77",
            " COMMENT='",
            "; DROP TABLE t",
            "; DO setval(`~`.`rung`, 5)",
            "@x:=1",
            "(",
            ")",
            ",",
            ".",
            "'",
            "\"",
            "`",
            "\\",
            "\\'",
            "--",
            "-- ",
            "#",
            "/*",
            "*/",
            "/*!",
            "/*M!100000",
            "\u0000",
            "\f",
            "\u00a0",
            " COLLATE binary",
            "_latin1'x'",
            " = ",
            "=InnoDB");

    /** All that statements of these kinds leave as it is. */
    private static final String STATE = """
            SELECT CONCAT_WS(' ', 'table', TABLE_SCHEMA, TABLE_NAME, ENGINE, AUTO_INCREMENT, TABLE_COMMENT, CREATE_OPTIONS) FROM information_schema.TABLES
              WHERE TABLE_SCHEMA = '~'
            UNION ALL SELECT CONCAT_WS(' ', 'table', TABLE_NAME, TABLE_TYPE, ENGINE, CREATE_OPTIONS) FROM information_schema.TABLES
              WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('t', 'p', 'counter')
            UNION ALL SELECT CONCAT_WS(' ', 'column', TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, COLUMN_DEFAULT) FROM information_schema.COLUMNS
              WHERE TABLE_SCHEMA = '~' OR TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('t', 'p', 'counter')
            UNION ALL SELECT CONCAT_WS(' ', 'reaches elsewhere', COLUMN_DEFAULT, GENERATION_EXPRESSION) FROM information_schema.COLUMNS
              WHERE TABLE_SCHEMA = DATABASE() AND CONCAT_WS(' ', COLUMN_DEFAULT, GENERATION_EXPRESSION) LIKE '%~%'
            UNION ALL SELECT CONCAT_WS(' ', 'refers', TABLE_NAME, REFERENCED_TABLE_SCHEMA) FROM information_schema.KEY_COLUMN_USAGE
              WHERE REFERENCED_TABLE_SCHEMA = '~'
            UNION ALL SELECT CONCAT_WS(' ', 'routine', ROUTINE_SCHEMA, ROUTINE_NAME) FROM information_schema.ROUTINES
            UNION ALL SELECT CONCAT_WS(' ', 'trigger', TRIGGER_SCHEMA, TRIGGER_NAME) FROM information_schema.TRIGGERS
            UNION ALL SELECT CONCAT_WS(' ', 'user', User, Host, plugin) FROM mysql.user
            UNION ALL SELECT CONCAT_WS(' ', 'lock', IS_USED_LOCK('x'), @x)
            UNION ALL SELECT CONCAT_WS(' ', 'secret', a) FROM `~`.`secret`
            UNION ALL SELECT CONCAT_WS(' ', 'rung', next_not_cached_value) FROM `~`.`rung`
            UNION ALL SELECT CONCAT_WS(' ', 't', a, b) FROM `t` UNION ALL SELECT CONCAT_WS(' ', 'p', a) FROM `p` ORDER BY 1""";

    @Test
    void whatPassesForHarmlessDoesNoSecondThing() throws Exception {
        TestDatabase other = TestedServer.mariaDb().newDatabase();
        other.execute(
                "CREATE TABLE secret (a int PRIMARY KEY)",
                "INSERT INTO secret VALUES (1)",
                "CREATE TABLE elsewhere (a int) ENGINE=MRG_MyISAM UNION=()",
                "CREATE SEQUENCE rung",
                "CREATE SEQUENCE counter",
                "CREATE TABLE t (a int PRIMARY KEY AUTO_INCREMENT, b text)",
                "CREATE FUNCTION alarm() RETURNS int DETERMINISTIC RETURN nextval(rung)");
        TestDatabase own = TestedServer.mariaDb().newDatabase();
        own.execute("CREATE FUNCTION alarm() RETURNS int DETERMINISTIC RETURN nextval(`" + other.name() + "`.rung)");
        own.execute("CREATE SEQUENCE counter", "CREATE TABLE p (a int PRIMARY KEY)", "INSERT INTO p VALUES (1)");
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        List<String> executed = new ArrayList<>();
        List<String> secondEffects = new ArrayList<>();
        try (Connection connection =
                own.at(own.url() + "?allowMultiQueries=true").getConnection()) {
            makeTable(connection);
            List<String> before = state(connection, other);
            Dialect dialect = Dialects.of(connection);
            for (int i = 0; i < STATEMENTS; i++) {
                String sql = mutated(random).replace("~", other.name());
                if (!dialect.statement(sql).isSafe()) {
                    continue;
                }
                try {
                    Dialect.execute(connection, sql);
                } catch (SQLException e) {
                    // What the server doesn't take has no effect.
                    assertThat(e.getSQLState()).isNotNull();
                    continue;
                }
                executed.add(sql);
                if (!isPlain(connection) || !state(connection, other).equals(before)) {
                    secondEffects.add(sql);
                    before = state(connection, other);
                }
                if (sql.startsWith("ALTER TABLE")) {
                    makeTable(connection);
                }
            }
        }
        assertThat(secondEffects).as("seed %d", seed).isEmpty();
        assertThat(executed).as("seed %d", seed).hasSizeGreaterThan(HARMLESS.size());
    }

    private static void makeTable(Connection connection) throws SQLException {
        Dialect.execute(connection, "CREATE OR REPLACE TABLE t (a int PRIMARY KEY AUTO_INCREMENT, b text)");
        Dialect.execute(connection, "INSERT INTO t VALUES (1, 'one')");
    }

    private static List<String> state(Connection connection, TestDatabase other) throws SQLException {
        return Dialect.strings(connection, STATE.replace("~", other.name()));
    }

    /** Whether what was made is one thing at most, without rows and where the server keeps tables; drops it. */
    private static boolean isPlain(Connection connection) throws SQLException {
        List<String> made = Dialect.strings(
                connection,
                "SELECT CONCAT(TABLE_TYPE, ' `', REPLACE(TABLE_NAME, '`', '``'), '`') FROM information_schema.TABLES"
                        + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT IN ('t', 'p', 'counter')");
        boolean plain = made.size() <= 1
                && Dialect.strings(
                                connection,
                                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                                        + " AND (ENGINE NOT IN ('InnoDB', 'Aria', 'MyISAM') OR CREATE_OPTIONS LIKE '%DIRECTORY%')")
                        .isEmpty();
        for (String each : made) {
            String name = each.substring(each.indexOf('`'));
            boolean sequence = each.startsWith("SEQUENCE");
            plain &= sequence
                    || Dialect.strings(connection, "SELECT COUNT(*) FROM " + name)
                            .equals(List.of("0"));
            Dialect.execute(connection, "DROP " + (sequence ? "SEQUENCE " : "TABLE ") + name);
        }
        return plain;
    }

    /** One of the harmless statements with one or two things more somewhere between its words. */
    private static String mutated(Random random) {
        String sql = HARMLESS.get(random.nextInt(HARMLESS.size()));
        for (int left = random.nextInt(3); left > 0; left--) {
            int at = random.nextInt(4) == 0 ? sql.length() : random.nextInt(sql.length() + 1);
            int name = sql.indexOf('`', at);
            if (name >= 0 && random.nextInt(4) == 0) {
                sql = sql.substring(0, name) + "`~`." + sql.substring(name);
                continue;
            }
            while (at > 0 && random.nextInt(4) > 0 && Character.isLetterOrDigit(sql.charAt(at - 1))) {
                at--;
            }
            sql = sql.substring(0, at) + MORE.get(random.nextInt(MORE.size())) + sql.substring(at);
        }
        return sql;
    }
}
