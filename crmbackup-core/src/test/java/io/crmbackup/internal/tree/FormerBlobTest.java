package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FormerBlobTest {
    private final MemoryChunks chunks = new MemoryChunks();
    private final SplittableRandom random = new SplittableRandom(11);
    private int finds;

    /** Pieces of 10 to 30 bytes, each different from any other. */
    private List<byte[]> pieces(int count) {
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pieces.add(piece());
        }
        return pieces;
    }

    private byte[] piece() {
        byte[] piece = new byte[10 + random.nextInt(21)];
        random.nextBytes(piece);
        return piece;
    }

    /** Puts a new piece of the same length in place of one. */
    private void change(List<byte[]> pieces, int at) {
        byte[] changed = new byte[pieces.get(at).length];
        random.nextBytes(changed);
        pieces.set(at, changed);
    }

    private BlobRef store(List<byte[]> pieces, Likenesses writer, BlobRef former) {
        BlobTreeBuilder builder = new BlobTreeBuilder(
                writer,
                new FormerBlob(
                        () -> {
                            finds++;
                            return former;
                        },
                        chunks));
        pieces.forEach(piece -> builder.write(piece, 0, piece.length));
        return builder.finish();
    }

    private BlobRef store(List<byte[]> pieces) {
        return store(pieces, new Likenesses(chunks), BlobRef.EMPTY);
    }

    private ChunkId id(byte[] piece) {
        return chunks.unstored().write(ChunkType.DATA, piece);
    }

    private @Nullable ChunkId like(Likenesses writer, byte[] piece) {
        assertThat(writer.found()).containsKey(id(piece));
        return writer.found().get(id(piece));
    }

    @Test
    void changedPieceResemblesTheOneInItsPlace() {
        List<byte[]> pieces = pieces(1000);
        BlobRef before = store(pieces);
        for (int at : new int[] {0, 1, 500, 998, 999}) {
            List<byte[]> changed = new ArrayList<>(pieces);
            change(changed, at);
            Likenesses writer = new Likenesses(chunks);
            store(changed, writer, before);
            assertThat(like(writer, changed.get(at))).as("piece %d", at).isEqualTo(id(pieces.get(at)));
        }
    }

    @Test
    void pagesResembleTheOnesInTheirPlace() {
        List<byte[]> pieces = pieces(20_000);
        BlobRef before = store(pieces);
        assertThat(before.depth()).isGreaterThan(1);
        for (int at : new int[] {0, 7_000, 19_999}) {
            List<byte[]> changed = new ArrayList<>(pieces);
            change(changed, at);
            Likenesses writer = new Likenesses(chunks);
            BlobRef after = store(changed, writer, before);
            assertThat(writer.found().get(after.root())).isEqualTo(before.root());
            long place = pieces.subList(0, at).stream()
                    .mapToLong(piece -> piece.length)
                    .sum();
            for (int level = 1; level < after.depth(); level++) {
                ChunkId page = new BlobPath(after, chunks).find(place, level).id();
                ChunkId old = new BlobPath(before, chunks).find(place, level).id();
                assertThat(writer.found().get(page))
                        .as("page of level %d", level)
                        .isEqualTo(old);
            }
        }
    }

    @Test
    void piecesAfterAnInsertionOrRemovalResembleTheOnesThatMoved() {
        for (int moved : new int[] {1, 5, 60, -1, -5, -60}) {
            List<byte[]> pieces = pieces(1000);
            BlobRef before = store(pieces);
            List<byte[]> changed = new ArrayList<>(pieces);
            if (moved > 0) {
                changed.addAll(300, pieces(moved));
            } else {
                changed.subList(300, 300 - moved).clear();
            }
            change(changed, 700 + moved);
            Likenesses writer = new Likenesses(chunks);
            store(changed, writer, before);
            assertThat(like(writer, changed.get(700 + moved)))
                    .as("moved by %d", moved)
                    .isEqualTo(id(pieces.get(700)));
        }
    }

    @Test
    void pieceIsFoundAgainBehindManyChangesAndStrangePieces() {
        List<byte[]> pieces = pieces(1000);
        BlobRef before = store(pieces);
        List<byte[]> elsewhere = pieces(100);
        store(elsewhere);
        List<byte[]> changed = new ArrayList<>(pieces);
        for (int at = 200; at < 240; at += 2) {
            change(changed, at);
        }
        changed.addAll(300, pieces(20));
        changed.addAll(500, elsewhere.subList(0, 3));
        change(changed, 503);
        Likenesses writer = new Likenesses(chunks);
        store(changed, writer, before);
        for (int at = 200; at < 240; at += 2) {
            assertThat(like(writer, changed.get(at))).as("piece %d", at).isEqualTo(id(pieces.get(at)));
        }
        // Behind three pieces from elsewhere it is looked for from the last one that this value had before.
        assertThat(like(writer, changed.get(503)))
                .isIn(pieces.subList(481, 487).stream().map(this::id).toList());
    }

    @Test
    void halvesOfAPieceBothResembleIt() {
        List<byte[]> pieces = pieces(300);
        byte[] whole = new byte[30];
        random.nextBytes(whole);
        pieces.set(150, whole);
        BlobRef before = store(pieces);
        List<byte[]> changed = new ArrayList<>(pieces);
        byte[] first = new byte[16];
        byte[] second = new byte[15];
        random.nextBytes(first);
        random.nextBytes(second);
        changed.set(150, first);
        changed.add(151, second);
        Likenesses writer = new Likenesses(chunks);
        store(changed, writer, before);
        assertThat(like(writer, first)).isEqualTo(id(whole));
        assertThat(like(writer, second)).isEqualTo(id(whole));
    }

    @Test
    void equalPiecesInARowDontShiftWhatFollows() {
        List<byte[]> pieces = pieces(400);
        byte[] zeros = new byte[20];
        for (int i = 100; i < 250; i++) {
            pieces.set(i, zeros);
        }
        BlobRef before = store(pieces);
        List<byte[]> changed = new ArrayList<>(pieces);
        change(changed, 250);
        Likenesses writer = new Likenesses(chunks);
        store(changed, writer, before);
        assertThat(like(writer, changed.get(250))).isEqualTo(id(pieces.get(250)));
    }

    @Test
    void whatIsAppendedResemblesNothing() {
        List<byte[]> pieces = pieces(200);
        BlobRef before = store(pieces);
        List<byte[]> appended = new ArrayList<>(pieces);
        appended.addAll(pieces(3));
        Likenesses writer = new Likenesses(chunks);
        store(appended, writer, before);
        assertThat(like(writer, appended.get(200))).isNull();
        assertThat(like(writer, appended.get(202))).isNull();
    }

    @Test
    void onePieceAndManyAreCompared() {
        List<byte[]> one = pieces(1);
        BlobRef before = store(one);
        List<byte[]> two = List.of(piece(), piece());
        Likenesses grown = new Likenesses(chunks);
        BlobRef after = store(two, grown, before);
        assertThat(like(grown, two.get(0))).isEqualTo(before.root());
        assertThat(grown.found().get(after.root())).isNull();
        Likenesses shrunk = new Likenesses(chunks);
        byte[] last = piece();
        store(List.of(last), shrunk, after);
        assertThat(like(shrunk, last)).isIn(id(two.get(0)), id(two.get(1)));
    }

    @Test
    void equalValueIsNotLookedUp() {
        List<byte[]> pieces = pieces(5000);
        BlobRef before = store(pieces);
        chunks.forgetCounts();
        finds = 0;
        assertThat(store(pieces, new Likenesses(chunks), before)).isEqualTo(before);
        assertThat(finds).isZero();
        assertThat(chunks.allReads()).isZero();
    }

    @Test
    void oneChangeReadsThePagesAroundIt() {
        List<byte[]> pieces = pieces(50_000);
        BlobRef before = store(pieces);
        pieces.set(20_000, piece());
        chunks.forgetCounts();
        store(pieces, new Likenesses(chunks), before);
        assertThat(chunks.reads()).isLessThanOrEqualTo(2 * before.depth());
    }
}
