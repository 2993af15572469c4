package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.RestorePlan;
import io.crmbackup.Snapshot;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which restore point is taken. */
class RestorePointsTest {
    private Lab lab;
    private InMemorySource system;
    private int state;

    @BeforeEach
    void create(@TempDir Path work) {
        lab = new Lab(work);
        system = new InMemorySource(lab.clock)
                .collection(
                        "t",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field("state", FieldType.TEXT)
                                .key("id")
                                .build());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private SnapshotId next() {
        system.put("t", Lab.values(1, "state " + ++state));
        return lab.backup("db", system);
    }

    private SnapshotId partial() {
        system.put("t", Lab.values(1, "state " + ++state)).put("t", Lab.values(2, "x"));
        system.unreadable("t", Lab.intKey(2));
        try {
            lab.backup("db", system);
            throw new AssertionError("the backup should be incomplete");
        } catch (IncompleteBackupException e) {
            return e.report().snapshot();
        } finally {
            system.heal().remove("t", Lab.intKey(2));
        }
    }

    private String restored(RestorePlan.Builder plan) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        lab.repository.restore(plan.into("db", target).build());
        return Lab.content(target).get("t").get("1");
    }

    @Test
    void latestIsTheLastCompleteOne() throws IOException {
        next();
        next();
        partial();
        assertThat(restored(RestorePlan.latest("crm"))).isEqualTo("1 state 2");
    }

    @Test
    void latestIsTheLastCommittedEvenIfTheClockWentBack() throws IOException {
        next();
        lab.turn(Duration.ofDays(-3));
        next();
        assertThat(restored(RestorePlan.latest("crm"))).isEqualTo("1 state 2");
    }

    @Test
    void partialSnapshotRestoresByItsIdAndSaysSo() throws IOException {
        next();
        SnapshotId partial = partial();
        InMemoryTarget target = InMemoryTarget.empty();
        try (var restore = lab.repository.prepare(
                RestorePlan.snapshot(partial).into("db", target).build())) {
            assertThat(restore.preview().notes()).anyMatch(note -> note.contains("PARTIAL: 1 problem was met"));
            restore.execute();
        }
        assertThat(Lab.content(target).get("t")).containsOnlyKeys("1");
        assertThat(lab.repository.snapshot(partial.hex()).state()).isEqualTo(SnapshotState.PARTIAL);
    }

    @Test
    void asOfTakesTheMomentAtOrBefore() throws IOException {
        next();
        Instant second = lab.turn(Duration.ofHours(1));
        next();
        lab.turn(Duration.ofMinutes(30));
        partial();
        Instant third = lab.turn(Duration.ofMinutes(30));
        next();
        assertThat(restored(RestorePlan.asOf("crm", second))).isEqualTo("1 state 2");
        assertThat(restored(RestorePlan.asOf("crm", second.minusNanos(1)))).isEqualTo("1 state 1");
        assertThat(restored(RestorePlan.asOf("crm", third.minusMillis(1)))).isEqualTo("1 state 2");
        assertThat(restored(RestorePlan.asOf("crm", Instant.MAX))).isEqualTo("1 state 4");
    }

    @Test
    void asOfGoesByMomentsWhenTheClockWentBack() throws IOException {
        Instant later = lab.clock.instant();
        next();
        Instant earlier = lab.turn(Duration.ofHours(-5));
        next();
        assertThat(restored(RestorePlan.asOf("crm", later))).isEqualTo("1 state 1");
        assertThat(restored(RestorePlan.asOf("crm", earlier))).isEqualTo("1 state 2");
    }

    @Test
    void asOfTakesTheLaterOfTwoWithEqualMoments() throws IOException {
        next();
        next();
        assertThat(restored(RestorePlan.asOf("crm", lab.clock.instant()))).isEqualTo("1 state 2");
    }

    @Test
    void asOfBeforeTheFirstSaysWhatThereIs() {
        Instant first = lab.clock.instant();
        next();
        assertThatThrownBy(() -> restored(RestorePlan.asOf("crm", first.minusMillis(1))))
                .isInstanceOf(SnapshotNotFoundException.class)
                .hasMessageContaining("plan crm has no complete snapshot of " + first.minusMillis(1) + " or before")
                .hasMessageContaining("the earliest is of " + first);
    }

    @Test
    void unknownPlanSaysWhatThereIs() {
        assertThatThrownBy(() -> restored(RestorePlan.latest("crm")))
                .isInstanceOf(SnapshotNotFoundException.class)
                .hasMessageContaining("the repository is empty");
        next();
        assertThatThrownBy(() -> restored(RestorePlan.latest("cmr")))
                .isInstanceOf(SnapshotNotFoundException.class)
                .hasMessageContaining("cmr")
                .hasMessageContaining("[crm]");
    }

    @Test
    void prefixOfAnIdFindsTheSnapshot() {
        SnapshotId id = next();
        assertThat(lab.repository.snapshot(id.hex().substring(0, 12)).id()).isEqualTo(id);
        assertThat(lab.repository.snapshot(id.hex()).id()).isEqualTo(id);
    }

    @Test
    void ambiguousPrefixNamesTheCandidates() {
        List<Snapshot> all;
        String prefix;
        do {
            next();
            all = lab.repository.snapshots();
            prefix = sharedFirstDigit(all);
        } while (prefix.isEmpty());
        String shared = prefix;
        assertThatThrownBy(() -> lab.repository.snapshot(shared))
                .isInstanceOf(SnapshotNotFoundException.class)
                .hasMessageContaining("the ids of 2 snapshots begin with \"" + shared + "\"")
                .hasMessageContaining(all.get(0).id().hex());
    }

    private static String sharedFirstDigit(List<Snapshot> newestFirst) {
        String first = newestFirst.get(0).id().hex().substring(0, 1);
        return newestFirst.stream().skip(1).anyMatch(other -> other.id().hex().startsWith(first)) ? first : "";
    }

    @Test
    void unknownPrefixAndIdFail() {
        next();
        for (String prefix : new String[] {"", "xyz", "0".repeat(32)}) {
            assertThatThrownBy(() -> lab.repository.snapshot(prefix))
                    .isInstanceOf(SnapshotNotFoundException.class)
                    .hasMessageContaining("\"" + prefix + "\"");
        }
        SnapshotId unknown = SnapshotId.of("0".repeat(32));
        assertThatThrownBy(() -> restored(RestorePlan.snapshot(unknown)))
                .isInstanceOf(SnapshotNotFoundException.class)
                .hasMessageContaining(unknown.hex());
    }

    @Test
    void prefixInUpperCaseFindsTheSnapshot() {
        SnapshotId id = next();
        assertThat(lab.repository
                        .snapshot(id.hex().toUpperCase(java.util.Locale.ROOT))
                        .id())
                .isEqualTo(id);
    }
}
