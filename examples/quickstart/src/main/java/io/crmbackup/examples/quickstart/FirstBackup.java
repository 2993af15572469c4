package io.crmbackup.examples.quickstart;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.DataRate;
import io.crmbackup.Encryption;
import io.crmbackup.FileReferences;
import io.crmbackup.Limits;
import io.crmbackup.PreparedExpire;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RecordReferences;
import io.crmbackup.RestorePlan;
import io.crmbackup.Retention;
import io.crmbackup.SnapshotDiff;
import io.crmbackup.SnapshotSelection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.export.ExportTarget;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.jdbc.MergePolicy;
import io.crmbackup.jdbc.Tables;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.CopyReport;
import io.crmbackup.report.RecordChange;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.Sink;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** The code that the README shows, region by region. */
public final class FirstBackup {
    private FirstBackup() {}

    /** Backs up a database and its folder of attachments. */
    public static BackupReport backUp(
            DataSource dataSource, Path files, Path repositoryDirectory, Supplier<char[]> passphrase) {
        // README: first backup
        BackupPlan plan = BackupPlan.named("crm")
                .source("db", JdbcSource.of(dataSource))
                .source("attachments", DirectorySource.of(files))
                .build();
        try (BackupRepository repository = BackupRepository.on(DirectorySink.at(repositoryDirectory))
                .encryption(Encryption.passphrase(passphrase))
                .openOrCreate()) {
            return repository.backup(plan);
        }
        // README: end
    }

    /** A plan with all that can be said. */
    public static BackupPlan plan(DataSource dataSource, Path files) {
        // README: plan
        BackupPlan plan = BackupPlan.named("crm")
                .source("db", JdbcSource.from(dataSource).exclude("tmp_*").build())
                .source(
                        "attachments",
                        DirectorySource.from(files).exclude("**/*.part").build())
                .references(FileReferences.from("db", "attachment")
                        .path("path")
                        .size("bytes")
                        .in("attachments"))
                .strategy(BackupStrategy.incremental().fullAtLeastEvery(Duration.ofDays(7)))
                .limits(Limits.none().read(DataRate.mebibytesPerSecond(50)).cores(2))
                .build();
        // README: end
        return plan;
    }

    /** Restores the whole system into empty places. */
    public static void restore(BackupRepository repository, DataSource emptyDatabase, Path emptyDirectory) {
        // README: restore
        repository.restore(RestorePlan.latest("crm")
                .into("db", JdbcTarget.empty(emptyDatabase))
                .into("attachments", DirectoryTarget.at(emptyDirectory))
                .verify()
                .build());
        // README: end
    }

    /** Makes the running system what it was, and gives the restore point that would undo that. */
    public static SnapshotId rollBack(BackupRepository repository, BackupPlan plan, Instant beforeTheMistake) {
        // README: roll back
        RestorePlan rollBack = RestorePlan.asOf("crm", beforeTheMistake)
                .intoSourcesOf(plan)
                .verify()
                .build();
        try (PreparedRestore restore = repository.prepare(rollBack)) {
            System.out.println(restore.preview());
            RestoreReport report = restore.execute();
            return report.safetySnapshot().orElseThrow();
        }
        // README: end
    }

    /** Brings one record back, with all that belongs to it, into the running system. */
    public static void undelete(
            BackupRepository repository, DataSource dataSource, Path files, Instant beforeTheMistake) {
        // README: undelete
        RestorePlan undelete = RestorePlan.asOf("crm", beforeTheMistake)
                .only(
                        "db",
                        Tables.table("contact")
                                .key(4711)
                                .withParents()
                                .withChildren()
                                .withFiles())
                .into("db", JdbcTarget.merge(dataSource, OnConflict.SKIP))
                .into("attachments", DirectoryTarget.merge(files, OnConflict.SKIP))
                .build();
        try (PreparedRestore restore = repository.prepare(undelete)) {
            System.out.println(restore.preview());
            restore.execute();
        }
        // README: end
    }

