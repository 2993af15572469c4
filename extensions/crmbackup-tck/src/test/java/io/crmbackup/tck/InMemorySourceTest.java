package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InMemorySourceTest {
    @TempDir
    private Path directory;

    @Nested
    class OfAMoment extends TicketsSourceTck {}

    @Nested
    class TellingChanges extends TicketsSourceTck {
        TellingChanges() {
            system.with(InMemorySource.Setting.CHANGES);
        }
    }

    @Nested
    class TellingChangesWithoutOrder extends TicketsSourceTck {
        TellingChangesWithoutOrder() {
            system.with(InMemorySource.Setting.CHANGES).with(InMemorySource.Setting.UNSORTED);
        }
    }

    @Nested
    class WithAllSettings extends TicketsSourceTck {
        WithAllSettings() {
            for (InMemorySource.Setting setting : InMemorySource.Setting.values()) {
                system.with(setting);
            }
        }
    }

    @Nested
    class WithWholeReadFailing extends TicketsSourceTck {
        @Override
        protected boolean makeUnreadable() {
            system.breakingOff("ticket", SupportTickets.ticketKey(5));
            return true;
        }
    }

    @Test
    void unsortedRecordsAreNotInOrder() throws IOException {
        InMemorySource system = SupportTickets.create().with(InMemorySource.Setting.UNSORTED);
        assertThat(SourceReading.of(system, directory).collections().get("ticket").records().stream()
                        .map(SourceReading.Read::key)
                        .sorted()
                        .toList())
                .isNotEqualTo(SourceReading.of(system, directory).collections().get("ticket").records().stream()
                        .map(SourceReading.Read::key)
                        .toList());
    }

    @Test
    void fingerprintChangesWithTheRecordAndNoOther() throws IOException {
        InMemorySource system = SupportTickets.create().with(InMemorySource.Setting.FINGERPRINTS);
        SourceReading before = SourceReading.of(system, directory);
        SupportTickets.ticket(system, -3, "subject -3");
        SourceReading after = SourceReading.of(system, directory);
        for (int i = 0; i < 13; i++) {
            String was = before.collections().get("ticket").records().get(i).fingerprint();
            assertThat(after.collections()
                            .get("ticket")
                            .records()
                            .get(i)
                            .fingerprint()
                            .equals(was))
                    .isEqualTo(i > 0);
        }
    }

    @Test
    void troublesAreReportedAndHeal() throws IOException {
        InMemorySource system = SupportTickets.create();
        RecordKey key = SupportTickets.ticketKey(5);
        system.unreadable("ticket", key);
        assertThat(SourceReading.of(system, directory).problems())
                .singleElement()
                .extracting(Problem::kind)
                .isEqualTo(Problem.Kind.UNREADABLE);
        system.heal().unstable("ticket", key);
        assertThat(SourceReading.of(system, directory).collections().get("ticket").records().stream()
                        .filter(r -> !r.stable()))
                .singleElement()
                .extracting(SourceReading.Read::key)
                .isEqualTo(key);
        system.heal().breakingOff("ticket", key);
        assertThatIOException().isThrownBy(() -> SourceReading.of(system, directory));
        system.heal().remove("ticket", key);
        assertThat(SourceReading.of(system, directory)
                        .collections()
                        .get("ticket")
                        .records())
                .hasSize(12)
                .allMatch(SourceReading.Read::stable);
    }

    @Test
    void recordThatDoesNotFitIsRefused() {
        InMemorySource system = SupportTickets.create();
        FieldValue value = FieldValue.text("x");
        assertThatIllegalArgumentException().isThrownBy(() -> system.put("ticket", value));
        assertThatIllegalArgumentException().isThrownBy(() -> system.put("file", value));
        assertThatIllegalArgumentException().isThrownBy(() -> system.put("nothing", value));
        assertThatIllegalArgumentException().isThrownBy(() -> system.collection("file", SupportTickets.FILE));
        assertThatIllegalArgumentException().isThrownBy(() -> system.put("event", FieldValue.content(() -> null, 1)));
    }
}
