package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.FileReferences;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.error.TargetException;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.jdbc.Tables;
import io.crmbackup.report.BackupListener;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Target;
import io.crmbackup.tck.InMemorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores into databases and directories: into empty ones, and back into ones in service. */
class LiveRestoreTest {
    @TempDir
    private Path directory;

    private final InMemorySink sink = new InMemorySink();

    private DataSource database(String product, String name) {
        return product.equals("h2") ? Databases.h2(directory, name) : Databases.sqlite(directory, name);
    }

    private BackupRepository repository(BackupListener listener) {
        return BackupRepository.on(sink.client())
                .encryption(Encryption.none())
                .workDirectory(directory.resolve("work"))
                .listener(listener)
                .openOrCreate();
    }

    private BackupRepository repository() {
        return repository(BackupListener.NONE);
    }

    private Path attachments() {
        return directory.resolve("attachments");
    }

    /** A company with text keys of digits, contacts, notes below contacts, and attachments with their files. */
    private void fill(DataSource db) throws SQLException, IOException {
        Databases.execute(
                db,
                "create table company (code varchar(20) not null primary key, name varchar(50))",
                "create table contact (id integer primary key, company varchar(20) references company (code),"
                        + " boss integer references contact (id), name varchar(50))",
                "create table note (contact integer not null references contact (id), n integer not null, body varchar(50),"
                        + " primary key (contact, n))",
                "create table attachment (id integer primary key, contact integer references contact (id),"
                        + " path varchar(100))",
                "insert into company values ('0012', 'Zero Twelve'), ('12', 'Twelve')",
                "insert into contact values (1, '12', null, 'Boss'), (2, '0012', 1, 'Lost'), (3, '0012', 2, 'Third')",
                "insert into note values (1, 1, 'a'), (2, 1, 'b'), (2, 2, 'c')",
                "insert into attachment values (1, 2, 'x/two.txt'), (2, 1, 'one.txt')");
        Files.createDirectories(attachments().resolve("x"));
        Files.writeString(attachments().resolve("x/two.txt"), "two");
        Files.writeString(attachments().resolve("one.txt"), "one");
    }

    private BackupPlan plan(DataSource db) {
        return BackupPlan.named("crm")
                .source("db", JdbcSource.of(db))
                .source("files", DirectorySource.of(attachments()))
                .references(FileReferences.from("db", "attachment").path("path").in("files"))
                .build();
    }

