package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Capture;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others do while a view of PostgreSQL is opened and read. */
final class PostgresMomentTest {
    private static final String NOT_WAITING = "SET lock_timeout = '50ms'";

    private final TestDatabase database = PostgresServer.shared().newDatabase();

    @BeforeEach
    void tables() throws SQLException {
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, what text)",
                "CREATE TABLE b (id int PRIMARY KEY, what text)",
                "INSERT INTO a VALUES (1, 'one')",
                "INSERT INTO b VALUES (1, 'one')");
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
            for (String sql : new String[] {
                "TRUNCATE a",
                "ALTER TABLE a ALTER id TYPE bigint",
                "DROP TABLE b",
                "ALTER TABLE b RENAME TO c",
                "VACUUM FULL a"
            }) {
                assertThatThrownBy(() -> database.execute(NOT_WAITING, sql))
                        .as(sql)
                        .hasMessageContaining("lock timeout");
            }
            assertThat(Copy.of(capture).texts("a", "what")).containsExactly("one");
        }
        database.execute(NOT_WAITING, "TRUNCATE a");
    }

    @Test
    void theMomentComesAfterTheLocks() throws Exception {
        WatchedDatabase watched = WatchedDatabase.of(database, sql -> {
            if (sql.contains("pg_export_snapshot")) {
                assertThatThrownBy(() -> database.execute(NOT_WAITING, "TRUNCATE a"))
                        .hasMessageContaining("lock timeout");
                database.execute("INSERT INTO a VALUES (2, 'after the locks')");
            }
        });
        assertThat(Copy.of(JdbcSource.of(watched)).texts("a", "id")).containsExactly("1", "2");
    }

    @Test
    void aTableThatIsMadeWhileTheOthersAreLockedIsCapturedToo() throws Exception {
        AtomicInteger times = new AtomicInteger();
        WatchedDatabase watched = WatchedDatabase.of(database, sql -> {
            if (sql.contains("pg_export_snapshot") && times.getAndIncrement() == 0) {
                database.execute("CREATE TABLE late (id int)", "INSERT INTO late VALUES (7)");
            }
        });
        assertThat(Copy.of(JdbcSource.of(watched)).texts("late", "id")).containsExactly("7");
        assertThat(times).hasValue(2);
    }

    @Test
    void aTableThatIsReplacedBeforeItIsLockedIsReadAsItIsThen() throws Exception {
        AtomicInteger times = new AtomicInteger();
        WatchedDatabase watched = WatchedDatabase.of(database, sql -> {
            if (sql.startsWith("LOCK TABLE") && sql.contains("\"a\"") && times.getAndIncrement() == 0) {
                database.execute(
                        "DROP TABLE a", "CREATE TABLE a (other int)", "INSERT INTO a VALUES (5)", "DROP TABLE b");
            }
        });
        Copy copy = Copy.of(JdbcSource.of(watched));
        assertThat(copy.texts("a", "other")).containsExactly("5");
        assertThat(copy.parts()).containsOnlyKeys("a");
    }

    @Test
    void whoRedefinesTablesAllTheTimeFailsTheCapture() {
        AtomicInteger times = new AtomicInteger();
        WatchedDatabase watched = WatchedDatabase.of(database, sql -> {
            if (sql.contains("pg_export_snapshot")) {
                database.execute("CREATE TABLE late" + times.getAndIncrement() + " (id int)");
            }
        });
        assertThatThrownBy(() -> Copy.of(JdbcSource.of(watched)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("all the time; repeat the backup");
        assertThat(watched.open()).isZero();
    }

    @Test
    void oneConnectionIsUsedAndGivenBack() throws Exception {
        WatchedDatabase watched = WatchedDatabase.of(database, sql -> {});
        Copy.of(JdbcSource.of(watched));
        assertThat(watched.most()).isEqualTo(1);
        assertThat(watched.open()).isZero();
    }

    @Test
    void aConnectionThatIsKilledFailsTheReading() throws Exception {
        database.execute("INSERT INTO a SELECT i, repeat('x', 1000) FROM generate_series(2, 50000) i");
        assertThatThrownBy(() -> {
                    try (Capture capture = Copy.open(JdbcSource.of(database));
                            var cursor = capture.read("a")) {
                        assertThat(cursor.next()).isTrue();
                        database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
                        while (cursor.next()) {
                            cursor.values();
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reading table a failed");
    }
}
