package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.PruneOptions;
import io.crmbackup.Snapshot;
import io.crmbackup.error.CommitConflictException;
import io.crmbackup.report.CollectionReading;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.tck.InMemorySource.Setting;
import io.crmbackup.tck.Operation;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The same with a system that tells what changed: most of the tree is the base's, and nobody looked at it. */
class HeldUpChangesTest extends HeldUpClientsTest {
    HeldUpChangesTest() {
        system.with(Setting.CHANGES);
    }

    /** Enough for a tree of several leaves, so that changes touch few. */
    @Override
    int notes() {
        return 3_000;
    }

    @Test
    void baseThatIsGivenUpWhileOnlyChangesAreReadLeavesACompleteSnapshotOrNone() throws Exception {
        for (Predicate<Operation> moment :
                List.<Predicate<Operation>>of(HeldUpClientsTest::isIndex, HeldUpClientsTest::isEntry)) {
            for (Duration quarantine : List.of(Duration.ZERO, Duration.ofHours(1))) {
                for (Snapshot old : others.snapshots()) {
                    others.expire(List.of(old.id())).commit();
                }
                SnapshotId base = backup(others);
                note(7, "changed at " + moment + quarantine);
                PruneOptions options = SPARING.quarantine(quarantine);
                boolean isGone = quarantine.isZero();
                try (var writer = heldUp(moment, () -> {
                    others.expire(List.of(base)).commit();
                    assertThat(others.prune(options).commit().packsCondemned()).isPositive();
                })) {
                    if (isGone) {
                        assertThatThrownBy(() -> backup(writer)).isInstanceOf(CommitConflictException.class);
                        assertThat(others.snapshots()).isEmpty();
                    } else {
                        SnapshotId next = backup(writer);
                        assertThat(readings.get(readings.size() - 1).extent())
                                .isEqualTo(CollectionReading.Extent.CHANGES);
                        expectSound(next);
                    }
                }
            }
        }
    }

    @Test
    void onlyChangesAreReadWhileNobodyInterferes() throws Exception {
        SnapshotId first = backup(others);
        note(7, "changed");
        SnapshotId second = backup(others);
        assertThat(readings)
                .extracting(CollectionReading::extent)
                .containsExactly(CollectionReading.Extent.ALL, CollectionReading.Extent.CHANGES);
        expectSound(first, second);
    }
}
