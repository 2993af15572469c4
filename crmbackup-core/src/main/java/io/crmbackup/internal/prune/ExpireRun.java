package io.crmbackup.internal.prune;

import io.crmbackup.KeptSnapshot;
import io.crmbackup.PreparedExpire;
import io.crmbackup.Retention;
import io.crmbackup.Snapshot;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.log.SnapshotSummary;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.snapshot.Snapshots;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.report.SnapshotId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One expire: what it would do, and doing it. Two that run at once can't each keep what the other drops, since the rule is asked for the very log that the entry lands on. Not thread-safe.
 */
public final class ExpireRun implements PreparedExpire {
    private final Storage storage;
    private final Function<List<Snapshot>, Map<SnapshotId, List<String>>> rule;
    private final Predicate<SnapshotSummary> concerned;
    private final List<KeptSnapshot> kept = new ArrayList<>();
    private final List<Snapshot> expired = new ArrayList<>();

    private ExpireRun(
            Storage storage,
            Predicate<SnapshotSummary> concerned,
            Function<List<Snapshot>, Map<SnapshotId, List<String>>> rule) {
        this.storage = storage;
        this.concerned = concerned;
        this.rule = rule;
        List<Snapshot> all = snapshots(storage.log().refresh());
        Map<SnapshotId, List<String>> reasons = rule.apply(all);
        for (Snapshot snapshot : all) {
            List<String> why = reasons.get(snapshot.id());
            if (why == null) {
                expired.add(snapshot);
            } else {
                kept.add(new KeptSnapshot(snapshot, why));
            }
        }
    }

    /** The snapshots of a plan that a rule doesn't keep. */
    public static ExpireRun byRule(Storage storage, String plan, Retention retention) {
        return new ExpireRun(
                storage,
                summary -> summary.plan().equals(plan),
                all -> retention.reasonsToKeep(all, storage.clock().instant()));
    }

    /** Exactly these snapshots. */
    public static ExpireRun of(Storage storage, Set<SnapshotId> named) {
        if (named.isEmpty()) {
            throw new IllegalArgumentException("name at least one snapshot to be dropped");
        }
        LogState state = storage.log().refresh();
        named.forEach(id -> Snapshots.byId(state, id));
        return new ExpireRun(storage, any -> true, all -> {
            Map<SnapshotId, List<String>> others = new LinkedHashMap<>();
            all.stream()
                    .filter(snapshot -> !named.contains(snapshot.id()))
                    .forEach(snapshot -> others.put(snapshot.id(), List.of("not named")));
            return others;
        });
    }

    private List<Snapshot> snapshots(LogState state) {
        return Snapshots.list(state, concerned);
    }

    @Override
    public List<KeptSnapshot> kept() {
        return List.copyOf(kept);
    }

    @Override
    public List<Snapshot> expired() {
        return List.copyOf(expired);
    }

    @Override
    public List<Snapshot> commit() {
        Set<SnapshotId> dropped = new HashSet<>();
        storage.log().expire(state -> {
            dropped.clear();
            dropped.addAll(stillToDrop(state));
            return IdSet.of(dropped.stream().map(Storage::id).toList());
        });
        return expired.stream()
                .filter(snapshot -> dropped.contains(snapshot.id()))
                .toList();
    }

    private List<SnapshotId> stillToDrop(LogState state) {
        List<Snapshot> now = snapshots(state);
        Set<SnapshotId> keep = rule.apply(now).keySet();
        Set<Snapshot> shown = new HashSet<>(expired);
        return now.stream()
                .filter(snapshot -> shown.contains(snapshot) && !keep.contains(snapshot.id()))
                .map(Snapshot::id)
                .toList();
    }
}
