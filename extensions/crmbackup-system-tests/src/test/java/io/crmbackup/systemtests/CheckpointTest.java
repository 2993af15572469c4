package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupRepositoryBuilder;
import io.crmbackup.Encryption;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.NotARepositoryException;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private final InMemorySink sink = new InMemorySink();
    private final BackupPlan plan = BackupPlan.named("crm")
            .source(
                    "db",
                    new InMemorySource()
                            .collection(
                                    "note",
                                    RecordSchema.builder()
                                            .field("text", FieldType.TEXT)
                                            .build())
                            .put("note", FieldValue.text("hello")))
            .build();

    private static BackupRepositoryBuilder on(InMemorySink sink) {
        return BackupRepository.on(sink.client()).encryption(Encryption.none());
    }

    @Test
    void storeThatWentOnIsAccepted() {
        String checkpoint;
        try (BackupRepository repository = on(sink).create()) {
            checkpoint = repository.checkpoint();
            repository.backup(plan);
        }
        try (BackupRepository repository = on(sink).expect(checkpoint).open()) {
            assertThat(repository.snapshots()).hasSize(1);
            assertThat(repository.checkpoint()).isNotEqualTo(checkpoint);
        }
    }

    @Test
    void storeThatWasRolledBackIsNoticed() {
        String checkpoint;
        InMemorySink earlier;
        try (BackupRepository repository = on(sink).create()) {
            repository.backup(plan);
            earlier = sink.copy();
            repository.backup(plan);
            checkpoint = repository.checkpoint();
        }
        try (BackupRepository unaware = on(earlier).open()) {
            assertThat(unaware.snapshots()).hasSize(1);
        }
        assertThatThrownBy(() -> on(earlier).expect(checkpoint).open()).isInstanceOf(DamagedObjectException.class);
    }

    @Test
    void otherRepositoryInItsPlaceIsNoticed() {
        String id;
        try (BackupRepository repository = on(sink).create()) {
            id = repository.id();
        }
        InMemorySink other = new InMemorySink();
        on(other).create().close();
        assertThatThrownBy(() -> on(other).expect(id).open())
                .isInstanceOf(NotARepositoryException.class)
                .hasMessageContaining("not " + id + " as expected");
    }

    @Test
    void textThatIsNeitherIdNorCheckpointIsRefused() {
        for (String text : new String[] {"", "crm", "0123", "0".repeat(32) + "@", "0".repeat(32) + "@5-xyz"}) {
            assertThatThrownBy(() -> on(sink).expect(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("checkpoint");
        }
    }
}
