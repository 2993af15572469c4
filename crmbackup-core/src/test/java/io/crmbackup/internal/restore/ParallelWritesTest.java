package io.crmbackup.internal.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.report.BackupListener;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelWritesTest {
    private static final RecordSchema SCHEMA =
            RecordSchema.builder().field("a", FieldType.INTEGER).build();

    private final Set<Thread> heardIn = ConcurrentHashMap.newKeySet();
    private long heardRecords;
    private long heardBytes;

    private final Progress progress = new Progress(new BackupListener() {
        @Override
        public void progressed(String phase, long records, long bytes) {
            heardIn.add(Thread.currentThread());
            heardRecords = records;
            heardBytes = bytes;
        }
    });

    /** What a session does with a collection. */
    @FunctionalInterface
    private interface Writing {
        void write(RestoredCollection collection) throws IOException;
    }

    private record Session(Writing writing) implements TargetSession {
        @Override
        public TargetPreview preview() {
            return new TargetPreview(List.of(), List.of(), List.of());
        }

        @Override
        public void begin() {}

        @Override
        public WriteResult write(RestoredCollection collection) throws IOException {
            writing.write(collection);
            return new WriteResult(collection.records(), 0);
        }

        @Override
        public void finish() {}

        @Override
        public void close() {}
    }

    /** So many records of two bytes each. */
    private record Numbers(String name, long records) implements RestoredPart {
        @Override
        public RecordSchema schema() {
            return SCHEMA;
        }

        @Override
        public Extent extent() {
            return Extent.WHOLE;
        }

        @Override
        public RestorePreview.Part preview(String source) {
            throw new AssertionError("not needed");
        }

        @Override
        public RecordCursor open() {
            return new RecordCursor() {
                private long at;

                @Override
                public boolean next() {
                    return at++ < records;
                }

                @Override
                public RecordKey key() {
                    throw new IllegalStateException("no key");
                }

                @Override
                public List<FieldValue> values() {
                    return List.of(FieldValue.text("12"));
                }

                @Override
                public void close() {}
            };
        }
    }

    private static void readAll(RestoredCollection collection) throws IOException {
        try (RecordCursor cursor = collection.open()) {
            while (cursor.next()) {
                cursor.values();
            }
        }
    }

    private List<RestoreReport.Part> run(List<Numbers> collections, int threads, Writing writing) throws IOException {
        return new ParallelWrites("db", new Session(writing), progress).run(collections, threads);
    }

    /** Their work is over; they may still be about to end. */
    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("crmbackup-restore-")) {
                thread.join(30_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void allIsWrittenAndToldInTheirOrderAndHeardByTheCaller() throws IOException {
        List<Numbers> collections =
                List.of(new Numbers("a", 1), new Numbers("b", 30_000), new Numbers("c", 0), new Numbers("d", 20_000));
        List<RestoreReport.Part> written = new java.util.ArrayList<>();
        progress.during("restore", () -> written.addAll(run(collections, 3, ParallelWritesTest::readAll)));
        assertThat(written)
                .containsExactly(
                        new RestoreReport.Part("db", "a", 1, 0),
                        new RestoreReport.Part("db", "b", 30_000, 0),
                        new RestoreReport.Part("db", "c", 0, 0),
                        new RestoreReport.Part("db", "d", 20_000, 0));
        assertThat(heardRecords).isEqualTo(50_001);
        assertThat(heardBytes).isEqualTo(2 * 50_001);
        assertThat(heardIn).containsExactly(Thread.currentThread());
    }

    @Test
    void asManyAreWrittenAtOnceAsThereAreThreadsTheLargestFirst() throws IOException {
        CyclicBarrier both = new CyclicBarrier(2);
        ConcurrentLinkedQueue<String> first = new ConcurrentLinkedQueue<>();
        List<Numbers> collections = List.of(new Numbers("small", 1), new Numbers("large", 9), new Numbers("middle", 5));
        run(collections, 2, collection -> {
            if (collection.records() > 1) {
                first.add(collection.name());
                try {
                    both.await();
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IOException(e);
                }
            }
        });
        assertThat(first).containsExactlyInAnyOrder("large", "middle");
    }

    @Test
    void theFirstFailureEndsTheOthers() {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();
        List<Numbers> collections = List.of(new Numbers("a", 3), new Numbers("b", 2), new Numbers("c", 1));
        assertThatThrownBy(() -> run(collections, 2, collection -> {
                    begun.add(collection.name());
                    try {
                        if (collection.name().equals("a")) {
                            waiting.countDown();
                            never.await();
                        }
                        waiting.await();
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException("stopped");
                    }
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(IOException.class);
        assertThat(begun).contains("a", "b");
    }

    @Test
    void anInterruptEndsAll() {
        Thread caller = Thread.currentThread();
        CountDownLatch never = new CountDownLatch(1);
        assertThatThrownBy(() -> run(List.of(new Numbers("a", 2), new Numbers("b", 1)), 2, collection -> {
                    caller.interrupt();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException("stopped");
                    }
                }))
                .isInstanceOf(BackupCancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
