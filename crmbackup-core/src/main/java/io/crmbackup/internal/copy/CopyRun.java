package io.crmbackup.internal.copy;

import io.crmbackup.Limits;
import io.crmbackup.SnapshotSelection;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.snapshot.Snapshots;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.report.CopyReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies snapshots into another repository, oldest first. As the latest snapshot of a plan is the one that was committed last, none is copied that
 * is older than what is there; that also keeps from coming back what was expired there. Not thread-safe.
 */
public final class CopyRun {
    private static final Logger LOG = LoggerFactory.getLogger(CopyRun.class);

    private final Side from;
    private final Side to;
    private final SnapshotSelection selection;
    private final SnapshotCopy snapshotCopy;
    private final long startedNanos = System.nanoTime();
    private final List<CopyReport.Copied> copied = new ArrayList<>();
    private final List<SnapshotId> present = new ArrayList<>();
    private final List<SnapshotId> passedOver = new ArrayList<>();

    /** One of the two repositories. */
    public record Side(String id, Storage storage) {}

    public CopyRun(Side from, Side to, SnapshotSelection selection, Limits limits) {
        this.from = from;
        this.to = to;
        this.selection = selection;
        this.snapshotCopy =
                new SnapshotCopy(from, to, limits, new Progress(from.storage().listener()));
    }

    public CopyReport run() {
        LogState here = from.storage().refresh();
        LogState there = to.storage().refresh();
        List<LogState.Live> selected = selected(here);
        Map<String, KnownCopies> known = known(selected, here, there);
        List<LogState.Live> missing = missing(selected, known);
        for (LogState.Live original : missing) {
            Interruption.check();
            copy(original, ofPlan(known, original));
        }
        return new CopyReport(to.id(), copied, present, passedOver, Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    /** What is meant, in the order of the commits. */
    private List<LogState.Live> selected(LogState here) {
        selection.ids().forEach(id -> Snapshots.byId(here, id));
        Set<ObjectId> ids = selection.ids().stream().map(Storage::id).collect(Collectors.toSet());
        List<LogState.Live> meant = here.snapshots().stream()
                .filter(live -> ids.isEmpty() || ids.contains(live.summary().id()))
                .filter(live ->
                        selection.plan().map(live.summary().plan()::equals).orElse(true))
                .filter(live -> !selection.isLatestOnly() || live.summary().state() == SnapshotState.COMPLETE)
                .toList();
        selection.plan().ifPresent(plan -> {
            if (meant.isEmpty()) {
                throw new SnapshotNotFoundException("plan " + plan + " has no "
                        + (selection.isLatestOnly() ? "complete " : "") + "snapshot to copy");
            }
        });
        return selection.isLatestOnly() ? latest(meant) : meant;
    }

    private static List<LogState.Live> latest(List<LogState.Live> ofAllPlans) {
        Map<String, LogState.Live> last = new HashMap<>();
        ofAllPlans.forEach(live -> last.put(live.summary().plan(), live));
        return ofAllPlans.stream()
                .filter(live -> live.equals(last.get(live.summary().plan())))
                .toList();
    }

    private Map<String, KnownCopies> known(List<LogState.Live> selected, LogState here, LogState there) {
        Set<String> plans = new HashSet<>();
        selected.forEach(live -> plans.add(live.summary().plan()));
        Map<String, KnownCopies> known = new HashMap<>();
        for (String plan : plans) {
            known.put(
                    plan,
                    new KnownCopies(
                            from.storage(), from.id(), ofPlan(here, plan), to.storage(), to.id(), ofPlan(there, plan)));
        }
        return known;
    }

    private static KnownCopies ofPlan(Map<String, KnownCopies> known, LogState.Live live) {
        return Objects.requireNonNull(known.get(live.summary().plan()), "one for each plan that is copied");
    }

    private static List<LogState.Live> ofPlan(LogState state, String plan) {
        return state.snapshots().stream()
                .filter(live -> live.summary().plan().equals(plan))
                .toList();
    }

    private List<LogState.Live> missing(List<LogState.Live> selected, Map<String, KnownCopies> known) {
        List<LogState.Live> missing = new ArrayList<>();
        for (LogState.Live live : selected) {
            KnownCopies ofPlan = ofPlan(known, live);
            SnapshotId id = Storage.id(live.summary().id());
            if (ofPlan.copy(live.summary().id()).isPresent()) {
                present.add(id);
            } else if (!ofPlan.isLate(live)) {
                missing.add(live);
            } else if (selection.ids().isEmpty()) {
                passedOver.add(id);
            } else {
                throw new IllegalArgumentException(
                        "snapshot " + id.brief() + " of " + live.summary().moment()
                                + " is older than what repository " + to.id() + " has of plan "
                                + live.summary().plan()
                                + ", and would look like the latest there; copy it to a repository of its own");
            }
        }
        return missing;
    }

    private void copy(LogState.Live original, KnownCopies known) {
        Manifest manifest = from.storage().manifest(original.summary().id());
        CopyReport.Copied one;
        try {
            one = copyAfter(known.before(original).orElse(null), manifest, known);
        } catch (DamagedObjectException e) {
            throw new DamagedObjectException(
                    e.object(),
                    e.what() + "; so snapshot " + manifest.id().brief() + " of " + manifest.moment()
                            + " was not copied, and none after it",
                    e);
        }
        copied.add(one);
        to.storage().log().state().snapshot(Storage.id(one.copy())).ifPresent(live -> known.add(original, live));
    }

    /** Copies a snapshot as what it differs in from an earlier one, or if that one is damaged, here or there, as a whole. */
    private CopyReport.Copied copyAfter(LogState.@Nullable Live before, Manifest manifest, KnownCopies known) {
        if (before != null) {
            try {
                LogState.Live copy = known.copy(before.summary().id()).orElseThrow();
                Manifest earlier = from.storage().manifest(before.summary().id());
                return copy(manifest, known, new SnapshotCopy.Pair(earlier, copy));
            } catch (DamagedObjectException e) {
                LOG.warn("{}; copying snapshot {} as a whole", e.getMessage(), manifest.id());
            }
        }
        return copy(manifest, known, null);
    }

    private CopyReport.Copied copy(Manifest manifest, KnownCopies known, SnapshotCopy.@Nullable Pair earlier) {
        return snapshotCopy.copy(
                manifest,
                KnownCopies.origin(from.id(), manifest),
                earlier,
                id -> known.copy(Storage.id(id))
                        .map(live -> Storage.id(live.summary().id())));
    }
}