    private static List<String> rows(DataSource db, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = db.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.append(i == 1 ? "" : "|").append(result.getString(i));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    private static List<String> everything(DataSource db) throws SQLException {
        List<String> all = new ArrayList<>();
        for (String table : List.of("company", "contact", "note", "attachment")) {
            all.addAll(rows(db, "select * from " + table + " order by 1, 2"));
        }
        return all;
    }

    private Selection lost() {
        return Tables.table("contact").key(2).withParents().withChildren().withFiles();
    }

    private RestorePlan undelete(DataSource db, OnConflict onConflict) {
        return RestorePlan.latest("crm")
                .only("db", lost())
                .into("db", JdbcTarget.merge(db, onConflict))
                .into("files", DirectoryTarget.merge(attachments(), onConflict))
                .build();
    }

    private static void deleteLost(DataSource db) throws SQLException {
        Databases.execute(
                db,
                "delete from attachment where contact = 2",
                "delete from note where contact = 2",
                "update contact set boss = null where boss = 2",
                "delete from contact where id = 2",
                "update contact set company = null where company = '0012'",
                "delete from company where code = '0012'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite"})
    void deletedContactComesBackWithAllThatBelongsToIt(String product) throws Exception {
        DataSource db = database(product, "crm");
        fill(db);
        Map<String, Long> progress = new TreeMap<>();
        BackupListener listener = new BackupListener() {
            @Override
            public void progressed(String phase, long records, long bytes) {
                progress.put(phase.toLowerCase(Locale.ROOT), records);
            }
        };
        try (BackupRepository repository = repository(listener)) {
            repository.backup(plan(db));
            deleteLost(db);
            Files.delete(attachments().resolve("x/two.txt"));
            Files.delete(attachments().resolve("x"));
            Files.writeString(attachments().resolve("one.txt"), "changed since");
            progress.clear();
            RestoreReport report;
            try (PreparedRestore restore = repository.prepare(undelete(db, OnConflict.SKIP))) {
                RestorePreview preview = restore.preview();
                assertThat(preview.blockers()).isEmpty();
                report = restore.execute();
                assertThat(preview.records())
                        .isEqualTo(report.parts().stream()
                                .mapToLong(part -> part.written() + part.skipped())
                                .sum());
            }
            assertThat(rows(db, "select * from contact where id = 2")).containsExactly("2|0012|1|Lost");
            assertThat(rows(db, "select body from note where contact = 2 order by n"))
                    .containsExactly("b", "c");
            assertThat(rows(db, "select path from attachment where contact = 2"))
                    .containsExactly("x/two.txt");
            assertThat(rows(db, "select name from company order by code")).containsExactly("Zero Twelve", "Twelve");
            assertThat(rows(db, "select boss from contact where id = 3"))
                    .as("kept as it was")
                    .containsExactly("null");
            assertThat(Files.readString(attachments().resolve("x/two.txt"))).isEqualTo("two");
            assertThat(Files.readString(attachments().resolve("one.txt"))).isEqualTo("changed since");
            for (RestoreReport.Part part : report.parts()) {
                String phase = "restore " + part.source() + ": " + part.collection();
                assertThat(progress).containsEntry(phase.toLowerCase(Locale.ROOT), part.written() + part.skipped());
            }
            assertThat(report.parts())
                    .extracting(part ->
                            part.collection().toLowerCase(Locale.ROOT) + " " + part.written() + " " + part.skipped())
                    .contains("contact 1 2", "company 1 1", "note 2 0", "attachment 1 0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite"})
    void conflictsAreRefusedOrReplacedAsAsked(String product) throws Exception {
        DataSource db = database(product, "crm");
        fill(db);
        try (BackupRepository repository = repository()) {
            repository.backup(plan(db));
            List<String> original = everything(db);
            Databases.execute(db, "update contact set name = 'Renamed' where id = 2", "delete from note where n = 2");
            Files.writeString(attachments().resolve("x/two.txt"), "TWO");
            List<String> changed = everything(db);
            assertThatThrownBy(() -> repository.restore(undelete(db, OnConflict.FAIL)))
                    .isInstanceOf(RestoreRefusedException.class)
                    .hasMessageContaining("nothing was written")
                    .hasMessageContaining("has 2 of the rows already")
                    .hasMessageContaining("files: ");
            assertThat(everything(db)).isEqualTo(changed);
            assertThat(Files.readString(attachments().resolve("x/two.txt"))).isEqualTo("TWO");
            repository.restore(undelete(db, OnConflict.SKIP));
            assertThat(rows(db, "select name from contact where id = 2")).containsExactly("Renamed");
            assertThat(rows(db, "select body from note where contact = 2 order by n"))
                    .containsExactly("b", "c");
            repository.restore(undelete(db, OnConflict.REPLACE));
            assertThat(everything(db)).isEqualTo(original);
            assertThat(Files.readString(attachments().resolve("x/two.txt"))).isEqualTo("two");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite"})
    void mergeThatFailsLeavesDatabaseAndFilesAsTheyWere(String product) throws Exception {
        DataSource db = database(product, "crm");
        fill(db);
        try (BackupRepository repository = repository()) {
            repository.backup(plan(db));
            deleteLost(db);
            List<String> before = everything(db);
            Target failing = new WrappedTarget(JdbcTarget.merge(db, OnConflict.SKIP)) {
                @Override
                void finishing() throws IOException {
                    throw new IOException("out of disk");
                }
            };
            assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                            .only("db", Tables.table("contact").key(2).withParents())
                            .into("db", failing)
                            .build()))
                    .isInstanceOf(TargetException.class)
                    .hasMessageContaining("out of disk");
            assertThat(everything(db)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite"})
    void wholeSystemIsRestoredAndVerified(String product) throws Exception {
        DataSource db = database(product, "crm");
        DataSource copy = database(product, "copy");
        fill(db);
        try (BackupRepository repository = repository()) {
            repository.backup(plan(db));
            Path restored = directory.resolve("restored");
            RestorePlan plan = RestorePlan.latest("crm")
                    .into("db", JdbcTarget.empty(copy))
                    .into("files", DirectoryTarget.at(restored))
                    .verify()
                    .build();
            assertThat(repository.restore(plan).verified()).isTrue();
            assertThat(everything(copy)).isEqualTo(everything(db));
            assertThat(Files.readString(restored.resolve("x/two.txt"))).isEqualTo("two");
            assertThatThrownBy(() -> repository.restore(plan))
                    .isInstanceOf(RestoreRefusedException.class)
                    .hasMessageContaining("db: the database is not empty")
                    .hasMessageContaining("files: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite"})
    void restoreThatFailsInTheMiddleIsNotTakenForWhole(String product) throws Exception {
        DataSource db = database(product, "crm");
        DataSource copy = database(product, "copy");
        fill(db);
        try (BackupRepository repository = repository()) {
            repository.backup(plan(db));
            Path restored = directory.resolve("restored");
            Target failing = new WrappedTarget(JdbcTarget.empty(copy)) {
                @Override
                RestoredCollection instead(RestoredCollection collection) throws IOException {
                    if (collection.name().equalsIgnoreCase("note")) {
                        throw new IOException("the connection is lost");
                    }
                    return collection;
                }
            };
            assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                            .into("db", failing)
                            .into("files", DirectoryTarget.at(restored))
                            .build()))
                    .isInstanceOf(TargetException.class)
                    .hasMessageContaining("the connection is lost");
            assertThat(restored).doesNotExist();
            if (product.equals("sqlite")) {
                assertThat(rows(copy, "select name from sqlite_master")).isEmpty();
            } else {
                assertThat(rows(copy, "select table_name from information_schema.tables where table_schema = 'PUBLIC'"))
                        .contains("CRMBACKUP_UNFINISHED_RESTORE");
            }
            try (Stream<Path> left = Files.list(directory)) {
                assertThat(left.map(path -> path.getFileName().toString())).noneMatch("restored"::equals);
            }
        }
    }

    @Test
    void verifyFindsAFileThatWasAlteredAfterItWasRestored() throws Exception {
        DataSource db = database("sqlite", "crm");
        fill(db);
        try (BackupRepository repository = repository()) {
            repository.backup(plan(db));
            Path restored = directory.resolve("restored");
            Target altered = new WrappedTarget(DirectoryTarget.at(restored)) {
                @Override
                void finished() throws IOException {
                    Path file = restored.resolve("x/two.txt");
                    var times = Files.getLastModifiedTime(file);
                    Files.writeString(file, "twO");
                    Files.setLastModifiedTime(file, times);
                }
            };
            assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                            .into("files", altered)
                            .verify()
                            .build()))
                    .isInstanceOf(VerificationFailedException.class)
                    .hasMessageContaining("x/two.txt has another content");
        }
    }

    @Test
    void damageInTheMiddleOfARestoreLeavesNothingThatLooksWhole() throws Exception {
        DataSource db = database("sqlite", "crm");
        fill(db);
        for (int i = 0; i < 5; i++) {
            Files.write(attachments().resolve("large" + i), Lab.random(500_000, i));
        }
        try (BackupRepository repository = repository()) {
            repository.backup(plan(db));
        }
        List<String> packs = new ArrayList<>();
        sink.list("packs/", object -> {
            if (object.length() > 2_000_000) {
                packs.add(object.name());
            }
        });
        assertThat(packs).hasSize(1);
        sink.flip(packs.get(0), 8L * 1_300_000);
        Path restored = directory.resolve("restored");
        try (BackupRepository repository = repository()) {
            assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                            .into("files", DirectoryTarget.at(restored))
                            .build()))
                    .isInstanceOf(DamagedObjectException.class)
                    .hasMessageContaining(packs.get(0))
                    .hasMessageContaining("it is needed for files/")
                    .hasMessageContaining(": large");
        }
        assertThat(restored).doesNotExist();
    }

