package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others do while a view of MariaDB is opened and read. */
class MariaDbMomentTest {
    private static final MariaDbServer SERVER = TestedServer.mariaDb();
    private static final int MANY = 4096;
    private static final String NOT_WAITING = "SET lock_wait_timeout = 1";

    private final TestDatabase database = SERVER.newDatabase();

    @BeforeEach
    void tables() throws SQLException {
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, what text)",
                "CREATE TABLE b (id int PRIMARY KEY, what text)",
                "INSERT INTO a VALUES (1, 'one')",
                "INSERT INTO b VALUES (1, 'one')");
    }

    private void manyRows() throws SQLException {
        for (int rows = 1; rows < MANY; rows *= 2) {
            database.execute("INSERT INTO a SELECT id + " + rows + ", REPEAT('x', 5000) FROM a");
        }
    }

    @Test
    void writersGoOnAndAreNotSeen() throws Exception {
        try (Capture capture = Copy.open(JdbcSource.of(database))) {
            database.execute(
                    "INSERT INTO a VALUES (2, 'two')", "UPDATE b SET what = 'other'", "DELETE FROM a WHERE id = 1");
            Copy copy = Copy.of(capture);
            assertThat(copy.texts("a", "id")).containsExactly("1");
            assertThat(copy.texts("b", "what")).containsExactly("one");
        }
        assertThat(Copy.of(JdbcSource.of(database)).texts("a", "id")).containsExactly("2");
    }

    @Test
    void noTableCanBeEmptiedRewrittenOrDroppedUntilTheEnd() throws Exception {
        try (Capture capture = Copy.open(JdbcSource.of(database))) {
            for (String sql :
                    List.of("TRUNCATE a", "ALTER TABLE a MODIFY id bigint", "DROP TABLE b", "RENAME TABLE b TO c")) {
                assertThatThrownBy(() -> database.execute(NOT_WAITING, sql))
                        .as(sql)
                        .hasMessageContaining("Lock wait timeout");
            }
            assertThat(Copy.of(capture).texts("a", "what")).containsExactly("one");
        }
        database.execute(NOT_WAITING, "TRUNCATE a");
    }

    @Test
    void theMomentComesAfterTheLocks() throws Exception {
        WatchedDatabase watched = WatchedDatabase.of(database, sql -> {
            if (sql.endsWith("FROM `a` LIMIT 1")) {
                assertThatThrownBy(() -> database.execute(NOT_WAITING, "TRUNCATE b"))
                        .hasMessageContaining("Lock wait timeout");
                database.execute(
                        "INSERT IGNORE INTO a VALUES (2, 'after the locks')", "INSERT IGNORE INTO b VALUES (2, 'so')");
            }
        });
        Copy copy = Copy.of(JdbcSource.of(watched));
        assertThat(copy.texts("a", "id")).containsExactly("1", "2");
        assertThat(copy.texts("b", "id")).containsExactly("1", "2");
    }

    @Test
    void anEmptyTableMakesTheMomentToo() throws Exception {
        database.execute("DELETE FROM a");
        WatchedDatabase watched = WatchedDatabase.of(database, sql -> {
            if (sql.contains("next_not_cached_value") || sql.contains("AUTO_INCREMENT IS NOT NULL")) {
                database.execute("INSERT INTO b VALUES (2, 'after the moment')");
            }
        });
        assertThat(Copy.of(JdbcSource.of(watched)).texts("b", "id")).containsExactly("1");
    }

    @Test
    void tablesThatAreMadeOrDroppedWhileTheOthersAreLockedMakeItBeginAgain() throws Exception {
        AtomicInteger times = new AtomicInteger();
        WatchedDatabase watched = WatchedDatabase.of(database, sql -> {
            if (sql.startsWith("START TRANSACTION") && times.getAndIncrement() == 0) {
                database.execute("DROP TABLE b", "CREATE TABLE late (id int)", "INSERT INTO late VALUES (7)");
            }
            if (sql.endsWith("FROM `a` LIMIT 1") && times.getAndIncrement() == 2) {
                database.execute("CREATE TABLE later (id int)", "INSERT INTO later VALUES (8)");
            }
        });
        Copy copy = Copy.of(JdbcSource.of(watched));
        assertThat(copy.parts()).containsOnlyKeys("a", "late", "later");
        assertThat(copy.texts("later", "id")).containsExactly("8");
    }

    @Test
    void moneyThatIsMovedIsNeverLostOrDoubled() throws Exception {
        List<String> statements = new ArrayList<>();
        for (int i = 2; i <= 100; i++) {
            statements.add("INSERT INTO a VALUES (" + i + ", '')");
        }
        statements.add("ALTER TABLE a ADD balance int NOT NULL DEFAULT 100");
        statements.add("CREATE TABLE c AS SELECT id, balance FROM a");
        database.execute(statements.toArray(String[]::new));
        int captures = Integer.getInteger("crmbackup.test.captures", 12);
        try (Transfers transfers = new Transfers(database, 100, "a", "c")) {
            for (int i = 0; i < captures; i++) {
                try (Capture capture =
                        Copy.open(JdbcSource.of(i % 2 == 0 ? database : SERVER.byConnectorJ(database)))) {
                    transfers.awaitNext();
                    Copy copy = Copy.of(capture);
                    assertThat(sum(copy, "a") + sum(copy, "c"))
                            .as("capture %d", i)
                            .isEqualTo(20_000);
                    assertThat(copy.parts().get("a").rows()).hasSize(100);
                }
            }
        }
    }

    private static long sum(Copy copy, String table) {
        return copy.texts(table, "balance").stream().mapToLong(Long::parseLong).sum();
    }

    @Test
    void aConnectionThatIsKilledFailsByTheTablesName() throws Exception {
        manyRows();
        for (TestDatabase driver : List.of(database, SERVER.byConnectorJ(database))) {
            AtomicInteger id = new AtomicInteger();
            WatchedDatabase watched = WatchedDatabase.of(driver, sql -> {});
            Capture capture = Copy.open(JdbcSource.of(watched));
            try (RecordCursor cursor = capture.read("a")) {
                cursor.next();
                id.set((int) database.number("SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE()"
                        + " AND ID <> CONNECTION_ID()"));
                database.execute("KILL " + id);
                assertThatThrownBy(() -> {
                            while (cursor.next()) {
                                cursor.values();
                            }
                        })
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("reading table a failed");
            } catch (IOException e) {
                // Closing what is gone may fail as well.
                assertThat(e).hasMessageContaining("a");
            }
            assertThatThrownBy(capture::close).isInstanceOf(IOException.class);
            assertThat(watched.open()).isZero();
        }
    }

    @Test
    void aBackupGivesWayToWhoWaitsForATable() throws Exception {
        manyRows();
        for (TestDatabase driver : List.of(database, SERVER.byConnectorJ(database))) {
            JdbcSource source =
                    JdbcSource.from(driver).yieldToDdl(Duration.ofMillis(100)).build();
            ExecutorService other = Executors.newSingleThreadExecutor();
            try (Capture capture = Copy.open(source)) {
                Future<?> alter = other.submit(() -> {
                    database.execute("SET lock_wait_timeout = 60", "ALTER TABLE a MODIFY id bigint");
                    return null;
                });
                assertThatThrownBy(() -> {
                            while (true) {
                                try (RecordCursor cursor = capture.read("a")) {
                                    while (cursor.next()) {
                                        cursor.values();
                                    }
                                }
                            }
                        })
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("gave way")
                        .hasMessageContaining("table a")
                        .hasRootCauseInstanceOf(Exception.class)
                        .cause()
                        .isInstanceOf(SQLTransientException.class);
                alter.get();
            } finally {
                other.shutdown();
            }
            assertThat(Copy.of(source).texts("a", "id")).hasSize(MANY);
        }
    }

    @Test
    void theSessionIsGivenBackAsItWas() throws Exception {
        for (TestDatabase driver : List.of(database, SERVER.byConnectorJ(database))) {
            try (Connection connection = driver.getConnection()) {
                DataSource one = LentConnection.of(connection);
                Dialect.execute(
                        connection,
                        "SET sql_mode = 'ANSI_QUOTES', time_zone = '+03:00', wait_timeout = 77, sql_select_limit = 3");
                List<String> before = Dialect.strings(connection, STATE);
                Copy.of(JdbcSource.of(one));
                assertThat(Dialect.strings(connection, STATE)).isEqualTo(before);
                assertThat(connection.getAutoCommit()).isTrue();
                Dialect.execute(
                        connection, "INSERT INTO b VALUES (9, 'writable') ON DUPLICATE KEY UPDATE what = 'again'");
            }
        }
    }

    @Test
    void nothingCanBeWrittenByACaptureAndNoLimitEndsIt() throws Exception {
        assumeTrue(database.number("SELECT VERSION() LIKE '%MariaDB%'") == 1, "MySQL has other limits");
        for (TestDatabase driver : List.of(database, SERVER.byConnectorJ(database))) {
            Set<String> refused = new TreeSet<>();
            Set<String> limits = new TreeSet<>();
            try (Connection connection = driver.getConnection()) {
                Dialect.execute(connection, "SET max_statement_time = 7, idle_transaction_timeout = 7");
                DataSource watched = WatchedDatabase.of(LentConnection.of(connection), sql -> {
                    if (sql.endsWith("FROM `a` LIMIT 1")) {
                        limits.addAll(Dialect.strings(
                                connection, "SELECT @@max_statement_time + @@idle_transaction_timeout = 0"));
                        assertThatThrownBy(() -> Dialect.execute(connection, "DELETE FROM a"))
                                .satisfies(e -> refused.add(e.getMessage()));
                    }
                });
                assertThat(Copy.of(JdbcSource.of(watched)).texts("a", "id")).containsExactly("1");
            }
            assertThat(limits).containsExactly("1");
            assertThat(refused).singleElement().asString().contains("READ ONLY transaction");
        }
    }

    private static final String STATE =
            "SELECT CONCAT_WS('|', @@sql_mode, @@time_zone, @@wait_timeout, @@net_write_timeout,"
                    + " IFNULL(@@character_set_results, 'none'), @@lock_wait_timeout, @@tx_isolation, @@foreign_key_checks,"
                    + " @@autocommit, @@sql_select_limit)";

    @Test
    void whoMayNotReadEveryTableIsTold() throws Exception {
        String user = "reader_" + database.name();
        database.execute("CREATE USER " + user, "GRANT SELECT ON " + database.name() + ".a TO " + user);
        DriverDataSource source = new DriverDataSource(database.url(), user);
        assertThatThrownBy(() -> Copy.of(JdbcSource.of(source)))
                .hasMessageContaining("GRANT SELECT ON `" + database.name() + "`.*");
        assertThat(Copy.of(JdbcSource.from(source).include("a").build()).parts())
                .containsOnlyKeys("a");
        database.execute("GRANT SELECT ON " + database.name() + ".* TO " + user);
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.parts()).containsOnlyKeys("a", "b");
        assertThat(copy.attributes().get("leftOut")).contains("triggers that the user may not see");
        database.execute("GRANT SHOW VIEW, TRIGGER, EVENT, EXECUTE ON " + database.name() + ".* TO " + user);
        assertThat(Copy.of(JdbcSource.of(source)).attributes().get("leftOut")).doesNotContain("may not see");
    }
}
