package io.crmbackup.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.BackupException;
import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkIndexTest {
    @TempDir
    Path work;

    static ChunkId id(long number) {
        SplittableRandom random = new SplittableRandom(number);
        ByteBuffer bytes = ByteBuffer.allocate(32);
        while (bytes.hasRemaining()) {
            bytes.putLong(random.nextLong());
        }
        return ChunkId.of(bytes.array());
    }

    /** A copy all of whose fields depend on the numbers. */
    static ChunkCopy copy(long chunk, int pack) {
        Random random = new Random(chunk * 31 + pack);
        ChunkType type = ChunkType.values()[random.nextInt(ChunkType.values().length)];
        ChunkCodec codec = random.nextInt(4) > 0 ? ChunkCodec.ZSTD : ChunkCodec.values()[random.nextInt(4)];
        return new ChunkCopy(
                id(chunk),
                type,
                codec,
                new ObjectId(pack, -pack),
                random.nextInt(1 << 27),
                100 + random.nextInt(8 << 20),
                random.nextInt(4) == 0 ? ChunkCodec.MAX_PLAIN_LENGTH : random.nextInt(1 << 20),
                codec == ChunkCodec.ZSTD_DELTA ? new BaseCopy(new ObjectId(chunk, 7), chunk, id(-chunk)) : null,
                codec == ChunkCodec.ZSTD_DICTIONARY ? id(-chunk) : null);
    }

    @Test
    void findsWhatAMapFinds() {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        Map<ChunkId, Set<ChunkCopy>> oracle = new HashMap<>();
        try (ChunkIndex index = new ChunkIndex(work, 500)) {
            for (int i = 0; i < 60_000; i++) {
                ChunkCopy copy = copy(random.nextInt(30_000), random.nextInt(3));
                index.add(copy);
                oracle.computeIfAbsent(copy.id(), id -> new HashSet<>()).add(copy);
                if (i % 7 == 0) {
                    ChunkId id = id(random.nextInt(40_000));
                    assertThat(index.copies(id))
                            .as("seed %d, addition %d", seed, i)
                            .containsExactlyInAnyOrderElementsOf(oracle.getOrDefault(id, Set.of()));
                }
            }
            for (int i = 0; i < 40_000; i++) {
                assertThat(new HashSet<>(index.copies(id(i))))
                        .as("seed %d, chunk %d", seed, i)
                        .isEqualTo(oracle.getOrDefault(id(i), Set.of()));
            }
            Set<ChunkCopy> all = new HashSet<>();
            index.forEach(all::add);
            assertThat(all)
                    .as("seed %d", seed)
                    .hasSize(oracle.values().stream().mapToInt(Set::size).sum());
        }
    }

    @Test
    void idsThatAreNotUniformAreFound() {
        try (ChunkIndex index = new ChunkIndex(work, 100)) {
            List<ChunkId> ids = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = new byte[32];
                ByteBuffer.wrap(bytes).putInt(i % 3 == 0 ? 28 : 4, i % 2 == 0 ? i : -i);
                ChunkId id = ChunkId.of(bytes);
                ids.add(id);
                index.add(new ChunkCopy(id, ChunkType.DATA, ChunkCodec.RAW, new ObjectId(1, 2), i, 100, i, null, null));
            }
            for (int i = 0; i < ids.size(); i++) {
                int wanted = i;
                assertThat(index.copies(ids.get(i))).anyMatch(copy -> copy.offset() == wanted);
            }
            assertThat(index.copies(id(1))).isEmpty();
        }
    }

    @Test
    void millionsOfChunksTakeFewSegmentsAndNoHeap() {
        int chunks = 2_000_000;
        try (ChunkIndex index = new ChunkIndex(work)) {
            for (int i = 0; i < chunks; i++) {
                index.add(new ChunkCopy(
                        id(i),
                        ChunkType.DATA,
                        ChunkCodec.ZSTD,
                        new ObjectId(i / 1_000, 0),
                        i % 1_000,
                        100,
                        1,
                        null,
                        null));
            }
            assertThat(index.segments()).isLessThanOrEqualTo(9);
            assertThat(index.rowsInHeap()).isLessThanOrEqualTo(1 << 17);
            for (int i = 0; i < chunks; i += 97) {
                List<ChunkCopy> copies = index.copies(id(i));
                assertThat(copies).hasSize(1);
                assertThat(copies.get(0).pack()).isEqualTo(new ObjectId(i / 1_000, 0));
                assertThat(copies.get(0).offset()).isEqualTo(i % 1_000);
            }
            assertThat(index.copies(id(chunks))).isEmpty();
        }
    }

    @Test
    void rowThatIsThereAlreadyIsNotKeptTwice() {
        try (ChunkIndex index = new ChunkIndex(work, 10)) {
            for (int i = 0; i < 400; i++) {
                index.add(copy(i % 10, 0));
            }
            assertThat(index.segments()).isZero();
            assertThat(index.rowsInHeap()).isEqualTo(10);
        }
    }

    @Test
    void filesAreGoneWhileInUseAndDirectoryOnClose() throws IOException {
        ChunkIndex index = new ChunkIndex(work, 10);
        for (int i = 0; i < 1_000; i++) {
            index.add(copy(i, 0));
        }
        assertThat(index.segments()).isPositive();
        try (Stream<Path> directories = Files.list(work)) {
            Path directory = directories.findFirst().orElseThrow();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
            assertThat(directory).isEmptyDirectory();
        }
        index.close();
        assertThat(work).isEmptyDirectory();
        index.close();
    }

    @Test
    void unwritableWorkDirectoryFailsTyped() {
        try (ChunkIndex index = new ChunkIndex(work.resolve("absent"), 10)) {
            assertThatExceptionOfType(BackupException.class)
                    .isThrownBy(() -> {
                        for (int i = 0; i <= 10; i++) {
                            index.add(copy(i, 0));
                        }
                    })
                    .withMessageContaining("absent");
        }
    }

    @Test
    void interruptCancelsAndHarmsNoOtherLookUp() {
        try (ChunkIndex index = new ChunkIndex(work, 10)) {
            for (int i = 0; i < 30; i++) {
                index.add(copy(i, 0));
            }
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(BackupCancelledException.class).isThrownBy(() -> {
                for (int i = 30; i < 50; i++) {
                    index.add(copy(i, 0));
                }
            });
            assertThat(Thread.interrupted()).isTrue();
            for (int i = 0; i < 30; i++) {
                assertThat(index.copies(id(i))).hasSize(1);
            }
            index.add(copy(60, 0));
            assertThat(index.copies(id(60))).hasSize(1);
        }
    }

    @Test
    void lookUpsGoOnWhileRowsAreAdded() throws InterruptedException {
        try (ChunkIndex index = new ChunkIndex(work, 64)) {
            index.add(copy(0, 0));
            AtomicBoolean done = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                try {
                    while (!done.get()) {
                        assertThat(index.copies(id(0))).containsExactly(copy(0, 0));
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            reader.start();
            for (int i = 1; i < 20_000; i++) {
                index.add(copy(i, 1));
            }
            done.set(true);
            reader.join();
            assertThat(failure.get()).isNull();
        }
    }
}
