package io.crmbackup.tck;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupRepositoryBuilder;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.Snapshot;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A system of a few records, backed up into a repository that a key file opens. */
final class SmallCrm {
    static final String PLAN = "crm";

    private final Path directory;
    private final Path key;

    /** What a snapshot must restore to. */
    record Kept(SnapshotId id, Map<String, List<List<Object>>> content) {}

    SmallCrm(Path directory) throws IOException {
        this.directory = directory;
        this.key = directory.resolve("key");
        if (Files.notExists(key)) {
            Files.write(key, SinkScratch.bytes(32, 1));
        }
    }

    /** The system in one of its states. */
    static InMemorySource system(long state) {
        // Large files would only be work, thousands of times.
        InMemorySource system = SupportTickets.withFiles(3_000);
        Random random = new Random(state);
        for (int i = 0; i < 3; i++) {
            SupportTickets.ticket(system, random.nextInt(20), "state " + state + " " + random.nextInt());
        }
        system.put("file", SupportTickets.file(1), FieldValue.of(SinkScratch.bytes(6000, state)));
        return system;
    }

    BackupRepositoryBuilder on(Sink sink) {
        return BackupRepository.on(sink).encryption(Encryption.keyFile(key)).workDirectory(directory.resolve("work"));
    }

    /** Backs up a state of the system. */
    Kept backup(BackupRepository repository, long state) throws IOException {
        return backup(repository, state, BackupStrategy.incremental());
    }

    /** Backs up a state of the system in a certain way. */
    Kept backup(BackupRepository repository, long state, BackupStrategy strategy) throws IOException {
        InMemorySource system = system(state);
        SnapshotId id = repository
                .backup(BackupPlan.named(PLAN).source("db", system).build(), strategy)
                .snapshot();
        return new Kept(id, content(system));
    }

    /** What a snapshot restores to. */
    Map<String, List<List<Object>>> restored(BackupRepository repository, SnapshotId id) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        repository.restore(RestorePlan.snapshot(id).into("db", target).build());
        return content(target.system());
    }

    /** That every snapshot kept restores as it was, that each that is listed restores, and that the next backup succeeds. */
    void check(Sink sink, List<Kept> kept) throws IOException {
        try (BackupRepository repository = on(sink).open()) {
            Map<SnapshotId, Kept> known = new HashMap<>();
            kept.forEach(one -> known.put(one.id(), one));
            for (Snapshot snapshot : repository.snapshots(PLAN)) {
                Kept one = known.remove(snapshot.id());
                if (one != null) {
                    expectRestored(repository, one);
                } else {
                    // Its acknowledgement was lost with the process: whatever it is, it must restore.
                    SinkScratch.expect(
                            !restored(repository, snapshot.id()).isEmpty(), "snapshot %s is empty", snapshot.id());
                }
            }
            SinkScratch.expect(known.isEmpty(), "what was acknowledged is not listed: %s", known.keySet());
            Kept next = backup(repository, 1000);
            expectRestored(repository, next);
        }
    }

    void expectRestored(BackupRepository repository, Kept one) throws IOException {
        SinkScratch.expect(
                restored(repository, one.id()).equals(one.content()),
                "snapshot %s restores to something else",
                one.id());
    }

    Map<String, List<List<Object>>> content(InMemorySource system) throws IOException {
        Map<String, List<List<Object>>> content =
                SourceReading.of(system, directory).content();
        // Records without a key come back in any order.
        content.computeIfPresent(
                "event",
                (name, records) -> records.stream()
                        .sorted(Comparator.comparing(SmallCrm::text))
                        .toList());
        return content;
    }

    private static String text(List<Object> record) {
        return ((List<?>) record.get(0))
                .stream().map(v -> ((FieldValue) v).text()).toList().toString();
    }
}
