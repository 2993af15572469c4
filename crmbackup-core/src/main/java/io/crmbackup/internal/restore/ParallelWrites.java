package io.crmbackup.internal.restore;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.report.BackupListener;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes several collections at once, the largest first, so that no thread is left with a large one at the end. The listener hears of it in the thread
 * that runs the restore, which waits for the others and passes on what they tell. When it returns or throws, none of them runs any more: the
 * first failure and an interrupt end all. Not thread-safe.
 */
final class ParallelWrites {
    private final String source;
    private final TargetSession session;
    private final Progress progress;

    /** What threads want the waiting one to do: few, as {@link Progress} tells seldom. */
    private final BlockingQueue<Runnable> told = new LinkedBlockingQueue<>();

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private int running;
    private @Nullable Throwable failure;

    ParallelWrites(String source, TargetSession session, Progress progress) {
        this.source = source;
        this.session = session;
        this.progress = progress;
    }

    /** What was written of each collection, in their order. */
    List<RestoreReport.Part> run(List<? extends RestoredPart> collections, int threads) throws IOException {
        List<? extends RestoredPart> largestFirst = new ArrayList<>(collections);
        largestFirst.sort(Comparator.comparingLong(RestoredPart::records).reversed());
        RestoreReport.@Nullable Part[] written = new RestoreReport.Part[collections.size()];
        List<Thread> started = new ArrayList<>();
        for (int i = 1; i <= threads; i++) {
            Thread thread = new Thread(() -> work(largestFirst, collections, written), "crmbackup-restore-" + i);
            thread.setDaemon(true);
            started.add(thread);
        }
        running = threads;
        started.forEach(Thread::start);
        boolean interrupted = false;
        while (running > 0) {
            try {
                told.take().run();
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (interrupted || failure != null) {
                stopped.set(true);
                started.forEach(Thread::interrupt);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException("cancelled: the thread was interrupted", failure);
        }
        rethrow();
        return List.of(written);
    }

    private void work(
            List<? extends RestoredPart> largestFirst,
            List<? extends RestoredPart> collections,
            RestoreReport.@Nullable Part[] written) {
        try {
            int at = next.getAndIncrement();
            while (at < largestFirst.size() && !stopped.get()) {
                RestoredPart collection = largestFirst.get(at);
                RestoreReport.Part part = write(collection);
                told.add(() -> written[collections.indexOf(collection)] = part);
                at = next.getAndIncrement();
            }
            told.add(() -> running--);
        } catch (IOException | RuntimeException | Error e) {
            told.add(() -> {
                running--;
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            });
        }
    }

    private RestoreReport.Part write(RestoredPart collection) throws IOException {
        Progress own = new Progress(new Forwarding());
        TargetSession.WriteResult[] result = new TargetSession.WriteResult[1];
        own.during(collection.name(), () -> {
            Interruption.check();
            result[0] = session.write(new MeteredCollection(source, collection, own));
        });
        return new RestoreReport.Part(source, collection.name(), result[0].written(), result[0].skipped());
    }

    /** Passes on how much more there is since it was told last. */
    private final class Forwarding implements BackupListener {
        private long records;
        private long bytes;

        @Override
        public void progressed(String phase, long recordsNow, long bytesNow) {
            long moreRecords = recordsNow - records;
            long moreBytes = bytesNow - bytes;
            records = recordsNow;
            bytes = bytesNow;
            told.add(() -> {
                progress.records(moreRecords);
                progress.bytes(moreBytes);
            });
        }
    }

    private void rethrow() throws IOException {
        Throwable first = failure;
        if (first instanceof IOException e) {
            throw e;
        } else if (first instanceof RuntimeException e) {
            throw e;
        } else if (first instanceof Error e) {
            throw e;
        }
    }
}
