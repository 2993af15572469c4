package io.crmbackup.internal.verify;

import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.report.Damage;
import io.crmbackup.report.VerifyReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Proves that snapshots restore: packs are there and hold what the indexes say, as many as asked for are read to the last byte, and every
 * chunk that a snapshot needs has a copy that is not known to be bad. Reports damage with what it harms. Not thread-safe.
 */
public final class VerifyRun {
    private final Storage storage;
    private final VerifyDepth depth;
    private final Progress progress;
    private final List<Damage> damages = new ArrayList<>();
    private long objects;

    public VerifyRun(Storage storage, VerifyDepth depth) {
        this.storage = storage;
        this.depth = depth;
        this.progress = new Progress(storage.listener());
    }

    public VerifyReport run() {
        Instant started = storage.clock().instant();
        storage.chunks().forget();
        LogState state = storage.refresh();
        progress.during("verify objects", () -> {
            ObjectCheck check = new ObjectCheck(storage, state);
            check.run();
            damages.addAll(check.damages());
            objects += check.objects();
            progress.records(check.objects());
        });
        IdSet good = state.known().minus(state.condemned());
        PackCheck packs =
                new PackCheck(storage.chunks(), state::isGood, depth.share(), storage.random()::nextDouble, progress);
        progress.during("verify packs", () -> packs.run(good));
        objects += good.size();
        // What was given up meanwhile may be gone by now, and has to be looked for elsewhere.
        LogState later = storage.refresh();
        Harm harm = new Harm(storage, packs.badCopies());
        progress.during("verify snapshots", () -> later.snapshots().forEach(live -> check(live, harm)));
        packs.damaged().forEach((pack, what) -> damages.add(harm.of(pack, what)));
        damages.addAll(harm.elsewhere());
        LogState end = storage.refresh();
        damages.removeIf(damage -> wasGivenUp(damage, end));
        return new VerifyReport(
                later.snapshots().size(),
                objects,
                packs.chunks(),
                packs.bytes(),
                damages,
                Duration.between(started, storage.clock().instant()));
    }

    /** Whether what is damaged is nothing that the repository consists of any more, and harms nothing that it does. */
    private static boolean wasGivenUp(Damage damage, LogState state) {
        if (damage.snapshots().stream().anyMatch(id -> state.isLive(Storage.id(id)))) {
            return false;
        }
        String object = damage.object();
        return ObjectRole.PACK.id(object).filter(state.condemned()::contains).isPresent()
                || ObjectRole.INDEX.id(object).filter(state.dropped()::contains).isPresent()
                || ObjectRole.SNAPSHOT.id(object).isPresent();
    }

    private void check(LogState.Live live, Harm harm) {
        objects++;
        progress.record();
        try {
            harm.check(storage.manifest(live.summary().id()));
        } catch (SnapshotNotFoundException e) {
            // It expired and was pruned while it was checked.
        } catch (DamagedObjectException e) {
            damages.add(new Damage(
                    e.object(),
                    String.valueOf(e.getMessage()),
                    List.of(Storage.id(live.summary().id())),
                    List.of("all of it")));
        }
    }
}
