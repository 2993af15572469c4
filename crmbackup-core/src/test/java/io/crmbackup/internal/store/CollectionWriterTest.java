package io.crmbackup.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.Packs;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionWriterTest {
    private static final SessionOptions OPTIONS = SessionOptions.standard().threads(0);
    private static final SessionOptions OWN = OPTIONS.with(SessionOptions.Reuse.OWN_SESSION);
    private static final CollectionCompression TRAINING = CollectionCompression.deltasAndDictionary(null);

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

    private ChunkStore store(StoredRun... runs) {
        ChunkStore store = new ChunkStore(
                packs.store, packs.master, packs.hasher, packs.random, work, condemned::contains, DamageListener.NONE);
        open.add(store);
        for (StoredRun run : runs) {
            run.indexes().keySet().forEach(store::load);
        }
        return store;
    }

    private static byte[] mail(int number) {
        Random random = new Random(number);
        return ("From: support@example.org\nTo: customer" + random.nextInt()
                        + "@example.com\nContent-Type: text/plain\n\n"
                        + "Dear customer, we have received your request number " + random.nextLong()
                        + " and will answer it within " + random.nextInt(10) + " days. Reference: " + random.nextLong()
                        + ". Kind regards, your service team\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private ChunkId id(byte[] plain) {
        return packs.hasher.id(ChunkType.DATA, plain);
    }

    /** What a session stored and which dictionary it ended with. */
    private record Result(StoredRun run, @Nullable ChunkId dictionary) {}

    private Result stored(
            ChunkStore store, SessionOptions options, CollectionCompression compression, int from, int to) {
        try (StoreSession session = store.session(options)) {
            CollectionWriter writer = session.writerFor(compression);
            for (int i = from; i < to; i++) {
                writer.write(ChunkType.DATA, mail(i));
            }
            ChunkId dictionary = writer.finish();
            return new Result(session.flush(), dictionary);
        }
    }

    private List<ChunkCopy> copies(StoredRun run, ChunkType type) {
        return run.ownPacks().stream()
                .flatMap(pack -> packs.reader.directory(pack).copies().stream())
                .filter(copy -> copy.type() == type)
                .toList();
    }

    private static long length(List<ChunkCopy> copies) {
        return copies.stream().mapToLong(ChunkCopy::length).sum();
    }

    private void assertReadable(ChunkStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(store.read(id(mail(i)), ChunkType.DATA)).isEqualTo(mail(i));
        }
    }

    @Test
    void similarSmallChunksShareADictionary() {
        Result result = stored(store(), OPTIONS, TRAINING, 0, 300);
        List<ChunkCopy> mails = copies(result.run, ChunkType.DATA);
        assertThat(mails).hasSize(300).extracting(ChunkCopy::dictionary).containsOnly(result.dictionary);
        assertThat(copies(result.run, ChunkType.DICTIONARY)).singleElement().satisfies(copy -> {
            assertThat(copy.id()).isEqualTo(result.dictionary);
            assertThat(copy.codec()).isIn(ChunkCodec.RAW, ChunkCodec.ZSTD);
        });
        List<ChunkCopy> alone =
                copies(stored(store(), OPTIONS, CollectionCompression.deltas(), 0, 300).run, ChunkType.DATA);
        assertThat(length(mails)).isLessThan(length(alone) * 3 / 4);
        assertReadable(store(result.run), 0, 300);
    }

    @Test
    void knownDictionaryIsUsedAgainAndNotStoredAgain() {
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        Result second = stored(
                store(first.run), OPTIONS, CollectionCompression.deltasAndDictionary(first.dictionary), 300, 305);
        assertThat(second.dictionary).isEqualTo(first.dictionary);
        assertThat(second.run.chunksNew()).isEqualTo(5);
        assertThat(copies(second.run, ChunkType.DATA))
                .extracting(ChunkCopy::dictionary)
                .containsOnly(first.dictionary);
        assertThat(second.run.relies()).hasSize(2).containsAll(second.run.ownPacks());
        assertReadable(store(first.run, second.run), 0, 305);
    }

    @Test
    void knownDictionaryStaysKnownWhereNothingIsNew() {
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        Result second =
                stored(store(first.run), OPTIONS, CollectionCompression.deltasAndDictionary(first.dictionary), 0, 300);
        assertThat(second.dictionary).isEqualTo(first.dictionary);
        assertThat(second.run.chunksNew()).isZero();
    }

    @Test
    void lostDictionaryIsReplacedByANewOne() {
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        // Its index is not loaded: pruned, say.
        Result second = stored(store(), OPTIONS, CollectionCompression.deltasAndDictionary(first.dictionary), 300, 600);
        assertThat(second.dictionary).isNotNull().isNotEqualTo(first.dictionary);
        Result few = stored(store(), OPTIONS, CollectionCompression.deltasAndDictionary(first.dictionary), 0, 5);
        assertThat(few.dictionary).isNull();
        assertReadable(store(second.run, few.run), 300, 600);
        assertReadable(store(second.run, few.run), 0, 5);
    }

    @Test
    void damagedDictionaryIsNotUsed() {
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        ChunkStore store = store(first.run);
        ObjectId pack = copies(first.run, ChunkType.DICTIONARY).get(0).pack();
        packs.sink.objects.remove(ObjectRole.PACK.name(pack));
        Result second = stored(store, OPTIONS, CollectionCompression.deltasAndDictionary(first.dictionary), 300, 305);
        assertThat(second.dictionary).isNull();
        assertThat(copies(second.run, ChunkType.DATA))
                .extracting(ChunkCopy::dictionary)
                .containsOnlyNulls();
    }

    @Test
    void fewChunksAreStoredAlone() {
        Result result = stored(store(), OPTIONS, TRAINING, 0, 5);
        assertThat(result.dictionary).isNull();
        assertThat(result.run.chunksNew()).isEqualTo(5);
        assertReadable(store(result.run), 0, 5);
    }

    @Test
    void chunkThatIsHeldBackIsReadAndShared() {
        try (StoreSession session = store().session(OPTIONS)) {
            CollectionWriter writer = session.writerFor(TRAINING);
            ChunkId id = writer.write(ChunkType.DATA, mail(1));
            assertThat(session.read(id, ChunkType.DATA)).isEqualTo(mail(1));
            assertThat(packs.sink.objects).isEmpty();
            writer.write(ChunkType.DATA, mail(1));
            session.write(ChunkType.DATA, mail(1));
            // Without the writer being finished.
            StoredRun run = session.flush();
            assertThat(run.chunksNew()).isEqualTo(1);
            assertThat(run.chunksReused()).isEqualTo(2);
            assertThat(session.read(id, ChunkType.DATA)).isEqualTo(mail(1));
            assertReadable(store(run), 1, 2);
        }
    }

    @Test
    void dictionaryIsDecidedOnBeforeTheCollectionEnds() {
        try (StoreSession session = store().session(OPTIONS)) {
            CollectionWriter writer = session.writerFor(TRAINING);
            int i = 0;
            for (int bytes = 0; bytes < 2 * 1024 * 1024; i++) {
                bytes += mail(i).length;
                ChunkId id = writer.write(ChunkType.DATA, mail(i));
                assertThat(writer.held(id) == null).isEqualTo(bytes >= 2 * 1024 * 1024);
            }
            assertThat(writer.held(writer.write(ChunkType.DATA, mail(i)))).isNull();
        }
    }

    @Test
    void isolatedCollectionUsesNoOtherChunk() {
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        byte[] edited = mail(1);
        edited[40]++;
        try (StoreSession session = store(first.run).session(OPTIONS)) {
            CollectionWriter writer = session.writerFor(CollectionCompression.isolated());
            writer.write(ChunkType.DATA, edited, 0, edited.length, () -> {
                throw new AssertionError("asked");
            });
            assertThat(writer.finish()).isNull();
            assertThat(copies(session.flush(), ChunkType.DATA))
                    .singleElement()
                    .satisfies(copy -> assertThat(copy.codec()).isIn(ChunkCodec.RAW, ChunkCodec.ZSTD));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CollectionCompression(CollectionCompression.Help.NONE, first.dictionary));
    }

    @Test
    void deltaIsPreferredToADictionary() {
        ByteArrayOutputStream mails = new ByteArrayOutputStream();
        for (int i = 1_000; i < 1_012; i++) {
            mails.writeBytes(mail(i));
        }
        byte[] plain = mails.toByteArray();
        byte[] edited = plain.clone();
        edited[40]++;
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        ChunkStore store = store(first.run);
        CollectionCompression known = CollectionCompression.deltasAndDictionary(first.dictionary);
        List<StoredRun> runs = new ArrayList<>();
        for (byte[] version : List.of(plain, edited)) {
            try (StoreSession session = store.session(OPTIONS)) {
                CollectionWriter writer = session.writerFor(known);
                writer.write(ChunkType.DATA, version, 0, version.length, () -> id(plain));
                runs.add(session.flush());
            }
            runs.get(runs.size() - 1).indexes().keySet().forEach(store::load);
        }
        assertThat(copies(runs.get(0), ChunkType.DATA))
                .singleElement()
                .satisfies(base -> assertThat(base.dictionary()).isEqualTo(first.dictionary));
        assertThat(copies(runs.get(1), ChunkType.DATA))
                .singleElement()
                .satisfies(delta ->
                        assertThat(Objects.requireNonNull(delta.base()).id()).isEqualTo(id(plain)));
        assertThat(runs.get(1).relies())
                .as("with what the base needs")
                .hasSize(3)
                .contains(copies(first.run, ChunkType.DICTIONARY).get(0).pack());
        assertThat(store.read(id(edited), ChunkType.DATA)).isEqualTo(edited);
    }

    @Test
    void onlyDataHasADictionary() {
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        try (StoreSession session = store(first.run).session(OPTIONS)) {
            CollectionWriter writer = session.writerFor(CollectionCompression.deltasAndDictionary(first.dictionary));
            for (ChunkType type : ChunkType.values()) {
                writer.write(type, mail(400));
            }
            writer.finish();
            assertThat(packs(session.flush()))
                    .hasSize(ChunkType.values().length)
                    .allSatisfy(copy -> assertThat(copy.dictionary() != null).isEqualTo(copy.type() == ChunkType.DATA));
        }
    }

    private List<ChunkCopy> packs(StoredRun run) {
        return run.ownPacks().stream()
                .flatMap(pack -> packs.reader.directory(pack).copies().stream())
                .toList();
    }

    @Test
    void selfContainedSessionTakesTheDictionaryAlong() {
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        Result full =
                stored(store(first.run), OWN, CollectionCompression.deltasAndDictionary(first.dictionary), 0, 300);
        assertThat(full.dictionary).isEqualTo(first.dictionary);
        assertThat(full.run.relies()).isEqualTo(full.run.ownPacks());
        assertThat(copies(full.run, ChunkType.DATA))
                .extracting(ChunkCopy::dictionary)
                .containsOnly(first.dictionary);
        first.run.ownPacks().forEach(pack -> packs.sink.objects.remove(ObjectRole.PACK.name(pack)));
        assertReadable(store(full.run), 0, 300);
    }

    @Test
    void condemnedDictionaryIsStoredAgainAndItsChunksStay() {
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        ObjectId pack = copies(first.run, ChunkType.DICTIONARY).get(0).pack();
        ChunkStore store = store(first.run);
        try (StoreSession session = store.session(OPTIONS)) {
            CollectionWriter writer = session.writerFor(CollectionCompression.deltasAndDictionary(first.dictionary));
            for (int i = 0; i < 310; i++) {
                writer.write(ChunkType.DATA, mail(i));
            }
            writer.finish();
            session.flush();
            condemned.add(pack);
            StoredRun run = session.replace(Set.of(pack));
            assertThat(run.relies()).doesNotContain(pack);
            assertThat(run.chunksNew())
                    .as("10, the dictionary, perhaps one more")
                    .isBetween(11L, 12L);
            packs.sink.objects.remove(ObjectRole.PACK.name(pack));
            assertReadable(store(first.run, run), 0, 310);
            assertThat(session.replace(Set.of()).relies()).isEqualTo(run.relies());
        }
    }

    @Test
    void whatForgetsReadsTheDictionaryAnew() {
        Result first = stored(store(), OPTIONS, TRAINING, 0, 300);
        ChunkStore store = store(first.run);
        assertReadable(store, 0, 1);
        ObjectId pack = copies(first.run, ChunkType.DICTIONARY).get(0).pack();
        byte[] object = Objects.requireNonNull(packs.sink.objects.remove(ObjectRole.PACK.name(pack)));
        assertReadable(store, 1, 2);
        store.forget();
        assertThat(catchThrowable(() -> assertReadable(store, 2, 3))).isNotNull();
        packs.sink.objects.put(ObjectRole.PACK.name(pack), object);
        assertReadable(store, 2, 3);
    }
}
