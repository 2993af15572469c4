package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.testservers.PlainDataSource;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several connections that read one table. */
final class PostgresParallelTest {
    private final TestDatabase database = PostgresServer.shared().newDatabase();
    private final WatchedDatabase watched = WatchedDatabase.of(database, sql -> {});

    @BeforeEach
    void tables() throws SQLException {
        database.execute(
                "CREATE TABLE numbered (part int8, id int2, what text, PRIMARY KEY (part, id))",
                // Most keys lie together, some far away, negative ones among them.
                "INSERT INTO numbered SELECT CASE WHEN i % 100 = 0 THEN i * -1000000007::int8 ELSE i / 3 END, i % 3, repeat('n', 900)"
                        + " FROM generate_series(1, 20000) i",
                "CREATE TABLE dense (id int PRIMARY KEY, what text)",
                "INSERT INTO dense SELECT i, repeat('d', 900) FROM generate_series(1, 20000) i",
                "CREATE TABLE keyless (what text)",
                "INSERT INTO keyless SELECT repeat(md5((i / 2)::text), 30) FROM generate_series(1, 20000) i",
                "CREATE TABLE small (id int PRIMARY KEY)",
                "INSERT INTO small VALUES (1)");
    }

    private JdbcSource source(int connections) {
        return JdbcSource.from(watched).connections(connections).build();
    }

    @Test
    void severalConnectionsGiveWhatOneGivesInTheSameOrder() throws Exception {
        for (String table : new String[] {"numbered", "dense", "keyless", "small"}) {
            assertThat(rows(3, table)).as(table).isEqualTo(rows(1, table));
        }
        assertThat(watched.most()).isEqualTo(3);
        assertThat(watched.open()).isZero();
        assertThat(watched.statements()).anyMatch(sql -> sql.contains("SET TRANSACTION SNAPSHOT"));
        assertThat(LibraryThreads.left()).isEmpty();
    }

