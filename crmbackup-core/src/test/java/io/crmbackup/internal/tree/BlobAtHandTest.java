package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.spi.BytesAtHand;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Values that are read with similar bytes at hand. */
class BlobAtHandTest {
    private final MemoryChunks chunks = new MemoryChunks();
    private final Set<ChunkId> fetched = new HashSet<>();

    private final ChunkReader counting = new ChunkReader() {
        @Override
        public byte[] read(ChunkId id, ChunkType type) {
            if (type == ChunkType.DATA) {
                fetched.add(id);
            }
            return chunks.read(id, type);
        }

        @Override
        public boolean has(ChunkId id, ChunkType type, byte[] bytes, int offset, int length) {
            byte[] plain = chunks.read(id, type);
            return Arrays.equals(plain, 0, plain.length, bytes, offset, offset + length);
        }
    };

    private static BytesAtHand atHand(byte[] bytes) {
        return (position, target, offset, length) -> {
            if (position >= bytes.length) {
                return -1;
            }
            // Never more than a few at a time.
            int count = (int) Math.min(Math.min(length, 7), bytes.length - position);
            System.arraycopy(bytes, (int) position, target, offset, count);
            return count;
        };
    }

    @Test
    void valueIsReadWhateverIsAtHandAndOnlyWhatDiffersIsFetched() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] value = new byte[random.nextInt(400)];
            random.nextBytes(value);
            byte[] similar =
                    Arrays.copyOf(value, Math.max(0, value.length + random.nextInt(-3, 4) * random.nextInt(20)));
            for (int i = random.nextInt(3); i > 0 && similar.length > 0; i--) {
                similar[random.nextInt(similar.length)]++;
            }
            BlobTreeBuilder builder = new BlobTreeBuilder(chunks);
            Set<ChunkId> differing = new HashSet<>();
            for (int at = 0; at < value.length; ) {
                int length = Math.min(value.length - at, 1 + random.nextInt(30));
                ChunkId id = chunks.write(ChunkType.DATA, value, at, length);
                builder.add(id, length);
                if (similar.length < at + length
                        || Arrays.mismatch(value, at, at + length, similar, at, at + length) >= 0) {
                    differing.add(id);
                }
                at += length;
            }
            BlobRef ref = builder.finish();
            fetched.clear();

            assertThat(new BlobReader(ref, counting, atHand(similar)).isAllAtHand())
                    .as("seed %d", seed)
                    .isEqualTo(Arrays.equals(value, similar));
            assertThat(fetched).as("seed %d: to compare", seed).isEmpty();
            assertThat(new BlobReader(ref, counting, atHand(similar)).readAllBytes())
                    .as("seed %d", seed)
                    .isEqualTo(value);
            assertThat(fetched).as("seed %d", seed).isEqualTo(differing);
        }
    }

    @Test
    void bytesThatCannotBeReadAreFetched() throws IOException {
        BlobTreeBuilder builder = new BlobTreeBuilder(chunks);
        builder.add(chunks.write(ChunkType.DATA, new byte[] {1, 2, 3}), 3);
        BlobRef ref = builder.finish();
        BytesAtHand broken = (position, target, offset, length) -> {
            throw new IOException("bad sector");
        };

        assertThat(new BlobReader(ref, counting, broken).readAllBytes()).containsExactly(1, 2, 3);
        assertThat(new BlobReader(ref, counting, broken).isAllAtHand()).isFalse();
    }
}
