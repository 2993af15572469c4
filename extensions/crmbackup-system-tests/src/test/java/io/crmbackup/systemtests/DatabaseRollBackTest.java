package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.FileReferences;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Target;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A database in use, and its files, become what they were, in their place: at once, and so that it can be undone. */
class DatabaseRollBackTest {
    private static final int ROWS = 300;

    @TempDir
    private Path directory;

    private final InMemorySink sink = new InMemorySink();
    private DataSource database;
    private Product product = Product.POSTGRES;
    private BackupPlan plan;

    /** What can replace a database in use. */
    enum Product {
        POSTGRES,
        SQLITE,
        MARIADB,
        H2;

        /** Whether rows go back and definitions have to be what they were. */
        boolean rowsAlone() {
            return this == MARIADB || this == H2;
        }

        DataSource database(Path directory) {
            return switch (this) {
                case POSTGRES -> PostgresServer.shared().newDatabase();
                case SQLITE -> Databases.sqlite(directory, "crm");
                case MARIADB -> MariaDbServer.shared().newDatabase();
                case H2 -> Databases.h2(directory, "crm");
            };
        }
    }

    /** Steps of a restore at which it can be cut short. */
    enum Step {
        HOLDING,
        WRITING,
        FINISHING,
        FINISHED
    }

    private Path files() {
        return directory.resolve("files");
    }

    private BackupRepository begin(Product product) throws SQLException, IOException {
        this.product = product;
        database = product.database(directory);
        Databases.execute(
                database,
                "CREATE TABLE company (id integer PRIMARY KEY, name varchar(50), v integer NOT NULL)",
                "CREATE TABLE contact (id integer PRIMARY KEY, company integer REFERENCES company (id), v integer NOT NULL,"
                        + " path varchar(100))",
                "CREATE INDEX contact_company ON contact (company)",
                "CREATE VIEW everybody AS SELECT id, v FROM contact");
        fill("company (id, name, v)", "'Ü', 1");
        fill("contact (id, company, v)", "1, 1");
        Files.createDirectories(files());
        Files.writeString(files().resolve("a"), "as it was");
        Databases.execute(database, "UPDATE contact SET path = 'a' WHERE id = 1");
        plan = BackupPlan.named("crm")
                .source("db", JdbcSource.of(database))
                .source("files", DirectorySource.of(files()))
                .references(FileReferences.from("db", "contact").path("path").in("files"))
                .build();
        BackupRepository repository = Crm.on(sink, directory.resolve("work")).create();
        repository.backup(plan);
        return repository;
    }

    private void fill(String table, String values) throws SQLException {
        List<String> rows = new ArrayList<>();
        for (int i = 1; i <= ROWS; i++) {
            rows.add("(" + i + ", " + values + ")");
        }
        Databases.execute(database, "INSERT INTO " + table + " VALUES " + String.join(", ", rows));
    }

