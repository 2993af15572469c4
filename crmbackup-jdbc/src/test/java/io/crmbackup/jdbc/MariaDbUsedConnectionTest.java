package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PlainDataSource;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that others had before, and left as a backup must not take them: not every pool sets them back. */
class MariaDbUsedConnectionTest {
    private static final MariaDbServer SERVER = TestedServer.mariaDb();

    private final TestDatabase database = SERVER.newDatabase();

    @BeforeEach
    void tables() throws SQLException {
        database.execute(
                "CREATE TABLE contact (id int PRIMARY KEY, name varchar(30) CHARACTER SET utf8mb4, balance decimal(9,2),"
                        + " score float, since datetime, code char(5), kind enum('a', 'é'))",
                "INSERT INTO contact VALUES (1, 'Zoë', 1.50, 0.1, '2024-02-29 12:00:00', 'x', 'é'),"
                        + " (2, '', -2, -0e0, NULL, '', 'a'), (3, NULL, NULL, NULL, NULL, NULL, NULL)",
                "CREATE TABLE note (id int AUTO_INCREMENT PRIMARY KEY, what text)",
                "INSERT INTO note (what) VALUES ('one'), ('two'), ('three')");
    }

    /** The database by connections that somebody used before, but for some. */
    private static PlainDataSource used(TestDatabase database, int butFor, String... statements) {
        AtomicInteger given = new AtomicInteger();
        return new PlainDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = database.getConnection();
                if (given.getAndIncrement() >= butFor) {
                    for (String sql : statements) {
                        Dialect.execute(connection, sql);
                    }
                }
                return connection;
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                throw new SQLFeatureNotSupportedException();
            }
        };
    }

    private static List<TestDatabase> byBothDrivers(TestDatabase database) {
        return List.of(database, SERVER.byConnectorJ(database));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aTemporaryTableIsNotReadInTheTablesPlace(int butFor) {
        String[] statements = {
            "CREATE TEMPORARY TABLE note (id int PRIMARY KEY, what text)", "INSERT INTO note VALUES (99, 'of nobody')"
        };
        for (TestDatabase driver : byBothDrivers(database)) {
            assertThatThrownBy(() -> Copy.of(JdbcSource.from(used(driver, butFor, statements))
                            .connections(3)
                            .build()))
                    .hasMessageContaining("table note is hidden from the connection by a temporary table");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aTemporaryTableOfANameOfItsOwnIsNoHindrance(int butFor) throws Exception {
        for (TestDatabase driver : byBothDrivers(database)) {
            Copy copy = Copy.of(JdbcSource.from(used(driver, butFor, "CREATE TEMPORARY TABLE passing (id int)"))
                    .connections(3)
                    .build());
            assertThat(copy.parts()).containsOnlyKeys("contact", "note");
            assertThat(copy.attributes()).containsEntry("connections", "3");
        }
    }

    @Test
    void aConnectionThatUsesAnotherDatabaseDoesNotTakePart() throws Exception {
        TestDatabase other = SERVER.newDatabase();
        other.execute("CREATE TABLE note (id int PRIMARY KEY, what text)");
        for (TestDatabase driver : byBothDrivers(database)) {
            Copy copy = Copy.of(JdbcSource.from(used(driver, 1, "USE " + other.name()))
                    .connections(3)
                    .build());
            assertThat(copy.attributes().get("connections"))
                    .isEqualTo("1: the data source gave a connection to another database");
            assertThat(copy.texts("note", "what")).containsExactly("one", "two", "three");
        }
    }

    @Test
    void whatASessionIsSetToChangesNothing() throws Exception {
        Map<String, Copy.Part> plain = Copy.of(JdbcSource.of(database)).parts();
        for (String setting : List.of(
                "character_set_client = latin1, collation_connection = latin1_german1_ci, character_set_results = latin1",
                "sql_mode = 'ANSI,PAD_CHAR_TO_FULL_LENGTH,ORACLE'",
                "sql_mode = 'NO_BACKSLASH_ESCAPES'",
                "sql_select_limit = 1",
                "sql_auto_is_null = 1, last_insert_id = 3",
                "sql_quote_show_create = 0",
                "group_concat_max_len = 4, max_sort_length = 8, div_precision_increment = 0",
                "time_zone = '-07:00', timestamp = 1000000",
                "tx_isolation = 'READ-UNCOMMITTED'",
                "tx_isolation = 'SERIALIZABLE', tx_read_only = 1")) {
            for (TestDatabase driver : byBothDrivers(database)) {
                assertThat(Copy.of(JdbcSource.of(used(driver, 0, "SET SESSION " + setting.replace(", ", ", SESSION "))))
                                .parts())
                        .as(setting)
                        .isEqualTo(plain);
            }
        }
    }

    @Test
    void aLimitOfTheServerLeavesNoRowsOut() throws Exception {
        database.execute("SET GLOBAL sql_select_limit = 2");
        try {
            for (TestDatabase driver : byBothDrivers(database)) {
                assertThat(Copy.of(JdbcSource.of(driver)).texts("note", "what")).containsExactly("one", "two", "three");
            }
        } finally {
            database.execute("SET GLOBAL sql_select_limit = DEFAULT");
        }
    }

    @Test
    void aSessionThatLooksIntoThePastIsNotReadWithAndStaysWhereItWas() throws Exception {
        database.execute(
                "CREATE TABLE price (id int PRIMARY KEY, what text) WITH SYSTEM VERSIONING",
                "SET timestamp = 1700000000",
                "INSERT INTO price VALUES (1, 'then')");
        database.execute("UPDATE price SET what = 'now'");
        for (TestDatabase driver : byBothDrivers(database)) {
            try (Connection connection = driver.getConnection()) {
                Dialect.execute(connection, "SET time_zone = '+05:00'");
                Dialect.execute(connection, "SET system_versioning_asof = FROM_UNIXTIME(1700000001)");
                assertThat(Dialect.strings(connection, "SELECT what FROM price"))
                        .containsExactly("then");
                assertThat(Copy.of(JdbcSource.of(LentConnection.of(connection))).texts("price", "what"))
                        .containsExactly("now");
                assertThat(Dialect.strings(connection, "SELECT what FROM price"))
                        .containsExactly("then");
            }
        }
    }

    @Test
    void limitsOfTimeEndNoRestoreAndStayAsTheyWere() throws Exception {
        assumeTrue(database.number("SELECT VERSION() LIKE '%MariaDB%'") == 1, "MySQL has other limits");
        Copy copy = Copy.of(JdbcSource.of(database));
        String limits = "SELECT CONCAT_WS(' ', @@max_statement_time, @@idle_transaction_timeout,"
                + " @@idle_write_transaction_timeout)";
        for (TestDatabase driver : byBothDrivers(SERVER.newDatabase())) {
            Set<String> seen = new TreeSet<>();
            try (Connection connection = driver.getConnection()) {
                Dialect.execute(
                        connection,
                        "SET max_statement_time = 7, idle_transaction_timeout = 7, idle_write_transaction_timeout = 7");
                WatchedDatabase watched = WatchedDatabase.of(LentConnection.of(connection), sql -> {
                    if (sql.startsWith("CREATE TABLE") || sql.startsWith("ALTER TABLE") || sql.startsWith("INSERT")) {
                        seen.addAll(Dialect.strings(connection, limits));
                    }
                });
                copy.restore(JdbcTarget.empty(watched));
                assertThat(seen).containsExactly("0.000000 0 0");
                assertThat(Dialect.strings(connection, limits)).containsExactly("7.000000 7 7");
                seen.clear();
                Dialect.execute(connection, "DELETE FROM contact");
                copy.restore(JdbcTarget.merge(watched, OnConflict.REPLACE));
                assertThat(seen).containsExactly("0.000000 0 0");
                assertThat(Dialect.strings(connection, limits)).containsExactly("7.000000 7 7");
                Dialect.execute(connection, "DROP TABLE contact");
                Dialect.execute(connection, "DROP TABLE note");
            }
        }
    }

    @Test
    void aConnectionThatLosesLettersOnTheirWayIsRefused() throws Exception {
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute("UPDATE contact SET name = 'Bob'");
        for (TestDatabase driver : byBothDrivers(database)) {
            PlainDataSource lossy = used(driver, 0, "SET SESSION character_set_connection = ascii");
            assertThatThrownBy(() -> copy.restore(JdbcTarget.merge(lossy, OnConflict.REPLACE)))
                    .rootCause()
                    .hasMessageContaining("the connection sends text in ascii (character_set_connection)");
        }
    }
}
