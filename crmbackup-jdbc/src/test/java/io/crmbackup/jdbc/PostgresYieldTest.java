package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup gives way to who waits for it. */
final class PostgresYieldTest {
    private final TestDatabase database = PostgresServer.shared().newDatabase();

    @BeforeEach
    void tables() throws SQLException {
        database.execute(
                "CREATE TABLE \"Large\" (id int PRIMARY KEY, what text)",
                "INSERT INTO \"Large\" SELECT i, repeat('x', 1000) FROM generate_series(1, 30000) i",
                "CREATE TABLE small (id int)");
    }

    private static JdbcSource source(DataSource database) {
        return JdbcSource.from(database).yieldToDdl(Duration.ofMillis(100)).build();
    }

    private CompletableFuture<Void> altered() {
        return CompletableFuture.runAsync(() -> {
            try {
                database.execute("ALTER TABLE \"Large\" ADD COLUMN more int");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aReaderInTheMiddleOfATableGivesWay() throws Exception {
        Capture capture = Copy.open(source(database));
        try (RecordCursor cursor = capture.read("Large")) {
            assertThat(cursor.next()).isTrue();
            altered().get(30, TimeUnit.SECONDS);
            assertThatThrownBy(() -> {
                        while (cursor.next()) {
                            cursor.values();
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(SQLTransientException.class)
                    .hasMessageContaining("gave way")
                    .hasMessageContaining("\"Large\"");
        }
        capture.close();
        assertThat(LibraryThreads.left()).isEmpty();
    }

    @Test
    void aReaderBetweenTablesGivesWay() throws Exception {
        Capture capture = Copy.open(source(database));
        altered().get(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> capture.read("small"))
                .hasCauseInstanceOf(SQLTransientException.class)
                .hasMessageContaining("gave way");
        capture.close();
        assertThat(LibraryThreads.left()).isEmpty();
    }

    @Test
    void withoutASecondConnectionTheReaderLooksItself() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        DataSource one = WatchedDatabase.of(new DriverDataSource(database.url(), database.user()), sql -> {}, () -> {
            if (taken.getAndIncrement() > 0) {
                throw new SQLException("no connection left");
            }
        });
        CompletableFuture<Void> altered;
        try (Capture capture = Copy.open(source(one))) {
            altered = altered();
            String waiting =
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND clock_timestamp() - waitstart > interval '100 ms'";
            while (database.number(waiting) == 0) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> capture.read("small")).hasMessageContaining("gave way");
        }
        altered.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whoWaitsForSomebodyElseIsNotGivenWayTo() throws Exception {
        try (Capture capture = Copy.open(JdbcSource.from(database)
                        .include("Large")
                        .yieldToDdl(Duration.ofMillis(1))
                        .build());
                var other = database.getConnection()) {
            other.setAutoCommit(false);
            Dialect.execute(other, "LOCK TABLE small");
            CompletableFuture<Void> dropped = CompletableFuture.runAsync(() -> {
                try {
                    database.execute("DROP TABLE small");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (database.number(
                            "SELECT count(*) FROM pg_locks WHERE NOT granted AND clock_timestamp() - waitstart > interval '100 ms'")
                    == 0) {
                Thread.onSpinWait();
            }
            assertThat(Copy.of(capture).parts().get("Large").rows()).hasSize(30000);
            other.rollback();
            dropped.get(30, TimeUnit.SECONDS);
        }
    }
}
