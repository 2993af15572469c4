package io.crmbackup.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeCacheTest {
    private static final byte[] PLAIN = {1, 2, 3};

    private final Random random = new Random(1);
    private final ChunkId id = ChunkId.of(bytes(ChunkId.LENGTH));
    private final NodeCache cache = new NodeCache();

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private ObjectId pack() {
        return new ObjectId(random.nextLong(), random.nextLong());
    }

    private ChunkCopy copy(ObjectId pack, @Nullable BaseCopy base) {
        ChunkCodec codec = base == null ? ChunkCodec.ZSTD : ChunkCodec.ZSTD_DELTA;
        return new ChunkCopy(id, ChunkType.LEAF, codec, pack, 0, 200, PLAIN.length, base, null);
    }

    @Test
    void nodeReadFromAFullCopyIsFoundAsThatCopyOnly() {
        ObjectId pack = pack();
        cache.put(copy(pack, null), PLAIN);
        assertThat(cache.find(id)).isSameAs(PLAIN);
        assertThat(cache.find(new BaseCopy(pack, 0, id))).isSameAs(PLAIN);
        assertThat(cache.find(new BaseCopy(pack, 1, id))).isNull();
        assertThat(cache.find(new BaseCopy(pack(), 0, id))).isNull();
    }

    @Test
    void nodeReadFromADeltaIsNoBase() {
        ObjectId pack = pack();
        BaseCopy base = new BaseCopy(pack(), 0, ChunkId.of(bytes(ChunkId.LENGTH)));
        cache.put(copy(pack, base), PLAIN);
        assertThat(cache.find(id)).isSameAs(PLAIN);
        assertThat(cache.find(new BaseCopy(pack, 0, id))).isNull();
        assertThat(cache.find(base)).isNull();
    }

    @Test
    void deltaReadLaterLeavesTheFullCopyKnown() {
        BaseCopy full = new BaseCopy(pack(), 0, id);
        cache.put(full, PLAIN);
        cache.put(copy(pack(), new BaseCopy(pack(), 0, ChunkId.of(bytes(ChunkId.LENGTH)))), PLAIN);
        assertThat(cache.find(full)).isSameAs(PLAIN);
    }

    @Test
    void copiesAreForgottenWithoutTheirNodes() {
        BaseCopy full = new BaseCopy(pack(), 0, id);
        cache.put(full, PLAIN);
        cache.forgetCopies();
        assertThat(cache.find(full)).isNull();
        assertThat(cache.find(id)).isSameAs(PLAIN);
        cache.put(full, PLAIN);
        assertThat(cache.find(full)).isSameAs(PLAIN);
    }

    @Test
    void forgetsAll() {
        cache.put(copy(pack(), null), PLAIN);
        cache.forget();
        assertThat(cache.find(id)).isNull();
    }
}
