package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What PostgreSQL says changed, made into the very trees that reading everything gives. */
class PostgresChangesTest {
    private static final String WRITTEN = "changes: rows written since transaction ";

    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();
    private BackupRepository repository;

    @BeforeEach
    void create() {
        repository = Crm.on(sink, work).create();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private BackupReport backup(String plan, TestDatabase database, BackupStrategy strategy) {
        return repository.backup(
                BackupPlan.named(plan).source("db", JdbcSource.of(database)).build(), strategy);
    }

    private Map<String, TreeRoot> roots(SnapshotId snapshot) throws IOException {
        Map<String, TreeRoot> roots = new TreeMap<>();
        for (SourceManifest source : Inside.of(sink).manifest(snapshot).sources()) {
            for (CollectionManifest collection : source.collections()) {
                roots.put(collection.name(), collection.content());
            }
        }
        return roots;
    }

    /** Takes an increment, of which all tables but the one that is named come by what changed, and which is what all that there is now is. */
    private BackupReport increment(TestDatabase database, String exception) throws IOException {
        BackupReport report = backup("crm", database, BackupStrategy.incremental());
        report.collections().forEach(one -> {
            if (!one.collection().equals(exception)) {
                assertThat(one.reading().toString()).as(one.collection()).startsWith(WRITTEN);
            }
        });
        BackupReport full = backup("control", database, BackupStrategy.full());
        assertThat(roots(report.snapshot())).isEqualTo(roots(full.snapshot()));
        return report;
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void rowsOfTransactionsThatStayOpenAreReadWhenTheyAreDone() throws Exception {
        TestDatabase database = PostgresServer.shared().newDatabase();
        database.execute(
                "CREATE TABLE contact (id bigint PRIMARY KEY, name text, note text)",
                "INSERT INTO contact SELECT i * 3, 'name ' || i, repeat('note ', i % 90) FROM generate_series(-5000, 20000) i",
                "CREATE TABLE member (list text, contact int, since date, PRIMARY KEY (list, contact))",
                "INSERT INTO member SELECT 'list ' || i % 7, i, '2026-01-01' FROM generate_series(1, 3000) i",
                "CREATE TABLE \"odd \"\"name\"\"\" (a int2, b uuid, PRIMARY KEY (b, a))",
                "INSERT INTO \"odd \"\"name\"\"\" SELECT i % 9, md5(i::text)::uuid FROM generate_series(1, 3000) i",
                "CREATE TABLE visit (page text)",
                "INSERT INTO visit SELECT 'page ' || i % 9 FROM generate_series(1, 100) i");
        try (Connection open = database.getConnection()) {
            open.setAutoCommit(false);
            execute(
                    open,
                    "UPDATE contact SET name = 'open' WHERE id = 300",
                    "SAVEPOINT a",
                    "INSERT INTO contact VALUES (1, 'in a savepoint')",
                    "DELETE FROM member WHERE contact = 70",
                    "RELEASE a");
            backup("crm", database, BackupStrategy.full());
            database.execute(
                    "DELETE FROM contact WHERE id BETWEEN 3000 AND 9000 OR id % 1000 = 0",
                    "UPDATE contact SET id = id + 1 WHERE id = 30",
                    "DELETE FROM member WHERE contact % 500 = 1",
                    "DELETE FROM \"odd \"\"name\"\"\" WHERE a = 3 AND b > 'e0000000-0000-0000-0000-000000000000'");
            increment(database, "");
            execute(open, "SAVEPOINT b", "UPDATE member SET since = NULL WHERE contact = 71");
            open.commit();
        }
        BackupReport last = increment(database, "");
        assertThat(last.collections().stream()
                        .map(one -> one.collection() + " " + one.added() + " " + one.changed() + " " + one.removed()))
                .containsExactly("contact 1 1 0", "member 0 1 1", "odd \"name\" 0 0 0", "visit 0 0 0");
    }

    @Test
    void anyHistoryGivesTheTreeOfAFullBackup() throws Exception {
        long seed = Long.getLong("crmbackup.seed", 20261123);
        Random random = new Random(seed);
        TestDatabase database = PostgresServer.shared().newDatabase();
        database.execute(
                "CREATE TABLE contact (id int PRIMARY KEY, name text, score numeric)",
                "INSERT INTO contact SELECT i, 'name ' || i, i * 1.0 FROM generate_series(-3000, 3000) i",
                "CREATE TABLE member (list text, contact int, PRIMARY KEY (list, contact))",
                "INSERT INTO member SELECT 'list ' || i % 7, i FROM generate_series(1, 2000) i",
                "CREATE TABLE visit (page text)",
                "INSERT INTO visit SELECT 'page ' || i % 9 FROM generate_series(1, 100) i");
        try (Connection others = database.getConnection();
                Connection open = database.getConnection()) {
            execute(others, "SET lock_timeout = '20ms'");
            execute(open, "SET lock_timeout = '20ms'");
            open.setAutoCommit(false);
            for (int round = 0; round < 12; round++) {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    write(open, "SAVEPOINT s", ROWS.get(random.nextInt(ROWS.size())), random);
                    write(others, "SELECT 1", ANY.get(random.nextInt(ANY.size())), random);
                }
                if (random.nextInt(3) == 0) {
                    open.commit();
                } else if (random.nextInt(3) == 0) {
                    open.rollback();
                }
                BackupReport report = backup("crm", database, BackupStrategy.incremental());
                BackupReport full = backup("control", database, BackupStrategy.full());
                assertThat(roots(report.snapshot()))
                        .as("round %d of seed %d", round, seed)
                        .isEqualTo(roots(full.snapshot()));
            }
        }
    }

    private static final List<String> ROWS = List.of(
            "UPDATE contact SET name = 'n' || %1$d WHERE id %% 97 = %1$d %% 97",
            "UPDATE contact SET id = id + 7000 WHERE id %% 301 = %1$d %% 301",
            "UPDATE contact SET score = score * 1.00 WHERE id = %1$d",
            "INSERT INTO contact SELECT i + 20000, 'new' FROM generate_series(%1$d, %1$d + 50) i ON CONFLICT DO NOTHING",
            "DELETE FROM contact WHERE id BETWEEN %1$d AND %1$d + 40",
            "DELETE FROM member WHERE contact %% 51 = %1$d %% 51",
            "UPDATE member SET list = upper(list) WHERE contact = %1$d",
            "INSERT INTO visit VALUES ('page %1$d')");

    private static final List<String> ANY = Stream.concat(
                    ROWS.stream(),
                    Stream.of(
                            "CREATE TEMP TABLE t AS SELECT * FROM member; TRUNCATE member; INSERT INTO member SELECT * FROM t; DROP TABLE t",
                            "ALTER TABLE contact ADD COLUMN c%1$d int DEFAULT %1$d",
                            "ALTER TABLE contact ALTER name TYPE varchar",
                            "DROP TABLE visit; CREATE TABLE visit (page text)",
                            "VACUUM FREEZE contact"))
            .toList();

    /** Writes something, unless another one holds it. */
    private static void write(Connection connection, String before, String sql, Random random) throws SQLException {
        execute(connection, before);
        try {
            execute(connection, String.format(sql, random.nextInt(2000)));
        } catch (SQLException e) {
            if (!connection.getAutoCommit()) {
                execute(connection, "ROLLBACK TO s");
            }
        }
    }

    /**
     * One percent of the contacts edited, activities made and deleted, and a table that is emptied and filled again. Loading the system takes a
     * minute, so it is tried with the long campaigns: {@code -Dcrmbackup.postgres.changes=1000}.
     */
    @Test
    @EnabledIfSystemProperty(named = "crmbackup.postgres.changes", matches = "\\d{3,}")
    void aWorkingDayIsStoredAtNoMoreThanTwiceWhatChanged() throws Exception {
        TestDatabase database = Samples.generatedCrm(PostgresServer.shared(), 1);
        backup("crm", database, BackupStrategy.full());
        Samples.workingDay(database, 1);
        BackupReport report = increment(database, "crm.audit_log");
        assertThat(report.bytesStored()).isLessThan(2 * report.bytesChanged());
    }
}
