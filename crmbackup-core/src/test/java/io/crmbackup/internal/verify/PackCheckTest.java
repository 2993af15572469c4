package io.crmbackup.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.index.IndexObjects;
import io.crmbackup.internal.index.IndexWriter;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.Packs;
import io.crmbackup.internal.pack.StoredPack;
import io.crmbackup.internal.store.ChunkStore;
import io.crmbackup.internal.store.DamageListener;
import io.crmbackup.internal.store.SessionOptions;
import io.crmbackup.internal.store.StoreSession;
import io.crmbackup.internal.store.StoredRun;
import io.crmbackup.report.BackupListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes that are authentic and yet don't say what the packs hold. */
class PackCheckTest {
    private final Packs packs = new Packs();
    private Path work;
    private StoredPack pack;

    @BeforeEach
    void store(@TempDir Path directory) {
        work = directory;
        try (ChunkStore store = store();
                StoreSession session = store.session(SessionOptions.standard().threads(0))) {
            for (int i = 0; i < 5; i++) {
                session.write(ChunkType.DATA, Packs.random(i, 20_000));
            }
            StoredRun run = session.flush();
            ObjectId id = run.ownPacks().iterator().next();
            pack = store.directory(id);
        }
    }

    @AfterEach
    void close() throws Exception {
        packs.close();
    }

    private ChunkStore store() {
        return new ChunkStore(
                packs.store, packs.master, packs.hasher, packs.random, work, any -> false, DamageListener.NONE);
    }

    /** What a check at this depth finds wrong if the index lists these copies. */
    private List<ChunkCopy> bad(double share, List<ChunkCopy> listed) {
        IndexWriter index = new IndexWriter(
                new IndexObjects(packs.store, new ObjectSealer(packs.master, packs.random), packs.random));
        index.add(new StoredPack(pack.id(), pack.length(), listed));
        try (ChunkStore store = store()) {
            index.flush().forEach(stored -> store.load(stored.id()));
            PackCheck check = new PackCheck(store, any -> true, share, () -> 0.5, new Progress(BackupListener.NONE));
            check.run(List.of(pack.id()));
            List<ChunkCopy> bad = new ArrayList<>();
            for (ChunkCopy copy : listed) {
                if (!check.badCopies().because(copy).isEmpty()) {
                    bad.add(copy);
                }
            }
            assertThat(check.damaged().containsKey(pack.id())).isEqualTo(!bad.isEmpty());
            return bad;
        }
    }

    private ChunkCopy at(int from, int to) {
        ChunkCopy copy = pack.copies().get(from);
        ChunkCopy place = pack.copies().get(to);
        return new ChunkCopy(
                copy.id(),
                copy.type(),
                copy.codec(),
                copy.pack(),
                place.offset(),
                place.length(),
                copy.plainLength(),
                copy.base(),
                copy.dictionary());
    }

    @Test
    void indexThatTellsTheTruthIsFine() {
        assertThat(bad(1, pack.copies())).isEmpty();
        assertThat(bad(0, pack.copies())).isEmpty();
    }

    @Test
    void placesExchangedBetweenChunksAreFound() {
        List<ChunkCopy> listed = new ArrayList<>(pack.copies());
        listed.set(1, at(3, 1));
        listed.set(3, at(1, 3));
        assertThat(bad(1, listed)).containsExactly(at(3, 1), at(1, 3));
        assertThat(bad(0, listed)).containsExactly(at(3, 1), at(1, 3));
    }

    @Test
    void chunkThatThePackDoesNotHoldIsFound() {
        List<ChunkCopy> listed = new ArrayList<>(pack.copies());
        ChunkCopy truth = listed.get(2);
        ChunkCopy lie = new ChunkCopy(
                packs.hasher.id(ChunkType.DATA, Packs.random(99, 20_000)),
                truth.type(),
                truth.codec(),
                truth.pack(),
                truth.offset(),
                truth.length(),
                truth.plainLength(),
                null,
                null);
        listed.set(2, lie);
        assertThat(bad(1, listed)).containsExactly(lie);
    }

    /** What is found wrong with packs that an index lists, by pack. */
    private Map<ObjectId, String> wrong(double share, ChunkCopy... listed) {
        return wrong(share, any -> true, listed);
    }

    /** The same where only some packs stay. */
    private Map<ObjectId, String> wrong(double share, Predicate<ObjectId> stays, ChunkCopy... listed) {
        IndexWriter index = new IndexWriter(
                new IndexObjects(packs.store, new ObjectSealer(packs.master, packs.random), packs.random));
        Set<ObjectId> names = new LinkedHashSet<>();
        for (ChunkCopy copy : listed) {
            index.add(new StoredPack(copy.pack(), 1, List.of(copy)));
            if (stays.test(copy.pack())) {
                names.add(copy.pack());
            }
        }
        try (ChunkStore store = store()) {
            index.flush().forEach(stored -> store.load(stored.id()));
            PackCheck check = new PackCheck(store, stays, share, () -> 0.5, new Progress(BackupListener.NONE));
            check.run(names);
            return Map.copyOf(check.damaged());
        }
    }

    @Test
    void deltaOnADeltaIsFoundThoughItCanBeRead() {
        byte[][] versions = new byte[3][];
        for (int i = 0; i < 3; i++) {
            versions[i] = Packs.random(7, 20_000);
            versions[i][i]++;
        }
        ChunkCopy full = packs.writeFull(ChunkType.LEAF, versions[0]);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, versions[1], full, versions[0]);
        ChunkCopy deeper = packs.writeDelta(ChunkType.LEAF, versions[2], delta, versions[1]);
        ChunkCopy elsewhere = packs.writeFull(ChunkType.LEAF, versions[1]);
        for (double share : new double[] {0, 1}) {
            assertThat(wrong(share, full, delta)).isEmpty();
            assertThat(wrong(share, full, delta, deeper, elsewhere))
                    .hasSize(1)
                    .hasEntrySatisfying(deeper.pack(), what -> assertThat(what).contains("a delta itself"));
        }
    }

    @Test
    void deltaWithoutAFullCopyOfItsBaseIsFound() {
        byte[] old = Packs.random(7, 20_000);
        byte[] edited = old.clone();
        edited[5]++;
        ChunkCopy full = packs.writeFull(ChunkType.LEAF, old);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, edited, full, old);
        for (double share : new double[] {0, 1}) {
            assertThat(wrong(share, delta))
                    .hasSize(1)
                    .hasEntrySatisfying(delta.pack(), what -> assertThat(what).contains("no index lists a full copy"));
        }
    }

    @Test
    void deltaThatNobodyNeedsIsNoDamageWhereItsBaseWasPrunedAway() throws Exception {
        byte[] old = Packs.random(7, 20_000);
        byte[] edited = old.clone();
        edited[5]++;
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, old);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, edited, base, old);
        packs.store.delete(ObjectRole.PACK.name(base.pack()));
        for (double share : new double[] {0, 1}) {
            Predicate<ObjectId> stays = pack -> !pack.equals(base.pack());
            assertThat(wrong(share, stays, delta))
                    .as("no index lists the base any more")
                    .isEmpty();
            assertThat(wrong(share, stays, base, delta))
                    .as("an index still lists it")
                    .isEmpty();
        }
        assertThat(wrong(1, base, delta))
                .as("a base that should be there and is not is damage")
                .containsKey(delta.pack());
    }
}
