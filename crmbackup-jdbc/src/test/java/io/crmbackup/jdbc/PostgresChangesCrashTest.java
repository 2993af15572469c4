package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions that outlive the server's memory, and such that don't. */
final class PostgresChangesCrashTest {
    private static final int ATTEMPTS = 100_000;
    private static PostgresServer server;

    private TestDatabase database;
    private Follower follower;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(Map.of(
                "max_prepared_transactions",
                "5",
                "synchronous_commit",
                "off",
                "wal_writer_delay",
                "10s",
                "fsync",
                "on"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void table() throws SQLException, IOException {
        database = server.newDatabase();
        database.execute(
                "CREATE TABLE contact (id int PRIMARY KEY, name text)",
                "CREATE UNLOGGED TABLE cache (id int PRIMARY KEY)",
                "INSERT INTO contact SELECT i, 'name ' || i FROM generate_series(1, 20) i",
                "INSERT INTO cache VALUES (1), (2)",
                "CHECKPOINT");
        follower = new Follower(JdbcSource.of(database)).follow();
    }

    @Test
    void preparedTransactionsAreSeenWhenTheyAreCommitted() throws Exception {
        database.execute(
                "BEGIN; INSERT INTO contact VALUES (100); SAVEPOINT a; UPDATE contact SET name = 'x' WHERE id = 1;"
                        + " DELETE FROM contact WHERE id = 2; PREPARE TRANSACTION 'p'");
        follower.follow();
        assertThat(follower.taken("contact")).isZero();
        database.execute("INSERT INTO contact VALUES (101)");
        follower.follow();
        assertThat(follower.taken("contact")).isEqualTo(1);
        database.execute("COMMIT PREPARED 'p'");
        follower.follow();
        assertThat(follower.reading("contact")).startsWith("changes: ");
        assertThat(follower.taken("contact")).isEqualTo(3);
    }

    /** The base has seen a commit that the crash undoes; its number is then given to another transaction. */
    @Test
    void aCrashThatUndoesWhatTheBaseHasSeenIsNoticed() throws Exception {
        long writer = database.number("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'");
        assertThat(run("kill -STOP " + writer)).isZero();
        database.execute("UPDATE contact SET name = 'lost' WHERE id = 3");
        follower.follow();
        assertThat(follower.taken("contact")).isEqualTo(1);
        crash();
        assertThat(database.number("SELECT count(*) FROM contact WHERE name = 'lost'"))
                .isZero();
        database.execute("UPDATE contact SET name = 'again' WHERE id = 4");
        follower.follow();
        assertThat(follower.reading("contact"))
                .isEqualTo("all: the server recovered from a crash, or its statistics were reset");
        assertThat(follower.reading("cache")).startsWith("all: ");
        follower.follow();
        assertThat(follower.reading("contact")).startsWith("changes: ");
    }

    @Test
    void aServerThatWasStartedAnewIsNoticed() throws Exception {
        long process = Long.parseLong(
                Files.readAllLines(server.data().resolve("postmaster.pid")).get(0));
        Path program =
                Path.of(ProcessHandle.of(process).orElseThrow().info().command().orElseThrow());
        // Servers refuse to be started by root, who becomes nobody in a name space of users.
        String control = program.resolveSibling("pg_ctl") + " restart -w -D '" + server.data() + "'";
        assertThat(run("if [ $(id -u) = 0 ]; then exec unshare -U " + control + "; else exec " + control + "; fi"))
                .isZero();
        follower.follow();
        assertThat(follower.reading("contact")).isEqualTo("all: the server was started anew");
    }

    private static int run(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Kills one of the server's processes, and waits until the server has recovered from it. */
    private void crash() throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly();
        } catch (SQLException e) {
            // The connection is gone, as it should be.
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                database.number("SELECT 1");
                return;
            } catch (SQLException e) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("the server does not recover");
    }
}
