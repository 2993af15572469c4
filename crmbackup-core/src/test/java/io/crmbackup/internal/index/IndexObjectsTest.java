package io.crmbackup.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.index.IndexObjects.StoredIndex;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.Retries;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.StoredPack;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexObjectsTest {
    private final MemorySink sink = new MemorySink();
    private final SecureRandom random = new SecureRandom();
    private final ObjectStore store = new ObjectStore(sink, Retries.immediately(1));
    private final ObjectSealer sealer =
            new ObjectSealer(MasterKey.of(RepositoryId.of(new byte[16]), new byte[32]), random);
    private final IndexObjects objects = new IndexObjects(store, sealer, random);

    private static StoredPack pack(int number, int chunks) {
        List<ChunkCopy> copies = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            copies.add(ChunkIndexTest.copy(number * 100_000L + i, number));
        }
        return new StoredPack(new ObjectId(number, -number), 1_000 + number, copies);
    }

    private List<StoredPack> read(ObjectId id) {
        List<StoredPack> packs = new ArrayList<>();
        objects.read(id, packs::add);
        return packs;
    }

    @Test
    void whatIsPutIsRead() {
        List<StoredPack> packs = List.of(pack(1, 20), pack(2, 0), pack(3, 500));
        StoredIndex stored = objects.put(packs);
        assertThat(read(stored.id())).isEqualTo(packs);
        assertThat(sink.objects.get(ObjectRole.INDEX.name(stored.id()))).hasSize((int) stored.length());
    }

    @Test
    void writerSplitsWhatIsTooMuchForOneObject() {
        IndexWriter writer = new IndexWriter(objects);
        List<StoredPack> packs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            packs.add(pack(i, 32_768));
            writer.add(packs.get(i));
        }
        List<StoredIndex> stored = writer.flush();
        assertThat(stored.size()).isGreaterThan(1);
        assertThat(stored).allMatch(index -> index.length() < 5 << 20);
        assertThat(stored.stream().flatMap(index -> read(index.id()).stream()).toList())
                .isEqualTo(packs);
        assertThat(writer.flush()).as("nothing new").isEqualTo(stored);
    }

    @Test
    void writerWithoutPacksPutsNothing() {
        assertThat(new IndexWriter(objects).flush()).isEmpty();
        assertThat(sink.objects).isEmpty();
    }

    @Test
    void contentThatIsNoIndexIsRefused() {
        byte[] good = content(objects.put(List.of(pack(1, 3))).id());
        for (int length = 0; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length));
        }
        assertRefused(Arrays.copyOf(good, good.length + 1));
        for (int lie : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertRefused(ByteBuffer.wrap(good.clone()).putInt(0, lie).array());
            assertRefused(ByteBuffer.wrap(good.clone()).putInt(28, lie).array());
        }
        byte[] unknownType = good.clone();
        unknownType[32 + 32] = 99;
        assertRefused(unknownType);
    }

    private byte[] content(ObjectId id) {
        String name = ObjectRole.INDEX.name(id);
        return sealer.open(ObjectRole.INDEX, name, sink.objects.get(name));
    }

    private void assertRefused(byte[] content) {
        ObjectId id = ObjectId.random(random);
        String name = ObjectRole.INDEX.name(id);
        store.put(name, sealer.seal(ObjectRole.INDEX, name, content));
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> read(id));
    }
}