    /** Changes rows, definitions and files, all in one transaction, to version 2. */
    private void damage() throws SQLException, IOException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            List<String> changes = new ArrayList<>(List.of(
                    "DELETE FROM contact WHERE id > 200", "UPDATE contact SET v = 2", "UPDATE company SET v = 2"));
            if (!product.rowsAlone()) {
                changes.addAll(
                        0,
                        List.of(
                                "DROP VIEW everybody",
                                "DROP INDEX contact_company",
                                "ALTER TABLE company ADD COLUMN more varchar(10)",
                                "CREATE TABLE newer (id integer PRIMARY KEY)",
                                "INSERT INTO newer VALUES (1), (2)",
                                "CREATE VIEW everybody AS SELECT id, v FROM contact"));
            }
            for (String sql : changes) {
                statement.execute(sql);
            }
            connection.commit();
        }
        Files.writeString(files().resolve("a"), "otherwise");
        Files.writeString(files().resolve("b"), "new");
    }

    private static List<PortableDigest> digests(BackupRepository repository, DataSource database) {
        return repository.portableDigests("db", JdbcSource.of(database));
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSystemBecomesWhatItWasAndCanBecomeWhatItHadBecome(Product product) throws Exception {
        try (BackupRepository repository = begin(product)) {
            List<PortableDigest> before = digests(repository, database);
            damage();
            List<PortableDigest> damaged = digests(repository, database);

            RestoreReport report = repository.restore(
                    RestorePlan.latest("crm").intoSourcesOf(plan).verify().build());

            assertThat(digests(repository, database)).isEqualTo(before);
            assertThat(number("SELECT count(*) FROM everybody")).isEqualTo(ROWS);
            assertThat(files().resolve("a")).hasContent("as it was");
            assertThat(files().resolve("b")).doesNotExist();
            assertThat(report.verified()).isTrue();
            SnapshotId safety = report.safetySnapshot().orElseThrow();

            repository.restore(
                    RestorePlan.snapshot(safety).intoSourcesOf(plan).verify().build());
            assertThat(digests(repository, database)).isEqualTo(damaged);
            assertThat(files().resolve("a")).hasContent("otherwise");
            assertThat(files().resolve("b")).hasContent("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void previewNamesWhatWillBeLostAndDoesNothing(Product product) throws Exception {
        try (BackupRepository repository = begin(product)) {
            damage();
            List<PortableDigest> damaged = digests(repository, database);
            try (PreparedRestore restore = repository.prepare(
                    RestorePlan.latest("crm").intoSourcesOf(plan).build())) {
                RestorePreview preview = restore.preview();
                assertThat(preview.blockers()).isEmpty();
                assertThat(preview.notes()).anyMatch(note -> note.contains("crm.before-restore"));
                if (product.rowsAlone()) {
                    assertThat(preview.notes()).anyMatch(note -> note.contains("in one transaction"));
                    assertThat(preview.steps()).isEmpty();
                } else {
                    assertThat(preview.notes())
                            .anyMatch(note ->
                                    note.contains("table newer is not in the backup and will be gone, with 2 rows"));
                    assertThat(preview.steps()).anyMatch(step -> step.contains("CREATE TABLE"));
                }
                assertThat(preview.changes().get("files").deletions()).containsExactly("b");
            }
            assertThat(digests(repository, database)).isEqualTo(damaged);
            assertThat(repository.snapshots()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "SQLITE"})
    void aDatabaseOfWhichEverythingIsGoneComesBack(Product product) throws Exception {
        try (BackupRepository repository = begin(product)) {
            List<PortableDigest> before = digests(repository, database);
            Databases.execute(database, "DROP VIEW everybody", "DROP TABLE contact", "DROP TABLE company");
            assertThatThrownBy(() -> repository.restore(
                            RestorePlan.latest("crm").intoSourcesOf(plan).build()))
                    .as("the view is not there word for word")
                    .hasMessageContaining("trustSchema()");
            repository.restore(RestorePlan.latest("crm")
                    .into("db", JdbcTarget.replace(database).trustSchema())
                    .intoSourcesOf(plan)
                    .build());
            assertThat(digests(repository, database)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readersSeeTheOldOrTheNewAndNothingBetween(Product product) throws Exception {
        try (BackupRepository repository = begin(product)) {
            damage();
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong old = new AtomicLong();
            AtomicLong renewed = new AtomicLong();
            ExecutorService readers = Executors.newFixedThreadPool(2);
            try {
                List<Future<?>> reading = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    reading.add(readers.submit(() -> read(over, old, renewed)));
                }
                while (old.get() == 0) {
                    Thread.onSpinWait();
                }
                repository.restore(RestorePlan.latest("crm").intoSourcesOf(plan).build());
                long after = renewed.get();
                while (renewed.get() == after && reading.stream().noneMatch(Future::isDone)) {
                    Thread.onSpinWait();
                }
                over.set(true);
                for (Future<?> one : reading) {
                    one.get();
                }
            } finally {
                over.set(true);
                readers.shutdownNow();
            }
        }
    }

    private Void read(AtomicBoolean over, AtomicLong old, AtomicLong renewed) throws SQLException {
        String sql =
                "SELECT (SELECT min(v) FROM contact), (SELECT max(v) FROM contact), (SELECT count(*) FROM contact),"
                        + " (SELECT min(v) FROM company), (SELECT max(v) FROM company), (SELECT count(*) FROM everybody)";
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            while (!over.get()) {
                try (ResultSet row = statement.executeQuery(sql)) {
                    row.next();
                    List<Integer> seen = new ArrayList<>();
                    for (int i = 1; i <= 6; i++) {
                        seen.add(row.getInt(i));
                    }
                    assertThat(seen).isIn(List.of(2, 2, 200, 2, 2, 200), List.of(1, 1, ROWS, 1, 1, ROWS));
                    (seen.get(0) == 2 ? old : renewed).incrementAndGet();
                }
            }
        }
        return null;
    }

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenIsInTheSnapshotOrStays(Product product) throws Exception {
        try (BackupRepository repository = begin(product)) {
            AtomicBoolean over = new AtomicBoolean();
            Set<Integer> acknowledged = new TreeSet<>();
            ExecutorService writer = Executors.newSingleThreadExecutor();
            AtomicLong count = new AtomicLong();
            SnapshotId safety;
            try {
                Future<?> writing = writer.submit(() -> {
                    int id = 1000;
                    try (Connection connection = database.getConnection();
                            Statement statement = connection.createStatement()) {
                        while (!over.get()) {
                            id++;
                            try {
                                statement.execute("INSERT INTO contact (id, v) VALUES (" + id + ", 1)");
                                acknowledged.add(id);
                                count.incrementAndGet();
                            } catch (SQLException e) {
                                // Refused, as by SQLite, which lets nobody wait forever: then it was not acknowledged.
                            }
                        }
                    }
                    return null;
                });
                while (count.get() < 20) {
                    Thread.onSpinWait();
                }
                safety = repository
                        .restore(RestorePlan.latest("crm")
                                .into("db", JdbcTarget.replace(database))
                                .build())
                        .safetySnapshot()
                        .orElseThrow();
                long then = count.get();
                while (count.get() < then + 5 && !writing.isDone()) {
                    Thread.onSpinWait();
                }
                over.set(true);
                writing.get();
            } finally {
                over.set(true);
                writer.shutdownNow();
            }
            Set<Integer> kept = ids();
            assertThat(kept)
                    .as("what was there before the restore is rolled back")
                    .isNotEqualTo(acknowledged);
            repository.restore(RestorePlan.snapshot(safety)
                    .into("db", JdbcTarget.replace(database))
                    .build());
            kept.addAll(ids());
            assertThat(kept).isEqualTo(acknowledged);
        }
    }

    private Set<Integer> ids() throws SQLException {
        Set<Integer> ids = new TreeSet<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM contact WHERE id > 1000")) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
        }
        return ids;
    }

    @ParameterizedTest
    @EnumSource
    void aRestoreThatIsCutShortChangesNothingOrIsCompletedByTheSame(Product product) throws Exception {
        try (BackupRepository repository = begin(product)) {
            List<PortableDigest> before = digests(repository, database);
            damage();
            List<PortableDigest> damaged = digests(repository, database);
            for (String source : List.of("db", "files")) {
                for (Step step : Step.values()) {
                    RestorePlan cut = RestorePlan.latest("crm")
                            .into("db", cutShort(source.equals("db") ? step : null, JdbcTarget.replace(database)))
                            .into(
                                    "files",
                                    cutShort(source.equals("files") ? step : null, DirectoryTarget.replace(files())))
                            .build();
                    assertThatThrownBy(() -> repository.restore(cut)).hasMessageContaining("cut short");
                    boolean replaced = source.equals("db") ? step == Step.FINISHED : step.compareTo(Step.WRITING) > 0;
                    assertThat(digests(repository, database))
                            .as("the database after %s of %s", step, source)
                            .isEqualTo(replaced ? before : damaged);
                    repository.restore(RestorePlan.latest("crm")
                            .intoSourcesOf(plan)
                            .verify()
                            .build());
                    assertThat(digests(repository, database)).isEqualTo(before);
                    assertThat(files().resolve("a")).hasContent("as it was");
                    assertThat(files().resolve("b")).doesNotExist();
                    damage();
                }
            }
        }
    }

    private static WrappedTarget cutShort(@Nullable Step at, Target target) {
        return new WrappedTarget(target) {
            private void fail(Step step) throws IOException {
                if (step == at) {
                    throw new IOException("cut short");
                }
            }

            @Override
            void holding() throws IOException {
                fail(Step.HOLDING);
            }

            @Override
            RestoredCollection instead(RestoredCollection collection) throws IOException {
                fail(Step.WRITING);
                return collection;
            }

            @Override
            void finishing() throws IOException {
                fail(Step.FINISHING);
            }

            @Override
            void finished() throws IOException {
                fail(Step.FINISHED);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"HSQL", "Derby"})
    void whatCannotBeReplacedAtOnceIsRefusedWithWhatToDo(String name) throws Exception {
        try (BackupRepository repository =
                Crm.on(sink, directory.resolve("work")).create()) {
            DataSource other =
                    name.equals("HSQL") ? Databases.hsqldb(directory, "other") : Databases.derby(directory, "other");
            Databases.fill(other);
            BackupPlan own =
                    BackupPlan.named("own").source("db", JdbcSource.of(other)).build();
            repository.backup(own);
            List<PortableDigest> before = digests(repository, other);
            RestorePlan back = RestorePlan.latest("own").intoSourcesOf(own).build();
            try (PreparedRestore restore = repository.prepare(back)) {
                assertThat(restore.preview().blockers())
                        .anyMatch(blocker -> blocker.contains(name) && blocker.contains("JdbcTarget.merge"));
            }
            assertThatThrownBy(() -> repository.restore(back)).hasMessageContaining("JdbcTarget.merge");
            assertThat(digests(repository, other)).isEqualTo(before);
        }
    }
}
