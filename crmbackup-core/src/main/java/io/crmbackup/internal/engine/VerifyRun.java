package io.crmbackup.internal.engine;

import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.PackVisitor;
import io.crmbackup.report.Damage;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.VerifyReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Proves that snapshots restore: packs are there and hold what the indexes say, as many as asked for are read to the last byte, and every
 * chunk that a snapshot needs has a copy that is not known to be bad. Reports damage with what it harms. Not thread-safe.
 */
final class VerifyRun {
    private final Storage storage;
    private final VerifyDepth depth;
    private final Progress progress;
    private final Map<ObjectId, String> badPacks = new LinkedHashMap<>();
    private final Map<ChunkId, Set<ObjectId>> badCopies = new HashMap<>();
    private long objects;
    private long chunks;
    private long bytes;

    VerifyRun(Storage storage, VerifyDepth depth) {
        this.storage = storage;
        this.depth = depth;
        this.progress = new Progress(storage.listener());
    }

    VerifyReport run() {
        Instant started = storage.clock().instant();
        LogState state = storage.refresh();
        checkPacks(state);
        findBadCopies();
        List<Damage> damages = new ArrayList<>();
        Harm harm = new Harm(storage, badCopies);
        for (LogState.Live live : state.snapshots()) {
            ObjectId id = live.summary().id();
            try {
                Manifest manifest = storage.manifest(id);
                objects++;
                harm.check(manifest);
            } catch (DamagedObjectException e) {
                SnapshotId snapshot = Storage.id(id);
                damages.add(new Damage(
                        e.object(), String.valueOf(e.getMessage()), List.of(snapshot), List.of("all of it")));
            }
        }
        badPacks.forEach((pack, what) -> damages.add(harm.of(pack, what)));
        damages.addAll(harm.elsewhere());
        return new VerifyReport(
                state.snapshots().size(),
                objects,
                chunks,
                bytes,
                damages,
                Duration.between(started, storage.clock().instant()));
    }

    private void checkPacks(LogState state) {
        Random draw = new Random(storage.random().nextLong());
        List<ObjectId> good = state.known().minus(state.condemned()).stream().toList();
        progress.during("verify packs", () -> {
            for (ObjectId pack : good) {
                Interruption.check();
                boolean whole = depth.share() >= 1 || draw.nextDouble() < depth.share();
                checkPack(pack, whole);
                objects++;
                progress.record();
            }
        });
    }

    private void checkPack(ObjectId pack, boolean whole) {
        try {
            if (whole) {
                storage.chunks().scan(pack, new PackVisitor() {
                    @Override
                    public void chunk(ChunkCopy copy, byte[] plain) {
                        chunks++;
                        bytes += copy.length();
                        verified.add(copy.id());
                        progress.bytes(copy.length());
                        Interruption.check();
                    }

                    @Override
                    public void damaged(DamagedObjectException damage) {
                        badPacks.putIfAbsent(pack, String.valueOf(damage.getMessage()));
                    }
                });
            } else {
                storage.chunks().directory(pack);
            }
        } catch (DamagedObjectException e) {
            badPacks.putIfAbsent(pack, String.valueOf(e.getMessage()));
        }
        if (badPacks.containsKey(pack)) {
            readable.put(pack, new HashSet<>(verified));
        }
        verified.clear();
    }

    /** The chunks of the pack that is being read that were proved; kept for packs with damage. */
    private final Set<ChunkId> verified = new HashSet<>();

    private final Map<ObjectId, Set<ChunkId>> readable = new HashMap<>();

    private void findBadCopies() {
        if (badPacks.isEmpty()) {
            return;
        }
        storage.chunks().forEachCopy(copy -> {
            Set<ChunkId> proved = readable.get(copy.pack());
            if (proved != null && !proved.contains(copy.id())) {
                badCopies.computeIfAbsent(copy.id(), any -> new HashSet<>()).add(copy.pack());
            }
        });
    }

    static String name(ObjectId pack) {
        return ObjectRole.PACK.name(pack);
    }
}
