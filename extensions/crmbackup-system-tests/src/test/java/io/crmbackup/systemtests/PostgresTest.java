package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.RestorePlan;
import io.crmbackup.error.SourceException;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.Source;
import io.crmbackup.tck.InMemoryTarget;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL and a repository. */
class PostgresTest {
    private final PostgresServer server = PostgresServer.shared();
    private static final int BACKUPS = Integer.getInteger("crmbackup.momentBackups", 15);
    private static final long TOTAL = 3 * 100 * 1000;

    @TempDir
    private Path work;

    private Lab lab;

    @BeforeEach
    void create() {
        lab = new Lab(work);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private RestoreReport restored(TestDatabase database, JdbcTarget target) {
        lab.backup("db", JdbcSource.of(database));
        return lab.repository.restore(
                RestorePlan.latest("crm").into("db", target).verify().build());
    }

    @Test
    void aDatabaseOfAllTypesComesBackEqual() {
        TestDatabase restored = server.newDatabase();
        RestoreReport report =
                restored(Samples.smallCrm(server), JdbcTarget.empty(restored).trustSchema());
        assertThat(report.verified()).isTrue();
    }

    @Test
    void aMusicShopComesBackEqualWithoutTrust() throws SQLException {
        TestDatabase shop = Samples.chinook(server);
        TestDatabase restored = server.newDatabase();
        assertThat(restored(shop, JdbcTarget.empty(restored)).verified()).isTrue();
        for (String count : List.of(
                "SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
                "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'",
                "SELECT nextval('customer_customer_id_seq')")) {
            assertThat(restored.number(count)).as(count).isEqualTo(shop.number(count));
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "crmbackup.generatedCrm", matches = "true")
    void aCrmOf650ThousandRowsComesBackEqual() {
        restored(
                Samples.generatedCrm(server, 1),
                JdbcTarget.empty(server.newDatabase()).trustSchema());
    }

    @Test
    void aBackupThatLosesItsConnectionCommitsNothing() throws Exception {
        TestDatabase database = Samples.smallCrm(server);
        Source killed = new BrokenConnection(database);
        assertThatThrownBy(() -> lab.backup("db", killed))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("reading table");
        assertThat(lab.repository.snapshots("crm")).isEmpty();
        lab.backup("db", JdbcSource.of(database));
        assertThat(lab.repository.snapshots("crm")).hasSize(1);
    }

    @Test
    void everyBackupShowsOneMomentHoweverManyWriteMeanwhile() throws Exception {
        TestDatabase database = server.newDatabase();
        for (String bank : List.of("a", "b", "c")) {
            database.execute(
                    "CREATE TABLE bank_" + bank + " (id int PRIMARY KEY, balance int NOT NULL, note text)",
                    "INSERT INTO bank_" + bank + " SELECT i, 1000, repeat('x', 500) FROM generate_series(1, 100) i");
        }
        database.execute("CREATE TABLE rebuilt (id int)", "INSERT INTO rebuilt SELECT generate_series(1, 50)");
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long seed = i;
            others.add(CompletableFuture.runAsync(() -> transfer(database, seed, stop)));
        }
        others.add(CompletableFuture.runAsync(() -> rebuild(database, stop)));
        try {
            for (int i = 0; i < BACKUPS; i++) {
                Source source = JdbcSource.from(database)
                        .connections(1 + i % 2)
                        .exclude("made")
                        .build();
                lab.backup("db", source);
                InMemoryTarget target = InMemoryTarget.empty();
                lab.repository.restore(
                        RestorePlan.latest("crm").into("db", target).build());
                Map<String, Map<String, String>> content = Lab.content(target);
                long sum = 0;
                for (String bank : List.of("bank_a", "bank_b", "bank_c")) {
                    for (String row : content.get(bank).values()) {
                        sum += Long.parseLong(row.split(" ")[1]);
                    }
                }
                assertThat(sum).as("backup %s", i).isEqualTo(TOTAL);
                assertThat(content.get("rebuilt")).as("backup %s", i).hasSize(50);
            }
        } finally {
            stop.set(true);
        }
        for (CompletableFuture<Void> other : others) {
            other.get(60, TimeUnit.SECONDS);
        }
    }

    /** Moves money between tables, now and then in a part of a transaction of its own, or not in the end. */
    private static void transfer(TestDatabase database, long seed, AtomicBoolean stop) {
        Random random = new Random(seed);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                // In one order, so that nobody waits in a circle.
                int amount = random.nextInt(100) - 50;
                char from = (char) ('a' + random.nextInt(2));
                int id = 1 + random.nextInt(100);
                statement.execute("UPDATE bank_" + from + " SET balance = balance - " + amount + " WHERE id = " + id);
                if (random.nextBoolean()) {
                    statement.execute("SAVEPOINT inner_part");
                }
                statement.execute("UPDATE bank_" + (char) (from + 1) + " SET balance = balance + " + amount
                        + " WHERE id = " + id);
                if (random.nextInt(10) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void rebuild(TestDatabase database, AtomicBoolean stop) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            while (!stop.get()) {
                statement.execute("CREATE TABLE made (id int)");
                statement.execute("DROP TABLE made");
                connection.setAutoCommit(false);
                statement.execute("TRUNCATE rebuilt");
                statement.execute("INSERT INTO rebuilt SELECT generate_series(1, 50)");
                connection.commit();
                statement.execute("ALTER TABLE rebuilt ALTER id TYPE bigint");
                statement.execute("ALTER TABLE rebuilt ALTER id TYPE int");
                connection.commit();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A database whose server ends the connection after the capture was opened. */
    private record BrokenConnection(TestDatabase database) implements Source {
        @Override
        public Consistency consistency() {
            return Consistency.MOMENT;
        }

        @Override
        public Capture capture(CaptureContext context) throws IOException {
            Capture capture = JdbcSource.of(database).capture(context);
            try {
                database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
            } catch (SQLException e) {
                throw new IOException(e);
            }
            return capture;
        }
    }
}
