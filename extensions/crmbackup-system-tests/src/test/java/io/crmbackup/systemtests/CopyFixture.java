package io.crmbackup.systemtests;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.SnapshotDiff;
import io.crmbackup.SnapshotSelection;
import io.crmbackup.report.RecordChange;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A CRM that is backed up and changes, and two repositories: one without encryption, one with. */
abstract class CopyFixture {
    static final SnapshotSelection ALL = SnapshotSelection.all();

    @TempDir
    Path work;

    final InMemorySink here = new InMemorySink();
    final InMemorySink there = new InMemorySink();
    final InMemorySource files = Crm.files();
    InMemorySource database = Crm.database();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    BackupRepository original;
    BackupRepository other;

    @BeforeEach
    void create() throws IOException {
        Files.write(work.resolve("key"), Crm.bytes(1, 32));
        original = on(here, Encryption.none(), true);
        other = on(there, Encryption.keyFile(work.resolve("key")), true);
        for (int i = 0; i < 300; i++) {
            Crm.contact(database, i, "name " + i);
        }
        event("once");
        event("twice");
        event("twice");
        event("long " + "x".repeat(9_000));
        Crm.file(files, "large", Crm.bytes(1, 700_000));
        Crm.file(files, "deep/" + "d".repeat(1_100), Crm.bytes(2, 3_000));
        Crm.file(files, "empty", new byte[0]);
        Crm.directory(files, "folder");
        for (int i = 0; i < 50; i++) {
            Crm.file(files, "folder/" + i, Crm.bytes(i, 100 + i * 100));
        }
    }

    @AfterEach
    void close() {
        original.close();
        other.close();
    }

    BackupRepository on(InMemorySink sink, Encryption encryption, boolean fresh) {
        var builder = BackupRepository.on(sink.client())
                .encryption(encryption)
                .workDirectory(work)
                .clock(() -> now);
        return fresh ? builder.create() : builder.open();
    }

    void event(String what) {
        database.put("event", FieldValue.text(what));
    }

    SnapshotId backup(BackupStrategy strategy) {
        return backup(original, strategy);
    }

    SnapshotId backup(BackupRepository repository, BackupStrategy strategy) {
        now = now.plusSeconds(3600);
        return repository
                .backup(
                        BackupPlan.named("crm")
                                .source("db", database)
                                .source("files", files)
                                .build(),
                        strategy)
                .snapshot();
    }

    SnapshotId backup() {
        return backup(BackupStrategy.incremental());
    }

    /** Other events, some contacts and files changed, added and removed. */
    void edit(int round) {
        InMemorySource edited = Crm.database();
        for (int i = 0; i < 300 + round; i++) {
            if (i % 50 != round) {
                Crm.contact(edited, i, "name " + (i % 40 == round ? "edited " + round : i));
            }
        }
        database = edited;
        event("once");
        event(round % 2 == 0 ? "once" : "twice");
        event("long " + "x".repeat(9_000 + round % 2));
        event("round " + round);
        Crm.file(files, "folder/" + round, Crm.bytes(1000 + round, 5_000));
        Crm.file(files, "new " + round, Crm.bytes(2000 + round, 10_000));
        files.remove("files", RecordKey.path("folder/" + (20 + round)));
        byte[] large = Crm.bytes(1, 700_000);
        large[round * 50_000]++;
        Crm.file(files, "large", large);
    }

    static Map<String, Object> content(BackupRepository repository, SnapshotId id) throws IOException {
        InMemoryTarget database = InMemoryTarget.empty();
        InMemoryTarget files = InMemoryTarget.empty();
        repository.restore(RestorePlan.snapshot(id)
                .into("db", database)
                .into("files", files)
                .verify()
                .build());
        return Map.of("db", Lab.content(database), "files", Lab.content(files));
    }

    static List<String> changes(BackupRepository repository, SnapshotId older, SnapshotId newer) {
        List<String> found = new ArrayList<>();
        try (SnapshotDiff diff = repository.diff(older, newer)) {
            for (RecordChange change : diff) {
                found.add(change.kind() + " " + change.collection() + " " + change.key() + " " + change.fields());
            }
        }
        // Rows without keys are ordered by secrets.
        return found.stream().sorted().toList();
    }
}
