package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupRepository;
import io.crmbackup.BackupRepositoryBuilder;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Sink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** A system of a few records, so that it can be backed up thousands of times. */
record TinyCrm(Path work) {
    static final String PLAN = "crm";

    private static final RecordSchema TICKET = RecordSchema.builder()
            .field("id", FieldType.INTEGER)
            .field("subject", FieldType.TEXT)
            .key("id")
            .build();
    private static final RecordSchema EVENT =
            RecordSchema.builder().field("what", FieldType.TEXT).build();

    /** What a snapshot must restore to. */
    record Kept(SnapshotId id, Map<String, Map<String, String>> content) {}

    BackupRepositoryBuilder on(Sink sink) {
        return BackupRepository.on(sink).encryption(Encryption.none()).workDirectory(work);
    }

    /** The system in one of its states. */
    static InMemorySource system(long state) {
        InMemorySource system = new InMemorySource()
                .collection("ticket", TICKET)
                .collection("event", EVENT)
                .collection("file", Lab.FILES);
        for (int i = 0; i < 10; i++) {
            system.put("ticket", Lab.values(i, "subject " + i));
        }
        Random random = new Random(state);
        for (int i = 0; i < 3; i++) {
            system.put("ticket", Lab.values(random.nextInt(20), "state " + state + " " + random.nextInt()));
        }
        system.put("event", Lab.values("opened")).put("event", Lab.values("opened"));
        system.put("file", RecordKey.path("same"), Lab.values("600", Lab.random(9000, 1)));
        system.put("file", RecordKey.path("other"), Lab.values("600", Lab.random(6000, state)));
        return system;
    }

    Map<String, Map<String, String>> restored(BackupRepository repository, SnapshotId id) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        repository.restore(RestorePlan.snapshot(id).into("db", target).build());
        return Lab.content(target);
    }

    void expectRestored(BackupRepository repository, Kept one) throws IOException {
        assertThat(restored(repository, one.id())).as("snapshot %s", one.id()).isEqualTo(one.content());
    }
}
