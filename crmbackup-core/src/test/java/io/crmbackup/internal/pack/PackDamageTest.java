package io.crmbackup.internal.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.github.luben.zstd.Zstd;
import io.crmbackup.error.BackupException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PackDamageTest {
    private static final byte[][] CHUNKS = {Packs.text(1, 90), Packs.random(2, 50), new byte[0], Packs.text(4, 200)};

    private final Packs packs = new Packs();
    private List<ChunkCopy> copies = List.of();
    private String name = "";
    private byte[] good = {};
    private int trailerAt;
    private int directoryAt;

    @BeforeEach
    void write() {
        copies = packs.write(ChunkType.LEAF, CHUNKS);
        name = ObjectRole.PACK.name(pack());
        good = packs.sink.objects.get(name);
        trailerAt = good.length - Trailer.LENGTH;
        ChunkCopy last = copies.get(copies.size() - 1);
        directoryAt = Envelope.LENGTH + (int) last.offset() + last.length();
    }

    @AfterEach
    void close() {
        packs.close();
    }

    private ObjectId pack() {
        return copies.get(0).pack();
    }

    /** What a fresh reader finds in these bytes. */
    private Packs.Found scan(byte[] object) {
        packs.sink.objects.put(name, object);
        Packs.Found found = new Packs.Found();
        try (PackReader reader = new PackReader(packs.store, packs.keys, packs.hasher)) {
            reader.scan(pack(), Packs.NONE, found);
        }
        return found;
    }

    /** Reads every chunk from these bytes; a chunk that is read is right. Returns how many are damaged. */
    private int damaged(byte[] object) {
        packs.sink.objects.put(name, object);
        int damaged = 0;
        try (PackReader reader = new PackReader(packs.store, packs.keys, packs.hasher)) {
            for (int i = 0; i < CHUNKS.length; i++) {
                try {
                    assertThat(reader.read(copies.get(i), Packs.NONE)).isEqualTo(CHUNKS[i]);
                } catch (DamagedObjectException e) {
                    assertThat(e.object()).isEqualTo(name);
                    damaged++;
                }
            }
        }
        return damaged;
    }

    private byte[] flipped(int at, int bit) {
        byte[] object = good.clone();
        object[at] ^= (byte) (1 << bit);
        return object;
    }

    @Test
    void flippedBitsOfEveryByteAreFound() {
        for (int bit = 0; bit < 8 * good.length; bit += 7) {
            int at = bit / 8;
            byte[] object = flipped(at, bit % 8);
            boolean inRecords = at >= Envelope.LENGTH && at < directoryAt;
            assertThat(damaged(object)).as("reading, byte %d", at).isEqualTo(inRecords ? 1 : 0);
            try {
                Packs.Found found = scan(object);
                assertThat(found.damages).as("scanning, byte %d", at).isNotEmpty();
                assertThat(found.copies)
                        .as("a scan loses one chunk at most, byte %d", at)
                        .hasSize(inRecords ? copies.size() - 1 : copies.size());
                assertThat(copies).containsAll(found.copies);
            } catch (UnsupportedFormatException e) {
                fail("a flipped bit at %d looks like a newer version".formatted(at), e);
            }
        }
    }

    @Test
    void everyTruncationIsFound() {
        for (int length = 0; length < good.length; length++) {
            byte[] object = Arrays.copyOf(good, length);
            int end = length - Envelope.LENGTH;
            long whole = copies.stream()
                    .filter(copy -> copy.offset() + copy.length() <= end)
                    .count();
            assertThat(damaged(object)).as("length %d", length).isEqualTo(copies.size() - (int) whole);
            Packs.Found found = scan(object);
            assertThat(found.damages).as("length %d", length).isNotEmpty();
            assertThat(found.copies).as("length %d", length).isEqualTo(copies.subList(0, (int) whole));
        }
    }

    @Test
    void bytesBehindTheEndAreFound() {
        assertThat(scan(Arrays.copyOf(good, good.length + 1)).damages).hasSize(1);
    }

    @Test
    void missingPackIsDamage() {
        packs.sink.objects.remove(name);
        Packs.Found found = new Packs.Found();
        packs.reader.scan(pack(), Packs.NONE, found);
        assertThat(found.damages).hasSize(1);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> packs.reader.read(copies.get(0), Packs.NONE))
                .withMessageContaining("missing");
    }

    @Test
    void scanWithoutTrailerAndDirectoryFindsEverything() {
        byte[] torn = good.clone();
        Arrays.fill(torn, directoryAt, torn.length, (byte) 0);
        assertThat(scan(torn).copies).isEqualTo(copies);
        Arrays.fill(torn, 0, Envelope.LENGTH, (byte) 0);
        assertThat(scan(torn).copies).isEqualTo(copies);
    }

    @Test
    void directoryIsReadWithoutTheRecords() {
        byte[] object = good.clone();
        Arrays.fill(object, Envelope.LENGTH, directoryAt, (byte) 0);
        packs.sink.objects.put(name, object);
        assertThat(packs.reader.directory(pack()).copies()).isEqualTo(copies);
    }

    @Test
    void flippedBitsOfDirectoryAndTrailerAreFoundByTheDirectory() {
        for (int at = directoryAt; at < good.length; at++) {
            packs.sink.objects.put(name, flipped(at, at % 8));
            boolean padding = at >= directoryAt + RecordLayout.length(4 * 50) && at < trailerAt;
            try (PackReader reader = new PackReader(packs.store, packs.keys, packs.hasher)) {
                reader.directory(pack());
                assertThat(padding).as("byte %d", at).isTrue();
            } catch (DamagedObjectException e) {
                assertThat(padding).as("byte %d", at).isFalse();
            }
        }
    }

    @Test
    void recordsOpenOnlyAtTheirPlace() {
        ChunkCopy first = copies.get(0);
        List<ChunkCopy> twins = packs.write(ChunkType.LEAF, Packs.text(1, 90), Packs.text(1, 90));
        byte[] other = packs.sink.objects.get(ObjectRole.PACK.name(twins.get(0).pack()));
        assertThat(twins.get(0).length()).isEqualTo(twins.get(1).length()).isEqualTo(first.length());

        byte[] fromOtherPack = good.clone();
        copy(other, twins.get(0), fromOtherPack, first);
        assertThat(damaged(fromOtherPack)).isEqualTo(1);

        byte[] swapped = other.clone();
        copy(other, twins.get(0), swapped, twins.get(1));
        packs.sink.objects.put(ObjectRole.PACK.name(twins.get(0).pack()), swapped);
        assertThat(packs.reader.read(twins.get(0), Packs.NONE)).isEqualTo(CHUNKS[0]);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> packs.reader.read(twins.get(1), Packs.NONE));
    }

    private static void copy(byte[] from, ChunkCopy source, byte[] to, ChunkCopy target) {
        System.arraycopy(
                from,
                Envelope.LENGTH + (int) source.offset(),
                to,
                Envelope.LENGTH + (int) target.offset(),
                source.length());
    }

    @Test
    void payloadOfAnotherRecordIsRefused() {
        byte[] object = good.clone();
        List<ChunkCopy> twin = packs.write(ChunkType.LEAF, Packs.text(1, 90));
        byte[] other = packs.sink.objects.get(ObjectRole.PACK.name(twin.get(0).pack()));
        int at = Envelope.LENGTH + RecordLayout.PAYLOAD;
        System.arraycopy(other, at, object, at, copies.get(0).length() - RecordLayout.PAYLOAD);
        assertThat(damaged(object)).isEqualTo(1);
    }

    @Test
    void packUnderAnotherNameIsRefused() {
        ObjectId renamed = new ObjectId(1, 2);
        packs.sink.objects.put(ObjectRole.PACK.name(renamed), good);
        Packs.Found found = new Packs.Found();
        packs.reader.scan(renamed, Packs.NONE, found);
        assertThat(found.copies).isEmpty();
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> packs.reader.directory(renamed));
    }

    @Test
    void indexThatNamesAnotherChunkIsFound() {
        ChunkCopy a = copies.get(0);
        ChunkCopy b = copies.get(1);
        ChunkCopy wrong = new ChunkCopy(
                b.id(), a.type(), a.codec(), a.pack(), a.offset(), a.length(), a.plainLength(), null, null);
        assertThatExceptionOfType(BackupException.class).isThrownBy(() -> packs.reader.read(wrong, Packs.NONE));
    }

    @Test
    void authenticBytesThatAreNotThoseOfTheIdAreRefused() {
        byte[] other = Packs.random(77, 50);
        ChunkCopy copy = packs.write(new Packs.Encoded(ChunkType.LEAF, ChunkCodec.RAW, CHUNKS[1], new byte[0], other))
                .get(0);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> packs.reader.read(copy, Packs.NONE))
                .withMessageContaining("id");
        Packs.Found found = new Packs.Found();
        packs.reader.scan(copy.pack(), Packs.NONE, found);
        assertThat(found.damages).hasSize(1);
        assertThat(found.copies).isEmpty();
    }

    @Test
    void lengthThatTheBytesDoNotHaveIsRefused() {
        byte[] frame = Zstd.compress(new byte[64 * 1024 * 1024]);
        for (ChunkCodec codec : new ChunkCodec[] {ChunkCodec.RAW, ChunkCodec.ZSTD}) {
            ChunkCopy copy = packs.write(new Packs.Encoded(ChunkType.LEAF, codec, CHUNKS[1], new byte[0], frame))
                    .get(0);
            assertThatExceptionOfType(DamagedObjectException.class)
                    .isThrownBy(() -> packs.reader.read(copy, Packs.NONE))
                    .withMessageContaining("declares 50 plain bytes");
        }
    }
}
