package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.RestorePlan;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.testservers.MariaDbServer;
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
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MariaDB with a whole repository. */
class MariaDbTest {
    private final MariaDbServer server = MariaDbServer.shared();
    private static final String RANGES = "changes: digests of ranges of ";
    private static final String NOTHING = "changes: a digest of all rows";

    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();
    private final TestDatabase database = server.newDatabase();
    private BackupRepository repository;

    @BeforeEach
    void create() {
        repository = Crm.on(sink, work).create();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private BackupReport backup(String plan, TestDatabase of, BackupStrategy strategy) {
        return repository.backup(
                BackupPlan.named(plan).source("db", JdbcSource.of(of)).build(), strategy);
    }

    private BackupReport incremental() {
        return backup("crm", database, BackupStrategy.incremental());
    }

    private static Map<String, String> readings(BackupReport report) {
        Map<String, String> readings = new TreeMap<>();
        report.collections()
                .forEach(one -> readings.put(one.collection(), one.reading().toString()));
        return readings;
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

    /** The snapshot is, root for root, what reading everything gives now. */
    private void expectWhole(BackupReport report, String what) throws IOException {
        BackupReport full = backup("control", database, BackupStrategy.full());
        assertThat(roots(report.snapshot())).as(what).isEqualTo(roots(full.snapshot()));
    }

    private void tables() throws SQLException {
        database.execute(
                "CREATE TABLE contact (id bigint PRIMARY KEY, name varchar(50) COLLATE utf8mb4_general_ci, worth double,"
                        + " note text) CHARACTER SET utf8mb4",
                "INSERT INTO contact SELECT CAST(seq AS SIGNED) * 3 - 30000, CONCAT('name ', seq), seq / 7, IF(seq % 9, NULL, REPEAT('x', seq % 99))"
                        + " FROM seq_1_to_30000",
                "CREATE TABLE tag (code varchar(20) PRIMARY KEY, n int)",
                "INSERT INTO tag SELECT CONCAT('tag', seq), seq FROM seq_1_to_500",
                "CREATE TABLE visit (page varchar(20), at datetime(6))",
                "INSERT INTO visit SELECT CONCAT('page ', seq % 7), '2025-01-01' + INTERVAL seq % 100 SECOND FROM seq_1_to_700");
    }

    @Test
    void onlyRangesThatChangedAreReadAndTheTreeIsThatOfAFullBackup() throws Exception {
        tables();
        incremental();
        database.execute(
                "UPDATE contact SET name = 'other' WHERE id = 300",
                "DELETE FROM contact WHERE id = 297",
                "INSERT INTO contact VALUES (100000, 'far', NULL, '')");
        BackupReport second = incremental();
        assertThat(readings(second).get("contact")).startsWith(RANGES);
        assertThat(readings(second)).containsEntry("tag", NOTHING).containsEntry("visit", NOTHING);
        expectWhole(second, "after a day");
        database.execute("DELETE FROM visit LIMIT 1");
        BackupReport third = incremental();
        assertThat(readings(third).get("visit")).startsWith("all: it changed");
        expectWhole(third, "after a row without key went");
    }

    @Test
    void changesThatHashesOfMeaningWouldMissAreFound() throws Exception {
        tables();
        database.execute("CREATE TABLE price (id int PRIMARY KEY, amount varchar(20), d double, j json)");
        database.execute("INSERT INTO price VALUES (1, '1.0', 0, '{}'), (2, 'a', 1, '[]'), (3, 'b', 0.1, NULL)");
        incremental();
        for (String sql : List.of(
                "UPDATE price SET amount = '1.000' WHERE id = 1",
                "UPDATE price SET amount = IF(id = 2, 'b', 'a') WHERE id IN (2, 3)",
                "UPDATE price SET d = -0e0 WHERE id = 1",
                "UPDATE price SET d = 0.30000000000000004 WHERE id = 3",
                "UPDATE price SET d = 0.3 WHERE id = 3",
                "UPDATE price SET d = 1.7976931348623157e308 WHERE id = 3",
                "UPDATE price SET d = 1.7976931348623155e308 WHERE id = 3",
                "UPDATE price SET j = '{ }' WHERE id = 1",
                "UPDATE price SET j = '' WHERE 0 = 1 OR id = 1 AND JSON_VALID(amount) AND 1 = 0",
                "UPDATE contact SET name = 'NAME 5' WHERE name = 'name 5'",
                "UPDATE contact SET note = '' WHERE id = -29997 AND note IS NULL",
                "UPDATE contact SET id = 5 WHERE id = 300",
                "ALTER TABLE price ADD extra int DEFAULT 7",
                "TRUNCATE tag")) {
            database.execute(sql);
            expectWhole(incremental(), sql);
        }
    }

    @Test
    void anyHistoryGivesTheTreeOfAFullBackup() throws Exception {
        long seed = 20261122;
        Random random = new Random(seed);
        tables();
        for (int round = 0; round < 10; round++) {
            work(random);
            expectWhole(incremental(), "round " + round + " of seed " + seed);
        }
    }

    private void work(Random random) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            int id = random.nextInt(40_000) * 3 - 40_000;
            statements.add(
                    switch (random.nextInt(9)) {
                        case 0 ->
                            "DELETE FROM contact WHERE id BETWEEN " + id + " AND " + (id + random.nextInt(60_000));
                        case 1 -> "INSERT IGNORE INTO contact VALUES (" + id + ", 'new', NULL, NULL)";
                        case 2 -> "INSERT IGNORE INTO contact SELECT seq + 70000, 'many', 1, '' FROM seq_1_to_3000";
                        case 3 -> "UPDATE IGNORE contact SET id = id + 1 WHERE id > " + id + " LIMIT 5";
                        case 4 -> "UPDATE tag SET n = n + 1 LIMIT 1";
                        case 5 -> "INSERT INTO visit SELECT * FROM visit LIMIT 3";
                        case 6 -> "UPDATE contact SET worth = worth * -1 WHERE id = " + id;
                        default -> "UPDATE contact SET name = UPPER(name) WHERE id > " + id + " LIMIT 50";
                    });
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            if (random.nextInt(4) == 0) {
                connection.rollback();
            } else {
                connection.commit();
            }
        }
    }

    @Test
    void samplesRestoreVerified() throws Exception {
        for (TestDatabase sample : List.of(Samples.smallCrm(server), Samples.chinook(server))) {
            backup(sample.name(), sample, BackupStrategy.full());
            TestDatabase target = server.newDatabase();
            repository.restore(RestorePlan.latest(sample.name())
                    .into("db", JdbcTarget.empty(target))
                    .verify()
                    .build());
            assertThat(target.number("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"))
                    .isGreaterThan(8);
        }
    }
}
