package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Money goes from accounts of one table to those of another while captures run: none may be lost or made in any of them. */
class ConsistencyUnderLoadTest {
    private static final int ACCOUNTS = 20;
    private static final int CAPTURES = 20;
    private static final long SEED = 4711;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger transfers = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite", "hsqldb locks", "hsqldb mvlocks", "hsqldb mvcc", "derby"})
    void sumOfTwoTablesHoldsInEveryCapture(String product, @TempDir Path directory) throws Exception {
        DataSource database = database(product, directory);
        execute(
                database,
                "CREATE TABLE CHECKING(ID INTEGER NOT NULL PRIMARY KEY, AMOUNT INTEGER NOT NULL)",
                "CREATE TABLE SAVINGS(ID INTEGER NOT NULL PRIMARY KEY, AMOUNT INTEGER NOT NULL)");
        for (int i = 0; i < ACCOUNTS; i++) {
            execute(
                    database,
                    "INSERT INTO CHECKING VALUES(" + i + ", 100)",
                    "INSERT INTO SAVINGS VALUES(" + i + ", 100)");
        }
        List<Thread> writers = Stream.of(1, 2, 3)
                .map(n -> new Thread(() -> transfer(database, new Random(SEED + n)), "writer " + n))
                .toList();
        writers.forEach(Thread::start);
        List<Long> sums = new ArrayList<>();
        try {
            for (int i = 0; i < CAPTURES; i++) {
                int before = transfers.get();
                while (transfers.get() == before && writers.stream().anyMatch(Thread::isAlive)) {
                    Thread.onSpinWait();
                }
                Copy copy = Copy.of(JdbcSource.of(database));
                sums.add(sum(copy, "CHECKING") + sum(copy, "SAVINGS"));
            }
        } finally {
            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
        }
        assertThat(sums).as("seed %d", SEED).hasSize(CAPTURES).containsOnly(2L * ACCOUNTS * 100);
        assertThat(transfers.get()).isGreaterThanOrEqualTo(CAPTURES);
    }

    private static long sum(Copy copy, String table) {
        return copy.texts(table, "AMOUNT").stream()
                .mapToLong(text -> Long.parseLong(text.replace("i", "")))
                .sum();
    }

    private static DataSource database(String product, Path directory) throws SQLException {
        return switch (product) {
            case "h2" -> Databases.h2();
            case "derby" -> {
                DataSource derby = Databases.derby();
                execute(derby, "CALL SYSCS_UTIL.SYSCS_SET_DATABASE_PROPERTY('derby.locks.deadlockTimeout', '1')");
                yield derby;
            }
            case "sqlite" ->
                new DriverDataSource(
                        "jdbc:sqlite:" + directory.resolve("a") + "?journal_mode=WAL&busy_timeout=20000", "");
            default -> Databases.hsqldb(product.split(" ")[1]);
        };
    }

    private void transfer(DataSource database, Random random) {
        while (!stop.get()) {
            try (Connection connection = database.getConnection()) {
                connection.setAutoCommit(false);
                int amount = random.nextInt(101) - 50;
                add(connection, "CHECKING", random.nextInt(ACCOUNTS), -amount);
                add(connection, "SAVINGS", random.nextInt(ACCOUNTS), amount);
                connection.commit();
                transfers.incrementAndGet();
            } catch (SQLException e) {
                // Lost against another writer: nothing was changed.
            }
        }
    }

    private static void add(Connection connection, String table, int id, int amount) throws SQLException {
        String sql = "UPDATE " + table + " SET AMOUNT = AMOUNT + ? WHERE ID = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, amount);
            statement.setInt(2, id);
            statement.executeUpdate();
        }
    }
}
