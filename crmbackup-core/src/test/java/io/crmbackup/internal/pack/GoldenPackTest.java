package io.crmbackup.internal.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The format does not change: what was written once is read for ever, and the same input under the same random bytes gives the same pack. */
class GoldenPackTest {
    private static final byte[] SHORT = "Ada Lovelace".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LONG = Packs.random(20, 17_000);

    private static final byte[] COMPRESSED = "Grace Hopper, ".repeat(50).getBytes(StandardCharsets.US_ASCII);

    /** The frame of {@link #COMPRESSED}, fixed, as another version of the compressor may give another. */
    private static final byte[] FRAME =
            HexFormat.of().parseHex("28b52ffd60bc01ad000070477261636520486f707065722c200100aba29a4a");

    private static byte[] golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenPackTest.class.getResourceAsStream("golden-pack.bin"))) {
            return in.readAllBytes();
        }
    }

    private static Packs.Encoded[] chunks() {
        byte[] none = {};
        return new Packs.Encoded[] {
            new Packs.Encoded(ChunkType.LEAF, ChunkCodec.RAW, SHORT, none, SHORT),
            new Packs.Encoded(ChunkType.INNER, ChunkCodec.RAW, LONG, none, LONG),
            new Packs.Encoded(ChunkType.BLOB, ChunkCodec.ZSTD, COMPRESSED, none, FRAME),
        };
    }

    @Test
    void sameInputGivesTheGoldenPack() throws IOException {
        try (Packs packs = new Packs(new MemorySink(), new CountingRandom())) {
            packs.write(chunks());
            assertThat(packs.sink.objects.values()).containsExactly(golden());
        }
    }

    @Test
    void goldenPackIsRead() throws IOException {
        try (Packs packs = new Packs()) {
            ObjectId id = ObjectId.parse("000102030405060708090a0b0c0d0e0f");
            packs.sink.objects.put(ObjectRole.PACK.name(id), golden());
            Packs.Found found = new Packs.Found();
            packs.reader.scan(id, Packs.NONE, found);
            assertThat(found.damages).isEmpty();
            assertThat(found.plain.toArray(byte[][]::new)).isDeepEqualTo(new byte[][] {SHORT, LONG, COMPRESSED});
            assertThat(packs.reader.directory(id).copies()).isEqualTo(found.copies);
        }
    }

    /** Random bytes that count up. */
    private static final class CountingRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private byte next;

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = next++;
            }
        }
    }
}
