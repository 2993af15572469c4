package io.crmbackup.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.index.IndexObjects;
import io.crmbackup.internal.index.IndexWriter;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.PackVisitor;
import io.crmbackup.internal.pack.Packs;
import io.crmbackup.internal.pack.StoredPack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
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

    /** Names of objects that can't be read now, as some stores say of what was moved to a slow tier; and how often they were asked for. */
    private final Set<String> unreadable = new HashSet<>();

    private int asked;

    private final Packs packs = new Packs(
            new MemorySink() {
                @Override
                public InputStream get(String name, long offset, long length) throws IOException {
                    if (unreadable.contains(name)) {
                        asked++;
                        throw new IOException("is in the archive tier");
                    }
                    return super.get(name, offset, length);
                }
            },
            new SecureRandom());
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
        ChunkStore store = new ChunkStore(
                packs.store, packs.master, packs.hasher, packs.random, work, condemned::contains, DamageListener.NONE);
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

    private StoredRun stored(ChunkStore store, byte[] plain, Likeness like) {
        return stored(store, OPTIONS, plain, like);
    }

    private StoredRun stored(ChunkStore store, SessionOptions options, byte[] plain, Likeness like) {
        try (StoreSession session = store.session(options)) {
            session.write(ChunkType.LEAF, plain, 0, plain.length, like);
            StoredRun run = session.flush();
            run.indexes().keySet().forEach(store::load);
            return run;
        }
    }

    private ChunkId id(byte[] plain) {
        return packs.hasher.id(ChunkType.LEAF, plain);
    }

    /** The copy of a chunk that lies in a pack of this run. */
    private ChunkCopy copy(ChunkStore store, byte[] plain, StoredRun run) {
        return store.copies(id(plain)).stream()
                .filter(copy -> run.ownPacks().contains(copy.pack()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void chunkIsStoredAsADeltaOnTheFullCopyOfWhatItResembles() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(base);
        StoredRun run = stored(store, NEW, base::id);
        ChunkCopy delta = copy(store, NEW, run);
        assertThat(delta.base()).isEqualTo(new BaseCopy(base.pack(), base.offset(), base.id()));
        assertThat(delta.length()).isLessThan(400);
        assertThat(run.relies()).containsExactlyInAnyOrder(base.pack(), delta.pack());
        assertThat(store.read(delta.id(), ChunkType.LEAF)).isEqualTo(NEW);
    }

    @Test
    void deltaOnWhatIsADeltaGoesToItsBase() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(base);
        stored(store, NEW, base::id);
        byte[] newest = NEW.clone();
        newest[30_000]++;
        ChunkCopy delta = copy(store, newest, stored(store, newest, () -> id(NEW)));
        assertThat(delta.base()).isEqualTo(new BaseCopy(base.pack(), base.offset(), base.id()));
        assertThat(store.read(delta.id(), ChunkType.LEAF)).isEqualTo(newest);
    }

    @Test
    void fullCopyOfWhatIsResembledIsPreferredToItsBase() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy delta = packs.writeDelta(ChunkType.LEAF, NEW, base, OLD);
        ChunkCopy full = packs.writeFull(ChunkType.LEAF, NEW);
        byte[] newest = NEW.clone();
        newest[30_000]++;
        ChunkStore store = store(base, delta, full);
        assertThat(copy(store, newest, stored(store, newest, delta::id)).base())
                .isEqualTo(new BaseCopy(full.pack(), full.offset(), full.id()));
    }

    @Test
    void likenessIsNotAskedForWhatIsThere() {
        ChunkStore store = store(packs.writeFull(ChunkType.LEAF, OLD));
        assertThat(stored(store, OLD, () -> {
                            throw new AssertionError("asked");
                        })
                        .chunksReused())
                .isEqualTo(1);
    }

    @Test
    void nothingThatIsNotThereIsABase() {
        ChunkCopy old = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy otherType = packs.writeFull(ChunkType.DATA, OLD);
        byte[] magic = OLD.clone();
        System.arraycopy(new byte[] {0x37, (byte) 0xa4, 0x30, (byte) 0xec}, 0, magic, 0, 4);
        ChunkCopy dictionaryLike = packs.writeFull(ChunkType.LEAF, magic);
        ChunkStore store = store(old, otherType, dictionaryLike);
        for (Likeness like :
                List.<Likeness>of(Likeness.NONE, () -> id(NEW), () -> id(OLD, 7), otherType::id, dictionaryLike::id)) {
            try (StoreSession session = store.session(OPTIONS)) {
                session.write(ChunkType.LEAF, NEW, 0, NEW.length, like);
                StoredRun run = session.flush();
                assertThat(packs(run))
                        .singleElement()
                        .satisfies(copy -> assertThat(copy.base()).isNull());
            }
        }
    }

    private ChunkId id(byte[] plain, int length) {
        return packs.hasher.id(ChunkType.LEAF, plain, 0, length);
    }

    private List<ChunkCopy> packs(StoredRun run) {
        return run.ownPacks().stream()
                .flatMap(pack -> packs.reader.directory(pack).copies().stream())
                .toList();
    }

    @Test
    void baseInACondemnedPackIsNotUsed() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        condemned.add(base.pack());
        ChunkStore store = store(base);
        StoredRun run = stored(store, NEW, base::id);
        assertThat(copy(store, NEW, run).base()).isNull();
        assertThat(run.relies()).isEqualTo(run.ownPacks());
    }

    @Test
    void damagedBaseIsNotUsed() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkCopy other = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(base, other);
        remove(store.copies(base.id()).get(0));
        assertThat(copy(store, NEW, stored(store, NEW, base::id)).base())
                .as("the other copy is not what the delta would name")
                .isNull();
    }

    @Test
    void sinkThatDoesNotGiveTheBaseGetsFullCopiesAndIsNotAskedAgain() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(base);
        unreadable.add(ObjectRole.PACK.name(base.pack()));
        try (StoreSession session = store.session(OPTIONS)) {
            session.write(ChunkType.LEAF, NEW, 0, NEW.length, base::id);
            int once = asked;
            byte[] newer = changed(NEW);
            session.write(ChunkType.LEAF, newer, 0, newer.length, base::id);
            assertThat(asked).isPositive().isEqualTo(once);
            StoredRun run = session.flush();
            run.indexes().keySet().forEach(store::load);
            assertThat(copy(store, NEW, run).base()).isNull();
            assertThat(copy(store, newer, run).base()).isNull();
            assertThat(store.read(id(newer), ChunkType.LEAF)).isEqualTo(newer);
        }
    }

    @Test
    void selfContainedSessionBuildsOnItsOwnCopiesOnly() {
        ChunkCopy foreign = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(foreign);
        SessionOptions own = OPTIONS.with(SessionOptions.Reuse.OWN_SESSION);
        assertThat(copy(store, NEW, stored(store, own, NEW, foreign::id)).base())
                .isNull();
        try (StoreSession session = store.session(own)) {
            session.write(ChunkType.LEAF, OLD);
            session.flush();
            session.write(ChunkType.LEAF, NEW, 0, NEW.length, foreign::id);
            StoredRun run = session.flush();
            run.indexes().keySet().forEach(store::load);
            BaseCopy base = Objects.requireNonNull(copy(store, NEW, run).base());
            assertThat(run.ownPacks()).contains(base.pack());
            assertThat(run.relies()).isEqualTo(run.ownPacks());
        }
    }

    @Test
    void chunkThatIsStillOnItsWayIsNoBase() {
        ChunkStore store = store();
        try (StoreSession session = store.session(OPTIONS)) {
            session.write(ChunkType.LEAF, OLD);
            session.write(ChunkType.LEAF, NEW, 0, NEW.length, () -> id(OLD));
            StoredRun run = session.flush();
            assertThat(packs(run)).extracting(ChunkCopy::base).containsOnlyNulls();
        }
    }

    @Test
    void deltaWhoseBaseWasCondemnedGoesToAnotherCopyOfTheBase() {
        ChunkCopy base = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(base);
        try (StoreSession session = store.session(OPTIONS)) {
            session.write(ChunkType.LEAF, NEW, 0, NEW.length, base::id);
            session.flush();
            condemned.add(base.pack());
            // Whoever condemned it has repacked it.
            StoredRun repacked = stored(store, OLD, Likeness.NONE);
            StoredRun run = session.replace(Set.of(base.pack()));
            remove(base);
            ChunkCopy again = packs(run).stream()
                    .filter(copy -> copy.base() != null && !copy.base().pack().equals(base.pack()))
                    .findFirst()
                    .orElseThrow();
            assertThat(again.base()).isNotNull().extracting(BaseCopy::pack).isIn(repacked.ownPacks());
            assertThat(run.relies()).containsAll(repacked.ownPacks()).doesNotContain(base.pack());
            assertThat(session.read(id(NEW), ChunkType.LEAF)).isEqualTo(NEW);
        }
    }

    @Test
    void revertedChunkIsNotADeltaOfADeltaOfItself() {
        ChunkCopy x = packs.writeFull(ChunkType.LEAF, OLD);
        ChunkStore store = store(x);
        ChunkCopy y = copy(store, NEW, stored(store, NEW, x::id));
        assertThat(y.base()).isNotNull();
        SessionOptions own = OPTIONS.with(SessionOptions.Reuse.OWN_SESSION);
        StoredRun full = stored(store, own, NEW, x::id);
        ChunkCopy fullY = copy(store, NEW, full);
        assertThat(fullY.base()).as("stands by itself").isNull();
        condemned.add(x.pack());
        StoredRun reverted = stored(store, OLD, () -> id(NEW));
        assertThat(copy(store, OLD, reverted).base()).isEqualTo(new BaseCopy(fullY.pack(), fullY.offset(), fullY.id()));
        // X = delta(Y), and Y = delta(X) lies there too: what is condemned goes, and with it the last full copy of X.
        remove(x);
        ChunkStore fresh = store(copy(store, OLD, reverted), y, fullY);
        assertThat(fresh.read(id(OLD), ChunkType.LEAF)).isEqualTo(OLD);
        assertThat(fresh.read(id(NEW), ChunkType.LEAF)).isEqualTo(NEW);
        assertThat(reverted.relies()).contains(fullY.pack()).doesNotContain(x.pack(), y.pack());
    }

    @Test
    void baseMayHaveADictionary() {
        byte[] words = Packs.text(3, 8_000);
        byte[] plain = Packs.text(4, 2_000);
        byte[] edited = plain.clone();
        edited[700]++;
        ChunkCopy dictionary = packs.writeFull(ChunkType.SCHEMA, words);
        ChunkCopy base = packs.writeWithDictionary(ChunkType.LEAF, plain, dictionary.id(), words);
        ChunkStore store = store(dictionary, base);
        StoredRun run = stored(store, edited, base::id);
        ChunkCopy delta = copy(store, edited, run);
        assertThat(delta.base()).isEqualTo(new BaseCopy(base.pack(), base.offset(), base.id()));
        assertThat(run.relies()).containsExactlyInAnyOrder(dictionary.pack(), base.pack(), delta.pack());
        assertThat(store.read(delta.id(), ChunkType.LEAF)).isEqualTo(edited);
        condemned.add(dictionary.pack());
        assertThat(stored(store, edited, Likeness.NONE).chunksNew())
                .as("what the base needs is gone")
                .isEqualTo(1);
    }
}
