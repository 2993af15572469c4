package io.crmbackup.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SinkException;
import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.Packs;
import io.crmbackup.spi.SinkContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkStoreTest {
    private static final SessionOptions OPTIONS = SessionOptions.standard().threads(0);
    private static final byte[] A = Packs.text(1, 20_000);
    private static final byte[] B = Packs.random(2, 30_000);

    @TempDir
    Path work;

    private final BrokenSink sink = new BrokenSink();
    private final Packs packs = new Packs(sink, new SecureRandom());
    private final Set<ObjectId> condemned = new HashSet<>();
    private final List<ChunkStore> open = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        open.forEach(ChunkStore::close);
        packs.close();
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).as("files left in the work directory").isEmpty();
        }
    }

    private ChunkStore store(StoredRun... runs) {
        ChunkStore store = new ChunkStore(
                packs.store, packs.master, packs.hasher, packs.random, work, condemned::contains, DamageListener.NONE);
        open.add(store);
        for (StoredRun run : runs) {
            run.indexes().keySet().forEach(store::load);
        }
        return store;
    }

    private StoredRun stored(ChunkStore store, SessionOptions options, byte[]... chunks) {
        try (StoreSession session = store.session(options)) {
            for (byte[] chunk : chunks) {
                session.write(ChunkType.DATA, chunk);
            }
            return session.flush();
        }
    }

    private ChunkId id(byte[] chunk) {
        return packs.hasher.id(ChunkType.DATA, chunk);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void whatOneSessionStoredAnotherProcessReads(int threads) {
        List<ChunkId> ids = new ArrayList<>();
        StoredRun run;
        try (StoreSession session = store().session(OPTIONS.threads(threads))) {
            for (int i = 0; i < 300; i++) {
                ids.add(session.write(i % 4 == 0 ? ChunkType.LEAF : ChunkType.DATA, Packs.text(i, i * 400)));
            }
            run = session.flush();
        }
        assertThat(run.chunksNew()).isEqualTo(300);
        assertThat(run.chunksReused()).isZero();
        assertThat(run.bytesStored())
                .isEqualTo(
                        sink.objects.values().stream().mapToLong(b -> b.length).sum());
        assertThat(run.relies()).isEqualTo(run.ownPacks()).hasSize(2);
        ChunkStore other = store(run);
        for (int i = 0; i < ids.size(); i++) {
            assertThat(other.read(ids.get(i), i % 4 == 0 ? ChunkType.LEAF : ChunkType.DATA))
                    .isEqualTo(Packs.text(i, i * 400));
        }
    }

    @Test
    void nothingIsPutWhereNothingIsNew() {
        StoredRun first = stored(store(), OPTIONS, A, B);
        int objects = sink.objects.size();
        StoredRun second = stored(store(first), OPTIONS, B, A, A);
        assertThat(sink.objects).hasSize(objects);
        assertThat(second).isEqualTo(new StoredRun(Map.of(), Set.of(), first.ownPacks(), 0, 0, 3));
    }

    @Test
    void equalChunksOfOneSessionAreStoredOnce() {
        StoredRun run = stored(store(), OPTIONS, A, B, A, A, B);
        assertThat(run.chunksNew()).isEqualTo(2);
        assertThat(run.chunksReused()).isEqualTo(3);
    }

    @Test
    void sameBytesOfAnotherTypeAreAnotherChunk() {
        try (StoreSession session = store().session(OPTIONS)) {
            ChunkId data = session.write(ChunkType.DATA, A);
            ChunkId leaf = session.write(ChunkType.LEAF, A);
            assertThat(data).isNotEqualTo(leaf);
            StoredRun run = session.flush();
            assertThat(run.chunksNew()).isEqualTo(2);
            assertThatExceptionOfType(DamagedObjectException.class)
                    .isThrownBy(() -> store(run).read(data, ChunkType.LEAF));
        }
    }

    @Test
    void selfContainedSessionSharesOnlyWithItself() {
        StoredRun first = stored(store(), OPTIONS, A, B);
        StoredRun full = stored(store(first), OPTIONS.with(SessionOptions.Reuse.OWN_SESSION), A, B, A);
        assertThat(full.chunksNew()).isEqualTo(2);
        assertThat(full.chunksReused()).isEqualTo(1);
        assertThat(full.relies()).isEqualTo(full.ownPacks()).doesNotContainAnyElementsOf(first.ownPacks());
    }

    @Test
    void failedSessionLeavesNothingThatAnotherOneShares() {
        ChunkStore store = store();
        try (StoreSession session = store.session(OPTIONS)) {
            session.write(ChunkType.DATA, A);
            session.flush();
        }
        assertThat(stored(store, OPTIONS, A).chunksNew())
                .as("no log entry names the index of the first session")
                .isEqualTo(1);
    }

    @Test
    void sessionReadsWhatItHasJustWritten() {
        try (StoreSession session = store().session(OPTIONS.threads(1))) {
            ChunkId id = session.write(ChunkType.LEAF, A);
            assertThat(session.read(id, ChunkType.LEAF)).isEqualTo(A);
            assertThat(session.write(ChunkType.LEAF, A)).isEqualTo(id);
            assertThat(session.flush().chunksReused()).isEqualTo(1);
        }
    }

    @Test
    void condemnedCopiesAreNotShared() {
        StoredRun first = stored(store(), OPTIONS, A);
        condemned.addAll(first.ownPacks());
        StoredRun second = stored(store(first), OPTIONS, A);
        assertThat(second.chunksNew()).isEqualTo(1);
        assertThat(second.relies()).doesNotContainAnyElementsOf(first.ownPacks());
        assertThat(store(first).read(id(A), ChunkType.DATA))
                .as("but they are read while they are there")
                .isEqualTo(A);
    }

    @Test
    void damagedCopyIsHealedByAnother() {
        StoredRun first = stored(store(), OPTIONS, A);
        StoredRun second = stored(store(), OPTIONS, A);
        ChunkStore store = store(first, second);
        assertThat(store.copies(id(A))).hasSize(2);
        flip(first);
        assertThat(store.read(id(A), ChunkType.DATA)).isEqualTo(A);
        sink.objects.remove(name(first));
        assertThat(store.read(id(A), ChunkType.DATA)).isEqualTo(A);
        flip(second);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> store(first, second).read(id(A), ChunkType.DATA))
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void preferredPacksAreReadFirst() {
        StoredRun first = stored(store(), OPTIONS, A);
        StoredRun second = stored(store(), OPTIONS, A);
        for (StoredRun run : List.of(first, second)) {
            ChunkReader reader = store(first, second).preferring(run.ownPacks());
            sink.gets.clear();
            assertThat(reader.read(id(A), ChunkType.DATA)).isEqualTo(A);
            assertThat(sink.gets).containsOnly(name(run));
        }
    }

    @Test
    void unknownChunkFailsTyped() {
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> store().read(id(A), ChunkType.DATA))
                .withMessageContaining(id(A).toString());
    }

    @Test
    void nodesAreReadOnce() {
        StoredRun run;
        ChunkId id;
        try (StoreSession session = store().session(OPTIONS)) {
            id = session.write(ChunkType.INNER, A);
            run = session.flush();
        }
        ChunkStore store = store(run);
        store.read(id, ChunkType.INNER);
        sink.gets.clear();
        assertThat(store.read(id, ChunkType.INNER)).isEqualTo(A);
        assertThat(sink.gets).isEmpty();
        store.forget();
        assertThat(store.read(id, ChunkType.INNER)).isEqualTo(A);
        assertThat(sink.gets).isNotEmpty();
    }

    @Test
    void nodesThatAreNeededOnceAreNotKept() {
        StoredRun run;
        ChunkId id;
        try (StoreSession session = store().session(OPTIONS)) {
            id = session.write(ChunkType.LEAF, A);
            run = session.flush();
        }
        ChunkStore store = store(run);
        byte[] passed = store.readOnce(id, ChunkType.LEAF);
        assertThat(passed).isEqualTo(A);
        byte[] kept = store.read(id, ChunkType.LEAF);
        assertThat(kept).isEqualTo(A).isNotSameAs(passed);
        sink.gets.clear();
        byte[] own = store.readOnce(id, ChunkType.LEAF);
        assertThat(own).isEqualTo(A);
        assertThat(sink.gets).isEmpty();
        own[0]++;
        assertThat(store.read(id, ChunkType.LEAF)).isSameAs(kept).isEqualTo(A);
    }

    @ParameterizedTest
    @EnumSource(
            value = ChunkType.class,
            names = {"DATA", "INNER"})
    void baseThatWasReadBeforeIsProvedAnewByEachSession(ChunkType type) {
        ChunkId former;
        StoredRun run;
        try (StoreSession session = store().session(OPTIONS)) {
            former = session.write(type, A);
            run = session.flush();
        }
        ChunkStore store = store(run);
        assertThat(codecOfChanged(store, type, former, 1)).isEqualTo(ChunkCodec.ZSTD_DELTA);
        flip(run, former);
        assertThat(codecOfChanged(store, type, former, 2)).isNotEqualTo(ChunkCodec.ZSTD_DELTA);
    }

    /** How a chunk is stored that takes the place of {@link #A}. */
    private ChunkCodec codecOfChanged(ChunkStore store, ChunkType type, ChunkId former, int change) {
        byte[] changed = A.clone();
        changed[100] += (byte) change;
        try (StoreSession session = store.session(OPTIONS)) {
            ChunkId id = session.write(type, changed, 0, changed.length, () -> former);
            return store(session.flush()).copies(id).get(0).codec();
        }
    }

    @Test
    void replaceTakesAnotherGoodCopy() {
        StoredRun first = stored(store(), OPTIONS, A);
        StoredRun second = stored(store(), OPTIONS, A);
        try (StoreSession session = store(first, second).session(OPTIONS)) {
            session.write(ChunkType.DATA, A);
            ObjectId used = session.flush().relies().iterator().next();
            StoredRun replaced = session.replace(Set.of(used));
            assertThat(replaced.chunksNew()).isZero();
            assertThat(replaced.relies()).hasSize(1).doesNotContain(used);
        }
    }

    @Test
    void replaceStoresAgainWhatHasNoOtherCopy() {
        StoredRun first = stored(store(), OPTIONS, A, Packs.text(99, 5_000));
        StoredRun replaced;
        try (StoreSession session = store(first).session(OPTIONS)) {
            session.write(ChunkType.DATA, A);
            session.write(ChunkType.DATA, B);
            StoredRun before = session.flush();
            assertThat(before.relies()).hasSize(2);
            condemned.addAll(before.relies());
            replaced = session.replace(before.relies());
            assertThat(replaced.relies()).doesNotContainAnyElementsOf(before.relies());
            assertThat(replaced.ownPacks()).isEqualTo(replaced.relies());
            assertThat(replaced.chunksNew())
                    .as("B, then A and B again; nothing of the first run that was not shared")
                    .isEqualTo(3);
            StoredRun again = replaced;
            condemned.addAll(again.relies());
            replaced = session.replace(again.relies());
            assertThat(replaced.relies()).hasSize(1).doesNotContainAnyElementsOf(again.relies());
        }
        condemned.forEach(pack -> sink.objects.remove(ObjectRole.PACK.name(pack)));
        ChunkStore after = store(replaced);
        assertThat(after.read(id(A), ChunkType.DATA)).isEqualTo(A);
        assertThat(after.read(id(B), ChunkType.DATA)).isEqualTo(B);
    }

    @Test
    void replaceFailsTypedWhenNoBytesAreLeft() {
        StoredRun first = stored(store(), OPTIONS, A);
        try (StoreSession session = store(first).session(OPTIONS)) {
            session.write(ChunkType.DATA, A);
            sink.objects.remove(name(first));
            assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> session.replace(first.ownPacks()));
        }
    }

    @Test
    void keptChunkIsReliedOn() {
        StoredRun first = stored(store(), OPTIONS, A);
        try (StoreSession session = store(first).session(OPTIONS)) {
            session.keep(id(A), ChunkType.DATA);
            assertThat(session.flush().relies()).isEqualTo(first.ownPacks());
        }
        condemned.addAll(first.ownPacks());
        try (StoreSession session = store(first).session(OPTIONS)) {
            session.keep(id(A), ChunkType.DATA);
            StoredRun run = session.flush();
            assertThat(run.relies()).isEqualTo(run.ownPacks()).hasSize(1);
            assertThat(store(run).read(id(A), ChunkType.DATA)).isEqualTo(A);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void unwritableSinkFailsTheSession(int threads) {
        sink.refusePuts = true;
        try (StoreSession session = store().session(OPTIONS.threads(threads))) {
            session.write(ChunkType.DATA, A);
            assertThatExceptionOfType(SinkException.class).isThrownBy(session::flush);
            assertThatThrownBy(() -> session.write(ChunkType.DATA, B)).isInstanceOf(SinkException.class);
            assertThatThrownBy(session::flush).isInstanceOf(SinkException.class);
        }
        assertThat(sink.objects).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"packs/", "index/"})
    void nameThatBelongsToOtherBytesIsNotTakenAsStored(String prefix) {
        sink.takenPrefix = prefix;
        try (StoreSession session = store().session(OPTIONS)) {
            session.write(ChunkType.DATA, A);
            assertThatExceptionOfType(SinkException.class)
                    .isThrownBy(session::flush)
                    .withMessageContaining("taken by something else");
        }
    }

    @Test
    void indexThatCouldNotBeReadIsReadTheNextTime() {
        StoredRun run = stored(store(), OPTIONS, A);
        String index = ObjectRole.INDEX.name(run.indexes().keySet().iterator().next());
        byte[] good = sink.objects.remove(index);
        ChunkStore store = store();
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> run.indexes().keySet().forEach(store::load));
        sink.objects.put(index, good);
        run.indexes().keySet().forEach(store::load);
        assertThat(store.read(id(A), ChunkType.DATA)).isEqualTo(A);
    }

    @Test
    void condemnedCopiesAreReadLast() {
        StoredRun first = stored(store(), OPTIONS, A);
        StoredRun second = stored(store(), OPTIONS, A);
        for (StoredRun run : List.of(first, second)) {
            condemned.clear();
            condemned.addAll(run.ownPacks());
            ChunkStore store = store(first, second);
            sink.gets.clear();
            assertThat(store.read(id(A), ChunkType.DATA)).isEqualTo(A);
            assertThat(sink.gets).doesNotContain(name(run));
        }
    }

    @Test
    void unansweredPutIsPutAgainUnderTheSameName() {
        sink.unansweredPuts = 2;
        StoredRun run = stored(store(), OPTIONS, A);
        assertThat(sink.objects).hasSize(2);
        assertThat(store(run).read(id(A), ChunkType.DATA)).isEqualTo(A);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void interruptCancelsAndStaysSet(int threads) {
        try (StoreSession session = store().session(OPTIONS.threads(threads))) {
            session.write(ChunkType.DATA, A);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(BackupCancelledException.class).isThrownBy(session::flush);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void closedSessionLeavesNoThread() throws InterruptedException {
        StoreSession session = store().session(OPTIONS.threads(3));
        for (int i = 0; i < 10; i++) {
            session.write(ChunkType.DATA, Packs.random(i, 1_000));
        }
        assertThat(threads()).isNotEmpty();
        session.close();
        for (Thread ending : threads()) {
            // It has nothing more to do, but may not have returned yet.
            ending.join(Duration.ofSeconds(30).toMillis());
        }
        assertThat(threads()).isEmpty();
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("crmbackup-"))
                .toList();
    }

    private String name(StoredRun run) {
        return ObjectRole.PACK.name(run.ownPacks().iterator().next());
    }

    private void flip(StoredRun run) {
        flip(run, id(A));
    }

    private void flip(StoredRun run, ChunkId id) {
        ChunkCopy copy = store(run).copies(id).get(0);
        byte[] object = sink.objects.get(name(run)).clone();
        object[64 + (int) copy.offset() + copy.length() / 2] ^= 1;
        sink.objects.put(name(run), object);
    }

    /** A sink that can refuse, and can fail to answer. */
    private static final class BrokenSink extends MemorySink {
        private final List<String> gets = new ArrayList<>();
        private boolean refusePuts;
        private int unansweredPuts;
        private String takenPrefix = "none";

        @Override
        public synchronized void put(String name, SinkContent content) throws IOException {
            if (refusePuts) {
                throw new IOException("refused");
            }
            if (name.startsWith(takenPrefix)) {
                objects.put(name, new byte[] {1});
            }
            super.put(name, content);
            if (unansweredPuts > 0) {
                unansweredPuts--;
                throw new IOException("no answer");
            }
        }

        @Override
        public synchronized InputStream get(String name, long offset, long length) throws IOException {
            gets.add(name);
            return super.get(name, offset, length);
        }
    }
}
