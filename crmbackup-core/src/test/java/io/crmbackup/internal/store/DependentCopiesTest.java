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
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.PackVisitor;
import io.crmbackup.internal.pack.Packs;
import io.crmbackup.internal.pack.StoredPack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that need another chunk: deltas and copies with a dictionary. */
class DependentCopiesTest {
    private static final byte[] OLD = Packs.random(1, 60_000);
    private static final byte[] NEW = changed(OLD);
    private static final SessionOptions OPTIONS = SessionOptions.standard().threads(0);

    @TempDir
    Path work;

    private final Packs packs = new Packs();
    private final Set<ObjectId> condemned = new HashSet<>();
    private final List<ChunkStore> open = new ArrayList<>();

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
        ChunkStore store =
                new ChunkStore(packs.store, packs.master, packs.hasher, packs.random, work, condemned::contains);
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
    void deltaIsSmallAndReadThroughItsBase() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        assertThat(delta.length()).isLessThan(400);
        assertThat(store(base, delta).read(delta.id(), ChunkType.LEAF)).isEqualTo(NEW);
        assertThat(store(delta).read(delta.id(), ChunkType.LEAF))
                .as("the delta says where its base is")
                .isEqualTo(NEW);
    }

    @Test
    void lostBaseIsReplacedByAnotherFullCopy() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        ChunkCopy other = packs.writeFull(ChunkType.LEAF, OLD);
        remove(base);
        assertThat(store(base, delta, other).read(delta.id(), ChunkType.LEAF)).isEqualTo(NEW);
        remove(other);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> store(base, delta, other).read(delta.id(), ChunkType.LEAF));
    }

    @Test
    void deltaOnADeltaIsRefused() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        byte[] newest = changed(NEW);
        ChunkCopy second = packs.writeDelta(ChunkType.LEAF, newest, delta, NEW);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> store(base, delta, second).read(second.id(), ChunkType.LEAF))
                .withMessageContaining("full copy");
    }

    @Test
    void twoDeltasOnEachOtherAreDamageAndNotEndless() {
        ChunkCopy oldFull = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy newOnOld = packs.writeDelta(ChunkType.LEAF, NEW, oldFull, OLD);
        ChunkCopy oldOnNew = packs.writeDelta(ChunkType.LEAF, OLD, newOnOld, NEW);
        remove(oldFull);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> store(newOnOld, oldOnNew).read(newOnOld.id(), ChunkType.LEAF));
    }

    @Test
    void baseNamedAtAnotherPlaceIsRefused() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy other = packs.writeFull(ChunkType.LEAF, Packs.random(9, 60_000));
        ChunkCopy lie = new ChunkCopy(
                base.id(), base.type(), base.codec(), other.pack(), 0, other.length(), other.plainLength(), null, null);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, lie, OLD);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> store(delta).read(delta.id(), ChunkType.LEAF));
    }

    @Test
    void sharingADeltaReliesOnItsBase() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        try (StoreSession session = store(base, delta).session(OPTIONS)) {
            session.write(ChunkType.LEAF, NEW);
            assertThat(session.flush().relies()).containsExactlyInAnyOrder(base.pack(), delta.pack());
        }
    }

    @Test
    void deltaWhoseBaseIsCondemnedIsStoredAgain() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        ChunkStore store = store(base, delta);
        try (StoreSession session = store.session(OPTIONS)) {
            session.write(ChunkType.LEAF, NEW);
            session.flush();
            condemned.add(base.pack());
            StoredRun run = session.replace(Set.of(base.pack()));
            assertThat(run.chunksNew()).isEqualTo(1);
            assertThat(run.relies()).containsAll(run.ownPacks()).doesNotContain(base.pack());
            remove(base);
            run.indexes().keySet().forEach(store::load);
            assertThat(store.preferring(run.ownPacks()).read(delta.id(), ChunkType.LEAF))
                    .isEqualTo(NEW);
        }
        condemned.clear();
        condemned.add(base.pack());
        try (StoreSession session = store(base, delta).session(OPTIONS)) {
            session.write(ChunkType.LEAF, NEW);
            assertThat(session.flush().chunksNew())
                    .as("a delta on a condemned base is not shared")
                    .isEqualTo(1);
        }
    }

    @Test
    void dictionaryIsFoundByItsIdAndReliedOn() {
        byte[] words = Packs.text(3, 8_000);
        byte[] plain = Packs.text(4, 2_000);
        ChunkCopy dictionary = packs.writeFull(ChunkType.SCHEMA, words);
        ChunkCopy copy = packs.writeWithDictionary(ChunkType.LEAF, plain, dictionary.id(), words);
        ChunkStore store = store(dictionary, copy);
        assertThat(store.read(copy.id(), ChunkType.LEAF)).isEqualTo(plain);
        try (StoreSession session = store.session(OPTIONS)) {
            session.write(ChunkType.LEAF, plain);
            assertThat(session.flush().relies()).containsExactlyInAnyOrder(dictionary.pack(), copy.pack());
            condemned.add(dictionary.pack());
            assertThat(session.replace(Set.of(dictionary.pack())).chunksNew()).isEqualTo(1);
        }
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> store(copy).read(copy.id(), ChunkType.LEAF));
    }

    @Test
    void anotherCopyOfTheDictionaryIsReliedOnWhenOneIsCondemned() {
        byte[] words = Packs.text(3, 8_000);
        byte[] plain = Packs.text(4, 2_000);
        ChunkCopy first = packs.writeFull(ChunkType.SCHEMA, words);
        ChunkCopy second = packs.writeFull(ChunkType.SCHEMA, words);
        ChunkCopy copy = packs.writeWithDictionary(ChunkType.LEAF, plain, first.id(), words);
        try (StoreSession session = store(first, second, copy).session(OPTIONS)) {
            session.write(ChunkType.LEAF, plain);
            Set<ObjectId> before = new HashSet<>(session.flush().relies());
            before.remove(copy.pack());
            assertThat(before).hasSize(1);
            condemned.addAll(before);
            StoredRun run = session.replace(before);
            assertThat(run.chunksNew()).isZero();
            assertThat(run.relies())
                    .containsExactlyInAnyOrder(
                            copy.pack(), before.contains(first.pack()) ? second.pack() : first.pack());
        }
    }

    @Test
    void scanTellsOfBasesAndDictionaries() {
        byte[] words = Packs.text(3, 8_000);
        ChunkCopy dictionary = packs.writeFull(ChunkType.SCHEMA, words);
        ChunkCopy withWords = packs.writeWithDictionary(ChunkType.LEAF, Packs.text(4, 2_000), dictionary.id(), words);
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        ChunkStore store = store(dictionary, withWords, base, delta);
        for (ChunkCopy copy : List.of(withWords, delta)) {
            List<ChunkCopy> found = new ArrayList<>();
            store.scan(copy.pack(), new PackVisitor() {
                @Override
                public void chunk(ChunkCopy each, byte[] plain) {
                    found.add(each);
                }

                @Override
                public void damaged(DamagedObjectException damage) {
                    throw damage;
                }
            });
            assertThat(found)
                    .containsExactly(copy)
                    .isEqualTo(store.directory(copy.pack()).copies());
        }
    }
}