    /** Takes back what a mistake in bulk did to the mail addresses of one account's contacts, and nothing else. */
    public static void undo(BackupRepository repository, DataSource dataSource, SnapshotId before, SnapshotId after) {
        // README: undo
        repository.restore(RestorePlan.snapshot(before)
                .undoing(after)
                .only("db", Tables.table("contact").where("account_id", 4711).fields("email"))
                .into("db", JdbcTarget.merge(dataSource, OnConflict.SKIP))
                .build());
        // README: end
    }

    /** Says what the database doesn't know: which notes belong to which contacts; and brings a contact back with them. */
    public static RestorePlan references(DataSource dataSource) {
        // README: references
        RecordReferences notes = RecordReferences.from("db", "note")
                .fields("entity_id")
                .when("entity_type", "Contact")
                .to("contact", "id");
        RestorePlan plan = RestorePlan.latest("crm")
                .references(notes)
                .only("db", Tables.table("contact").key(4711).withChildren("note", "activity"))
                .into("db", JdbcTarget.merge(dataSource, OnConflict.SKIP))
                .build();
        // README: end
        return plan;
    }

    /** Brings tables of a running system back, each by its own policy. */
    public static void merge(BackupRepository repository, DataSource dataSource) {
        // README: merge
        JdbcTarget live = JdbcTarget.merge(dataSource, MergePolicy.onlyMissing())
                .table("contact", MergePolicy.keepNewer("modified_at"))
                .table("country", MergePolicy.mirror().withoutTriggers())
                .column("contact", "phone", "phone_number");
        RestorePlan tables = RestorePlan.latest("crm")
                .only("db", Tables.table("contact"))
                .only("db", Tables.table("country"))
                .into("db", live)
                .build();
        try (PreparedRestore restore = repository.prepare(tables)) {
            System.out.println(restore.preview());
            restore.execute();
        }
        // README: end
    }

    /** Writes one account's contacts into a CSV file that a spreadsheet may open. */
    public static void export(BackupRepository repository, Path directory) {
        // README: export
        repository.restore(RestorePlan.latest("crm")
                .only("db", Tables.table("contact").where("account_id", 4711))
                .into("db", ExportTarget.csvForSpreadsheets(directory))
                .build());
        // README: end
    }

    /** Compares two restore points and proves that all of them can be restored. */
    public static void check(BackupRepository repository, SnapshotId older, SnapshotId newer) {
        // README: diff and verify
        try (SnapshotDiff diff = repository.diff(older, newer)) {
            for (RecordChange change : diff) {
                System.out.println(
                        change.kind() + " " + change.collection() + " " + change.key() + " " + change.fields());
            }
        }
        System.out.println(repository.verify(VerifyDepth.allData()).isSound());
        // README: end
    }

    /** Drops the snapshots that the plan does not keep, and gives back their space. */
    public static void keepWhatIsNeeded(BackupRepository repository, Path files) {
        // README: retention
        BackupPlan plan = BackupPlan.named("crm")
                .source("attachments", DirectorySource.of(files))
                .retention(Retention.keep().last(7).daily(30).weekly(12).monthly(24))
                .build();
        PreparedExpire expire = repository.expire(plan);
        expire.kept().forEach(kept -> System.out.println(kept.snapshot().moment() + " " + kept.reasons()));
        expire.commit();
        System.out.println(repository.prune().commit());
        // README: end
    }

    /** Copies what is new into a second repository. */
    public static CopyReport copy(BackupRepository repository, Sink secondStore, Supplier<char[]> otherPassphrase) {
        // README: second copy
        try (BackupRepository second = BackupRepository.on(secondStore)
                .encryption(Encryption.passphrase(otherPassphrase))
                .openOrCreate()) {
            return repository.copyTo(second, SnapshotSelection.all());
        }
        // README: end
    }
}
