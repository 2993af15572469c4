package io.crmbackup.internal.snapshot;

import io.crmbackup.Snapshot;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.log.SnapshotSummary;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds snapshots in the log. */
public final class Snapshots {
    private Snapshots() {}

    /** What users see of a snapshot. */
    public static Snapshot of(LogState.Live live) {
        SnapshotSummary summary = live.summary();
        return new Snapshot(
                SnapshotId.of(summary.id().toString()),
                summary.plan(),
                summary.moment(),
                summary.strategy(),
                summary.state(),
                summary.sizes());
    }

    /** The snapshots that fit, newest first. */
    public static List<Snapshot> list(LogState state, Predicate<SnapshotSummary> fits) {
        List<Snapshot> found = new ArrayList<>();
        for (LogState.Live live : state.snapshots()) {
            if (fits.test(live.summary())) {
                found.add(of(live));
            }
        }
        Collections.reverse(found);
        return found;
    }

    /** A plan's latest snapshot that fits: the one that was committed last. */
    public static Optional<LogState.Live> latest(LogState state, String plan, Predicate<LogState.Live> fits) {
        return state.snapshots().stream()
                .filter(live -> live.summary().plan().equals(plan))
                .filter(fits)
                .max(Comparator.comparingLong(LogState.Live::number));
    }

    /** A plan's latest complete snapshot. */
    public static LogState.Live latestComplete(LogState state, String plan) {
        return latest(state, plan, Snapshots::isComplete)
                .orElseThrow(() ->
                        new SnapshotNotFoundException("plan " + plan + " has no complete snapshot; " + plans(state)));
    }

    /** A plan's complete snapshot with the latest moment at or before an instant. */
    public static LogState.Live asOf(LogState state, String plan, Instant instant) {
        return state.snapshots().stream()
                .filter(live -> live.summary().plan().equals(plan) && isComplete(live))
                .filter(live -> !live.summary().moment().isAfter(instant))
                .max(Comparator.comparing((LogState.Live live) -> live.summary().moment())
                        .thenComparingLong(LogState.Live::number))
                .orElseThrow(() -> new SnapshotNotFoundException("plan " + plan + " has no complete snapshot of "
                        + instant + " or before; " + earliest(state, plan)));
    }

    /** A snapshot by its id. */
    public static LogState.Live byId(LogState state, SnapshotId id) {
        return state.snapshot(ObjectId.parse(id.hex()))
                .orElseThrow(() -> new SnapshotNotFoundException("there is no snapshot " + id));
    }

    /** A snapshot by the beginning of its id. */
    public static LogState.Live byPrefix(LogState state, String prefix) {
        String digits = prefix.toLowerCase(Locale.ROOT);
        List<LogState.Live> found = state.snapshots().stream()
                .filter(live ->
                        !prefix.isEmpty() && live.summary().id().toString().startsWith(digits))
                .toList();
        if (found.size() != 1) {
            throw new SnapshotNotFoundException(
                    found.isEmpty()
                            ? "no snapshot's id begins with \"" + prefix + "\""
                            : "the ids of " + found.size() + " snapshots begin with \"" + prefix + "\": "
                                    + found.stream()
                                            .limit(10)
                                            .map(live -> live.summary().id().toString())
                                            .toList());
        }
        return found.get(0);
    }

    private static boolean isComplete(LogState.Live live) {
        return live.summary().state() == SnapshotState.COMPLETE;
    }

    private static String earliest(LogState state, String plan) {
        return state.snapshots().stream()
                .filter(live -> live.summary().plan().equals(plan) && isComplete(live))
                .map(live -> live.summary().moment())
                .min(Comparator.naturalOrder())
                .map(moment -> "the earliest is of " + moment)
                .orElseGet(() -> plans(state));
    }

    private static String plans(LogState state) {
        List<String> names = state.snapshots().stream()
                .map(live -> live.summary().plan())
                .distinct()
                .sorted()
                .limit(20)
                .toList();
        return names.isEmpty() ? "the repository is empty" : "the repository has snapshots of " + names;
    }
}
