package io.crmbackup.examples.quickstart;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Encryption;
import io.crmbackup.FileReferences;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.SnapshotDiff;
import io.crmbackup.VerifyDepth;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.jdbc.Tables;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.VerifyReport;
import io.crmbackup.spi.OnConflict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Backs up a small CRM, loses it, and gets it back: first all of it, then one deleted contact with everything that belongs to it.
 *
 * <p>With {@code --jdbc URL --dir PATH} it backs up a database and a folder of your own instead, and restores them into empty places; nothing
 * of yours is changed. {@code --work PATH} names where repository and restored copies are kept; otherwise a temporary directory, removed at
 * the end.
 */
public final class Quickstart {
    private final Screen screen = new Screen(System.out);
    private final Path directory;

    private Quickstart(Path directory) {
        this.directory = directory;
    }

    /** Runs the program; see the class. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.parse(args);
        try (Workplace place = Workplace.at(arguments.work())) {
            Quickstart quickstart = new Quickstart(place.path());
            if (arguments.isOwnSystem()) {
                quickstart.backUp(OwnSystem.of(arguments));
            } else {
                quickstart.demonstrate();
            }
        }
    }

    private BackupRepository repository() {
        return BackupRepository.on(
                        DirectorySink.at(directory.resolve("repository")).createDirectory())
                .encryption(Encryption.passphrase(() -> "correct horse battery staple".toCharArray()))
                .workDirectory(directory.resolve("work"))
                .listener(screen)
                .create();
    }

    private void demonstrate() throws Exception {
        screen.title("A CRM: a database and a folder of attachments");
        DemoCrm crm = new DemoCrm(directory.resolve("crm"));
        crm.create();
        screen.line("contact %d: %s", DemoCrm.LOST_CONTACT, crm.describe(DemoCrm.LOST_CONTACT));
        BackupPlan plan = BackupPlan.named("crm")
                .source("db", JdbcSource.of(crm.database()))
                .source("attachments", DirectorySource.of(crm.attachments()))
                .references(FileReferences.from("db", "attachment")
                        .path("path")
                        .size("bytes")
                        .in("attachments"))
                .build();
        try (BackupRepository repository = repository()) {
            screen.title("Full backup");
            BackupReport full = repository.backup(plan, BackupStrategy.full());
            screen.show(full);

            screen.title("A day of work, then an incremental backup: what changed since the last one");
            crm.workADay();
            BackupReport incremental = repository.backup(plan);
            screen.show(incremental);

            screen.title("Another day, then a differential backup: what changed since the full one");
            crm.workAnotherDay();
            BackupReport differential = repository.backup(plan, BackupStrategy.differential());
            screen.show(differential);

            screen.title("What the first day changed, to the field");
            try (SnapshotDiff diff = repository.diff(full.snapshot(), incremental.snapshot())) {
                screen.show(diff);
            }
            verify(repository);

            screen.title("Disaster: everything is dropped. Restore");
            crm.dropEverything();
            screen.show(repository.restore(RestorePlan.latest("crm")
                    .into("db", JdbcTarget.empty(crm.database()))
                    .into("attachments", DirectoryTarget.at(crm.attachments()))
                    .verify()
                    .build()));
            prove(repository, plan, differential);

            screen.title("One deleted contact, as of the first backup, with all that belongs to it");
            screen.line("before: contact %d: %s", DemoCrm.LOST_CONTACT, crm.describe(DemoCrm.LOST_CONTACT));
            undelete(repository, crm, full.moment());
            screen.line("after:  contact %d: %s", DemoCrm.LOST_CONTACT, crm.describe(DemoCrm.LOST_CONTACT));
        }
    }

    private void undelete(BackupRepository repository, DemoCrm crm, Instant moment) {
        RestorePlan undelete = RestorePlan.asOf("crm", moment)
                .only(
                        "db",
                        Tables.table("contact")
                                .key(DemoCrm.LOST_CONTACT)
                                .withParents()
                                .withChildren()
                                .withFiles())
                .into("db", JdbcTarget.merge(crm.database(), OnConflict.SKIP))
                .into("attachments", DirectoryTarget.merge(crm.attachments(), OnConflict.SKIP))
                .build();
        try (PreparedRestore restore = repository.prepare(undelete)) {
            screen.show(restore.preview());
            screen.show(restore.execute());
        }
    }

    private void verify(BackupRepository repository) {
        screen.title("Verify: every stored byte is read, decrypted and proved");
        VerifyReport report = repository.verify(VerifyDepth.allData());
        screen.line(
                "%d snapshots, %,d chunks, %s: %s",
                report.snapshots(),
                report.chunks(),
                Screen.size(report.bytes()),
                report.isSound() ? "sound" : report.damages());
    }

    /** The strictest test there is: back up what was restored, and compare with what was backed up. */
    private void prove(BackupRepository repository, BackupPlan plan, BackupReport original) {
        screen.title("Proof: what was restored is backed up in full, and compared with what was backed up before");
        BackupReport again = repository.backup(plan, BackupStrategy.full());
        try (SnapshotDiff diff = repository.diff(original.snapshot(), again.snapshot())) {
            boolean identical = !diff.iterator().hasNext();
            screen.line(identical ? "identical" : "NOT identical");
            if (!identical) {
                throw new IllegalStateException("what was restored differs from what was backed up");
            }
        }
    }

    private void backUp(OwnSystem system) throws Exception {
        screen.title("Your system: " + system);
        try (BackupRepository repository = repository()) {
            screen.title("Full backup");
            BackupReport full = repository.backup(system.plan());
            screen.show(full);
            screen.title("Incremental backup");
            screen.show(repository.backup(system.plan()));
            verify(repository);
            screen.title("Restore into empty places");
            OwnSystem copy = system.emptyCopy(Files.createDirectories(directory.resolve("restored")));
            screen.show(repository.restore(copy.restoreOf(full.snapshot())));
            prove(repository, copy.plan(), full);
        }
    }
}
