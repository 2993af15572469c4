package io.crmbackup.internal.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeavesAheadTest {
    private final List<ChunkId> ids =
            IntStream.range(0, 100).mapToObj(LeavesAheadTest::id).toList();
    private final List<ChunkId> read = new ArrayList<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final LeavesAhead leaves = new LeavesAhead(this::read, tasks::add, ids.iterator());

    private static ChunkId id(int number) {
        return ChunkId.of(ByteBuffer.allocate(32).putInt(number).array());
    }

    private byte[] read(ChunkId id, ChunkType type) {
        read.add(id);
        if (id.equals(id(50))) {
            throw new DamagedObjectException("chunk " + id, "is damaged");
        }
        return bytes(id);
    }

    private static byte[] bytes(ChunkId id) {
        return Arrays.copyOf(id.toBytes(), 4);
    }

    @Test
    void leavesAreReadOnceWhoeverReadsThem() {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        for (ChunkId id : ids.subList(0, 50)) {
            for (int run = random.nextInt(4); run > 0 && !tasks.isEmpty(); run--) {
                tasks.remove().run();
            }
            if (random.nextInt(5) > 0) {
                assertThat(leaves.read(id, ChunkType.LEAF)).as("seed %d", seed).isEqualTo(bytes(id));
            }
        }
        assertThat(read).as("seed %d", seed).doesNotHaveDuplicates().contains(id(40));
    }

    @Test
    void noMoreThanAFewAreReadAhead() {
        leaves.read(id(0), ChunkType.LEAF);
        assertThat(tasks).hasSize(32);
        tasks.forEach(Runnable::run);
        leaves.read(id(10), ChunkType.LEAF);
        assertThat(tasks).hasSize(42);
        assertThat(read).hasSize(33);
    }

    @Test
    void noMoreThanAFewBytesWait() {
        byte[] large = new byte[3 * 1024 * 1024];
        LeavesAhead bounded = new LeavesAhead(
                (id, type) -> {
                    read.add(id);
                    return large;
                },
                tasks::add,
                ids.iterator());
        bounded.read(id(0), ChunkType.LEAF);
        tasks.forEach(Runnable::run);
        assertThat(read).containsExactly(id(0), id(1), id(2), id(3));
        tasks.clear();
        // Asked for or passed over, they make room.
        bounded.read(id(1), ChunkType.LEAF);
        bounded.read(id(4), ChunkType.LEAF);
        assertThat(read).endsWith(id(3), id(4)).hasSize(5);
        tasks.forEach(Runnable::run);
        assertThat(read).endsWith(id(4), id(33), id(34), id(35)).hasSize(8);
    }

    @Test
    void damageIsToldToWhoAsks() {
        for (int i = 0; i < 50; i++) {
            leaves.read(id(i), ChunkType.LEAF);
            tasks.forEach(Runnable::run);
        }
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> leaves.read(id(50), ChunkType.LEAF));
        assertThat(leaves.read(id(51), ChunkType.LEAF)).isEqualTo(bytes(id(51)));
    }

    /** Whatever threads are in the middle of when a leaf is asked for. */
    @Test
    void damageIsTheSameWithThreadsThatReadAhead() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            Set<Thread> readers = ConcurrentHashMap.newKeySet();
            ExecutorService threads = Executors.newFixedThreadPool(3);
            try {
                LeavesAhead ahead = new LeavesAhead(
                        (id, type) -> {
                            readers.add(Thread.currentThread());
                            if (id.equals(id(50))) {
                                throw new DamagedObjectException("chunk " + id, "is damaged");
                            }
                            return bytes(id);
                        },
                        threads,
                        ids.iterator());
                for (ChunkId id : ids.subList(0, 50)) {
                    assertThat(ahead.read(id, ChunkType.LEAF)).isEqualTo(bytes(id));
                }
                assertThatExceptionOfType(DamagedObjectException.class)
                        .isThrownBy(() -> ahead.read(id(50), ChunkType.LEAF))
                        .withMessage(new DamagedObjectException("chunk " + id(50), "is damaged").getMessage());
                for (ChunkId id : ids.subList(51, 100)) {
                    assertThat(ahead.read(id, ChunkType.LEAF)).isEqualTo(bytes(id));
                }
            } finally {
                threads.shutdown();
                assertThat(threads.awaitTermination(1, TimeUnit.MINUTES))
                        .as("no thread waits for anything")
                        .isTrue();
            }
            assertThat(readers).contains(Thread.currentThread()).hasSizeBetween(1, 4);
        }
    }

    @Test
    void otherNodesAreReadAsEver() {
        assertThat(leaves.read(id(7), ChunkType.INNER)).isEqualTo(bytes(id(7)));
        assertThat(tasks).isEmpty();
        assertThat(leaves.read(id(200), ChunkType.LEAF)).isEqualTo(bytes(id(200)));
    }
}
