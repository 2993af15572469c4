package io.crmbackup.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.index.IndexObjects;
import io.crmbackup.internal.index.IndexWriter;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.Packs;
import io.crmbackup.internal.pack.StoredPack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedCopiesTest {
    private static final byte[] OLD = Packs.random(1, 60_000);
    private static final byte[] NEW = changed(OLD);
    private static final SessionOptions OPTIONS = SessionOptions.standard().threads(0);

    @TempDir
    Path work;

    private final Packs packs = new Packs();
    private final List<ChunkStore> open = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(ChunkStore::close);
        packs.close();
    }

    private static byte[] changed(byte[] bytes) {
        byte[] changed = bytes.clone();
        changed[5_000]++;
        return changed;
    }

    private ChunkStore store(ChunkCopy... copies) {
        ChunkStore store = new ChunkStore(
                packs.store,
                packs.master,
                packs.hasher,
                packs.random,
                work,
                any -> false,
                (pack, what, instead) -> heard.add(pack + " -> " + instead));
        open.add(store);
        IndexWriter writer = new IndexWriter(
                new IndexObjects(packs.store, new ObjectSealer(packs.master, packs.random), packs.random));
        for (ChunkCopy copy : copies) {
            writer.add(new StoredPack(copy.pack(), 1, List.of(copy)));
        }
        writer.flush().forEach(index -> store.load(index.id()));
        return store;
    }

    private void remove(ChunkCopy copy) {
        packs.sink.objects.remove(ObjectRole.PACK.name(copy.pack()));
    }

    @Test
    void listenerIsToldOnceForEachPackAndWhatTookItsPlace() {
        ChunkCopy one = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy two = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(one, two);
        ChunkCopy struck = store.copies(one.id()).get(0);
        ChunkCopy other = struck.pack().equals(one.pack()) ? two : one;
        remove(struck);
        for (int i = 0; i < 3; i++) {
            assertThat(store.read(one.id(), ChunkType.LEAF)).isEqualTo(OLD);
            store.forget();
        }
        assertThat(heard).containsExactly(struck.pack() + " -> " + other.pack());
        assertThat(store.isDistrusted(struck.pack())).isTrue();
        assertThat(store.isDistrusted(other.pack())).isFalse();
    }

    @Test
    void damagedCopyIsNotSharedAgain() {
        ChunkCopy only = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(only);
        remove(only);
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> store.read(only.id(), ChunkType.LEAF));
        assertThat(heard).as("nothing took its place").isEmpty();
        try (StoreSession session = store.session(OPTIONS)) {
            session.write(ChunkType.LEAF, OLD);
            StoredRun run = session.flush();
            assertThat(run.chunksNew()).isEqualTo(1);
            assertThat(run.relies()).isEqualTo(run.ownPacks());
            assertThat(session.read(only.id(), ChunkType.LEAF)).isEqualTo(OLD);
        }
    }

    @Test
    void goodCopyIsSharedInsteadOfTheDamagedOne() {
        ChunkCopy one = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy two = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(one, two);
        store.distrust(store.copies(one.id()).get(0));
        ChunkCopy good = store.copies(one.id()).get(1);
        try (StoreSession session = store.session(OPTIONS)) {
            session.write(ChunkType.LEAF, OLD);
            StoredRun run = session.flush();
            assertThat(run.chunksNew()).isZero();
            assertThat(run.relies()).containsExactly(good.pack());
        }
    }

    @Test
    void deltaWithADamagedBaseIsReadThroughAnotherCopyButNotSharedAgain() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        ChunkCopy other = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(base, delta, other);
        remove(base);
        assertThat(store.read(delta.id(), ChunkType.LEAF)).isEqualTo(NEW);
        assertThat(heard).containsExactly(base.pack() + " -> " + other.pack());
        try (StoreSession session = store.session(OPTIONS)) {
            assertThat(session.staying(delta.id(), ChunkType.LEAF)).isZero();
            assertThat(session.staying(base.id(), ChunkType.LEAF)).isPositive();
            session.write(ChunkType.LEAF, NEW);
            StoredRun run = session.flush();
            assertThat(run.chunksNew()).isEqualTo(1);
            assertThat(run.relies()).doesNotContain(base.pack(), delta.pack());
        }
    }

    @Test
    void damagedDictionaryIsReplacedByAnotherCopy() {
        byte[] words = Packs.text(3, 8_000);
        byte[] plain = Packs.text(4, 2_000);
        ChunkCopy first = packs.writeFull(ChunkType.SCHEMA, words);
        ChunkCopy second = packs.writeFull(ChunkType.SCHEMA, words);
        ChunkCopy copy = packs.writeWithDictionary(ChunkType.LEAF, plain, first.id(), words);
        ChunkStore store = store(first, second, copy);
        ChunkCopy struck = store.copies(first.id()).get(0);
        ChunkCopy good = store.copies(first.id()).get(1);
        remove(struck);
        assertThat(store.read(copy.id(), ChunkType.LEAF)).isEqualTo(plain);
        assertThat(heard).containsExactly(struck.pack() + " -> " + good.pack());
        try (StoreSession session = store.session(OPTIONS)) {
            session.write(ChunkType.LEAF, plain);
            StoredRun run = session.flush();
            assertThat(run.chunksNew()).isZero();
            assertThat(run.relies()).containsExactlyInAnyOrder(copy.pack(), good.pack());
        }
    }

    @Test
    void deltaOfADamagedCopyIsRescuedByAFullOne() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        ChunkCopy full = packs.writeFull(ChunkType.LEAF, NEW);
        ChunkStore store = store(base, delta, full);
        remove(full);
        assertThat(store.read(delta.id(), ChunkType.LEAF)).isEqualTo(NEW);
        assertThat(heard).containsExactly(full.pack() + " -> " + delta.pack());
    }

    @Test
    void whatIsGivenUpIsReadAndStoredAgain() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        ChunkStore store = store(base, delta);
        try (StoreSession session = store.session(OPTIONS)) {
            session.giveUp(Set.of(base.pack()));
            assertThat(session.staying(delta.id(), ChunkType.LEAF)).isZero();
            session.keep(delta.id(), ChunkType.LEAF);
            StoredRun run = session.flush();
            assertThat(run.relies()).isEqualTo(run.ownPacks());
            assertThat(session.staying(delta.id(), ChunkType.LEAF)).isPositive();
        }
    }

    @Test
    void memoryIsBoundedAndBeyondWholePacksAreDamaged() {
        DamagedCopies damaged = new DamagedCopies(DamageListener.NONE);
        ChunkCopy copy = packs.writeFull(ChunkType.LEAF, OLD);
        ObjectId first = ObjectId.random(packs.random);
        for (int i = 0; i < DamagedCopies.MOST; i++) {
            damaged.add(new BaseCopy(first, i, copy.id()));
        }
        assertThat(damaged.contains(copy)).isFalse();
        damaged.add(new BaseCopy(copy.pack(), copy.offset() + 1, copy.id()));
        assertThat(damaged.contains(copy)).isTrue();
    }
}
