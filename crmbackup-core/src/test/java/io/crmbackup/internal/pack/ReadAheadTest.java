package io.crmbackup.internal.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.internal.object.ObjectRole;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private final CountingSink sink = new CountingSink();

    private List<ChunkCopy> hundredChunks(Packs packs) {
        return packs.write(
                ChunkType.DATA,
                IntStream.range(0, 100).mapToObj(i -> Packs.random(i, 60_000)).toArray(byte[][]::new));
    }

    @Test
    void chunksThatFollowOneAnotherTakeFewReads() {
        try (Packs packs = new Packs(sink, new SecureRandom())) {
            for (ChunkCopy copy : hundredChunks(packs)) {
                packs.reader.read(copy, Packs.NONE);
            }
            assertThat(sink.gets).isLessThanOrEqualTo(10);
            assertThat(sink.bytes).as("hardly more than the pack").isLessThan(7_000_000);
        }
    }

    @Test
    void chunksThatChangedPlacesTakeHardlyMoreReads() {
        try (Packs packs = new Packs(sink, new SecureRandom())) {
            List<ChunkCopy> copies = new ArrayList<>(hundredChunks(packs));
            for (int i = 1; i + 1 < copies.size(); i += 3) {
                Collections.swap(copies, i, i + 1);
            }
            for (ChunkCopy copy : copies) {
                packs.reader.read(copy, Packs.NONE);
            }
            assertThat(sink.gets).isLessThanOrEqualTo(15);
            assertThat(sink.bytes).as("hardly more than the pack").isLessThan(7_000_000);
        }
    }

    @Test
    void chunksFarApartCostTheirOwnBytesOnly() {
        try (Packs packs = new Packs(sink, new SecureRandom())) {
            List<ChunkCopy> copies = hundredChunks(packs);
            long wanted = 0;
            for (int i : new int[] {50, 10, 90, 30, 70, 0}) {
                packs.reader.read(copies.get(i), Packs.NONE);
                wanted += copies.get(i).length();
            }
            assertThat(sink.bytes).isEqualTo(wanted);
        }
    }

    @Test
    void bytesThatChangedOnTheWayAreFetchedAgain() {
        try (Packs packs = new Packs(sink, new SecureRandom())) {
            ChunkCopy copy = packs.write(ChunkType.DATA, Packs.random(1, 1_000)).get(0);
            sink.flips = 1;
            assertThat(packs.reader.read(copy, Packs.NONE)).isEqualTo(Packs.random(1, 1_000));
            sink.flips = 2;
            assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> {
                try (PackReader fresh = new PackReader(packs.store, packs.keys, packs.hasher)) {
                    fresh.read(copy, Packs.NONE);
                }
            });
        }
    }

    @Test
    void baseThatChangedOnTheWayIsFetchedAgain() {
        try (Packs packs = new Packs(sink, new SecureRandom())) {
            ChunkCopy copy = packs.write(ChunkType.DATA, Packs.random(1, 1_000)).get(0);
            BaseCopy base = new BaseCopy(copy.pack(), copy.offset(), copy.id());
            sink.flips = 1;
            assertThat(packs.reader.read(base, Packs.NONE)).isEqualTo(Packs.random(1, 1_000));
        }
    }

    @Test
    void directoryAndScanAskTheSinkWhateverWasReadBefore() {
        try (Packs packs = new Packs(sink, new SecureRandom())) {
            ChunkCopy copy = packs.write(ChunkType.DATA, Packs.random(1, 1_000)).get(0);
            packs.reader.directory(copy.pack());
            String name = ObjectRole.PACK.name(copy.pack());
            byte[] damaged = sink.objects.get(name);
            damaged[damaged.length - 1] ^= 1;
            assertThatExceptionOfType(DamagedObjectException.class)
                    .isThrownBy(() -> packs.reader.directory(copy.pack()));
        }
    }

    @Test
    void scanOfAnEndlessPackEnds() {
        MemorySink endless = new MemorySink() {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                byte[] answer = new byte[(int) length];
                int read = super.get(name, offset, length).read(answer);
                return new ByteArrayInputStream(answer, 0, offset == 0 ? read : answer.length);
            }
        };
        try (Packs packs = new Packs(endless, new SecureRandom())) {
            ChunkCopy copy = packs.write(ChunkType.DATA, Packs.random(1, 1_000)).get(0);
            Packs.Found found = new Packs.Found();
            packs.reader.scan(copy.pack(), Packs.NONE, found);
            assertThat(found.copies).containsExactly(copy);
            assertThat(found.damages).isNotEmpty();
        }
    }

    /** Counts what is read, and flips a bit in some answers. */
    private static final class CountingSink extends MemorySink {
        private int gets;
        private long bytes;
        private int flips;

        @Override
        public InputStream get(String name, long offset, long length) throws IOException {
            byte[] answer = super.get(name, offset, length).readAllBytes();
            gets++;
            bytes += answer.length;
            if (flips > 0) {
                flips--;
                answer[answer.length / 2] ^= 1;
            }
            return new ByteArrayInputStream(answer);
        }
    }
}