    @Test
    void digitsInTextKeysAreNotTakenForNumbers() throws Exception {
        DataSource db = database("sqlite", "crm");
        fill(db);
        try (BackupRepository repository = repository()) {
            repository.backup(plan(db));
            try (PreparedRestore restore = repository.prepare(RestorePlan.latest("crm")
                    .only("db", Tables.table("company").key("0012"))
                    .only("db", Tables.table("company").where("code", "12").where("name", "Twelve"))
                    .into("db", JdbcTarget.merge(db, OnConflict.SKIP))
                    .build())) {
                assertThat(restore.preview().records()).isEqualTo(2);
            }
        }
    }

    @Test
    void targetsAroundOrWithinTheRepositoryAreRefused() throws Exception {
        Path store = directory.resolve("store/repository");
        try (BackupRepository repository = BackupRepository.on(
                        DirectorySink.at(store).createDirectory())
                .encryption(Encryption.none())
                .workDirectory(directory.resolve("work"))
                .create()) {
            Files.createDirectories(attachments());
            repository.backup(BackupPlan.named("crm")
                    .source("files", DirectorySource.of(attachments()))
                    .build());
            for (Path target : List.of(store, store.getParent(), store.resolve("below"), directory)) {
                assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                                .into("files", DirectoryTarget.at(target))
                                .build()))
                        .as(target.toString())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("keep them apart");
            }
        }
    }

    @Test
    void targetsThatWouldWriteIntoEachOtherAreRefused() throws Exception {
        DataSource db = database("sqlite", "crm");
        fill(db);
        Path one = directory.resolve("one");
        try (BackupRepository repository = repository()) {
            repository.backup(BackupPlan.named("crm")
                    .source("a", DirectorySource.of(attachments()))
                    .source("b", DirectorySource.of(attachments()))
                    .build());
            for (Path two : List.of(one, one.resolve("below"))) {
                assertThatThrownBy(() -> repository.prepare(RestorePlan.latest("crm")
                                .into("a", DirectoryTarget.at(one))
                                .into("b", DirectoryTarget.at(two))
                                .build()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("targets a and b");
            }
        }
    }

    @Test
    void kindsOfSystemThatDoNotFitAreRefusedBeforeAnythingIsWritten() throws Exception {
        DataSource db = database("sqlite", "crm");
        fill(db);
        DataSource hsqldb = Databases.hsqldb(directory, "other");
        try (BackupRepository repository = repository()) {
            repository.backup(plan(db));
            assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                            .into("db", JdbcTarget.merge(hsqldb, OnConflict.SKIP))
                            .build()))
                    .isInstanceOf(RestoreRefusedException.class)
                    .hasMessageContaining("the backup is one of SQLite, the database is HSQL Database Engine");
            assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                            .into("db", DirectoryTarget.at(directory.resolve("d")))
                            .build()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("one collection of files");
            assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                            .into("files", JdbcTarget.empty(hsqldb))
                            .build()))
                    .isInstanceOf(RestoreRefusedException.class);
            assertThat(directory.resolve("d")).doesNotExist();
        }
    }

    @Test
    void driftOfTheSchemaIsToldBeforeTheFirstRow() throws Exception {
        DataSource db = database("h2", "crm");
        fill(db);
        try (BackupRepository repository = repository()) {
            repository.backup(plan(db));
            deleteLost(db);
            Databases.execute(
                    db,
                    "alter table contact drop column name",
                    "alter table contact add column phone varchar(20)",
                    "drop table note");
            List<String> before = rows(db, "select * from contact order by id");
            assertThatThrownBy(() -> repository.restore(undelete(db, OnConflict.SKIP)))
                    .isInstanceOf(RestoreRefusedException.class)
                    .hasMessageContaining("the database has no table NOTE");
            assertThat(rows(db, "select * from contact order by id")).isEqualTo(before);
        }
    }
}