    /** As after a restore. A sort would need more memory than it may have, and no file is allowed. */
    @Test
    void partsOfATableWithoutStatisticsAreNotSorted() throws Exception {
        database.execute(
                "CREATE TABLE fresh (id int PRIMARY KEY, what text) WITH (autovacuum_enabled = off)",
                "INSERT INTO fresh SELECT i, repeat('f', 900) FROM generate_series(1, 20000) i",
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''1MB''', current_database());"
                        + " EXECUTE format('ALTER DATABASE %I SET temp_file_limit = 0', current_database()); END $$");
        assertThat(rows(3, "fresh")).hasSize(20000);
    }

    @Test
    void aTableWhoseRowsLieInAnotherOrderThanTheirKeysIsNotDivided() throws Exception {
        database.execute(
                "CREATE TABLE shuffled (id int PRIMARY KEY, what text)",
                "INSERT INTO shuffled SELECT i * 7919 % 20011, repeat('s', 900) FROM generate_series(1, 20000) i",
                "ANALYZE dense, shuffled");
        for (String table : new String[] {"dense", "shuffled"}) {
            int before = watched.statements().size();
            assertThat(rows(3, table)).isEqualTo(rows(1, table));
            List<String> statements = watched.statements();
            assertThat(statements.subList(before, statements.size()).stream()
                            .anyMatch(sql -> sql.contains("enable_sort = off")))
                    .as(table)
                    .isEqualTo(table.equals("dense"));
        }
    }

    private List<String> rows(int connections, String table) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Capture capture = Copy.open(source(connections))) {
            // What others do after the moment is seen by none of the connections.
            database.execute("INSERT INTO small SELECT coalesce(max(id), 0) + 1 FROM small");
            database.execute("DELETE FROM small WHERE id > 1");
            try (RecordCursor cursor = capture.read(table)) {
                while (cursor.next()) {
                    StringBuilder row = new StringBuilder();
                    cursor.values().forEach(value -> row.append(value.text()).append('|'));
                    rows.add(row.toString());
                }
            }
            assertThat(capture.attributes()).containsEntry("connections", Integer.toString(connections));
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return rows;
    }

    @Test
    void aDataSourceThatGivesNoMoreIsReadWithWhatItGave() throws Exception {
        AtomicReference<WatchedDatabase> pool = new AtomicReference<>(watched);
        pool.set(WatchedDatabase.of(database, sql -> {}, () -> {
            if (pool.get().open() == 2) {
                throw new SQLException("the pool is exhausted");
            }
        }));
        try (Capture capture =
                Copy.open(JdbcSource.from(pool.get()).connections(4).build())) {
            assertThat(capture.attributes()).containsEntry("connections", "2");
            assertThat(Copy.of(capture).parts().get("keyless").rows()).hasSize(20000);
        }
        assertThat(pool.get().open()).isZero();
    }

    @Test
    void aDataSourceWithOneConnectionForAllIsReadWithThat() throws Exception {
        try (Connection one = database.getConnection()) {
            Connection shared = (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) ->
                            method.getName().equals("close") ? null : method.invoke(one, arguments));
            Thread reader = Thread.currentThread();
            DataSource source = new PlainDataSource() {
                @Override
                public Connection getConnection() throws SQLException {
                    // Who looks for others that wait would undo the transaction.
                    if (Thread.currentThread() != reader) {
                        throw new SQLException("for one thread only");
                    }
                    return shared;
                }

                @Override
                public Connection getConnection(String user, String password) throws SQLException {
                    throw new SQLFeatureNotSupportedException();
                }
            };
            try (Capture capture =
                    Copy.open(JdbcSource.from(source).connections(3).build())) {
                database.execute("DELETE FROM small", "INSERT INTO small VALUES (2), (3)");
                assertThat(capture.attributes()).containsEntry("connections", "1");
                assertThat(Copy.of(capture).parts().get("small").rows())
                        .as("the moment of the first one")
                        .hasSize(1);
            }
        }
    }

    @Test
    void aRestoreIsReadBackByItsConnections() throws Exception {
        for (int connections : new int[] {1, 3}) {
            JdbcTarget target = JdbcTarget.empty(database).connections(connections);
            try (Capture capture = Copy.open(target.readBack(Map.of()).orElseThrow())) {
                assertThat(capture.attributes()).containsEntry("connections", Integer.toString(connections));
            }
        }
    }

    @Test
    void aTableThatIsLeftEarlyLeavesNoThreadAndNoDisturbance() throws Exception {
        try (Capture capture = Copy.open(source(3))) {
            for (int i = 0; i < 2; i++) {
                try (RecordCursor cursor = capture.read("numbered")) {
                    assertThat(cursor.next()).isTrue();
                }
                assertThat(LibraryThreads.left("crmbackup-read-ahead")).isEmpty();
                assertThat(Copy.of(capture).parts().get("keyless").rows()).hasSize(20000);
            }
        }
        assertThat(LibraryThreads.left()).isEmpty();
        assertThat(watched.open()).isZero();
    }

    @Test
    void whoWaitsAlreadyIsNotQueuedBehind() throws Exception {
        AtomicReference<CompletableFuture<Void>> altered = new AtomicReference<>();
        WatchedDatabase waited = WatchedDatabase.of(database, sql -> {
            if (sql.startsWith("SET TRANSACTION SNAPSHOT")) {
                altered.set(CompletableFuture.runAsync(() -> {
                    try {
                        database.execute("ALTER TABLE small ADD COLUMN more int");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }));
                while (database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
                    Thread.onSpinWait();
                }
            }
        });
        try (Capture capture = Copy.open(JdbcSource.from(waited).connections(2).build())) {
            assertThat(capture.attributes()).containsEntry("connections", "1");
            assertThat(Copy.of(capture).parts().get("keyless").rows()).hasSize(20000);
        }
        altered.get().get(30, TimeUnit.SECONDS);
        assertThat(waited.open()).isZero();
    }

    @Test
    void anInterruptEndsTheReading() throws Exception {
        try (Capture capture = Copy.open(source(2));
                RecordCursor cursor = capture.read("numbered")) {
            assertThat(cursor.next()).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(cursor::next).isInstanceOf(InterruptedIOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(LibraryThreads.left()).isEmpty();
        assertThat(watched.open()).isZero();
    }

    @Test
    void aWorkerThatIsKilledFailsTheReading() throws Exception {
        assertThatThrownBy(() -> {
                    try (Capture capture = Copy.open(source(2));
                            RecordCursor cursor = capture.read("numbered")) {
                        assertThat(cursor.next()).isTrue();
                        database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
                        while (cursor.next()) {
                            cursor.values();
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reading table numbered failed");
        assertThat(LibraryThreads.left()).isEmpty();
        assertThat(watched.open()).isZero();
    }
}
