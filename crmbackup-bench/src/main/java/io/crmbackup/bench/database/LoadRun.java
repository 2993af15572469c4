package io.crmbackup.bench.database;

import io.crmbackup.bench.database.BackupProcess.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** What an application at half of the database's capacity notices of full backups, one after the other: nothing, as they are, and with limits, in turns. */
final class LoadRun {
    private static final int ROUNDS = 3;

    private final Options options;
    private final CrmDatabase database;
    private final Supplier<Path> repositories;

    /**
     * Creates it.
     *
     * @param repositories gives a directory that is not there yet
     */
    LoadRun(Options options, CrmDatabase database, Supplier<Path> repositories) {
        this.options = options;
        this.database = database;
        this.repositories = repositories;
    }

    /** Lines of a table, and ratios. */
    List<String> run() throws IOException, InterruptedException {
        OpenLoad load = new OpenLoad(database);
        load.capacity(5);
        double capacity = load.capacity(10);
        Phase quiet = new Phase("no backup");
        Phase busy = new Phase("full backups");
        Limit limit = options.limit();
        Phase gentle = new Phase(
                "full backups, limits " + limit.mebibytesPerSecond() + " MiB/s and " + limit.cores() + " core(s)");
        try (BackupProcess process = new BackupProcess(database.url())) {
            backUp(process, repositories.get(), Limit.NONE);
            for (int round = 0; round < ROUNDS; round++) {
                quiet.add(load.latencies(capacity / 2, options.loadSeconds()), 0);
                during(busy, load, capacity / 2, process, Limit.NONE);
                during(gentle, load, capacity / 2, process, limit);
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "capacity %.0f transactions/s, load %.0f/s", capacity, capacity / 2));
        lines.add("| | p50 ms | p99 ms | p99.9 ms | backups |\n|---|---|---|---|---|");
        for (Phase phase : List.of(quiet, busy, gentle)) {
            lines.add(phase.toString());
        }
        lines.add(busy.against(quiet));
        lines.add(gentle.against(quiet));
        return lines;
    }

    private void during(Phase phase, OpenLoad load, double rate, BackupProcess process, Limit limit)
            throws IOException, InterruptedException {
        // As an application has it, which opens its repository when it starts.
        Path next = repositories.get();
        process.open(next);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<long[]> latencies = thread.submit(() -> load.latencies(rate, options.loadSeconds()));
            double backups = 0;
            while (!latencies.isDone()) {
                backUp(process, next, limit);
                next = repositories.get();
                backups++;
            }
            phase.add(latencies.get(), backups);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The load failed", e);
        } finally {
            thread.shutdownNow();
        }
    }

    private static void backUp(BackupProcess process, Path repository, Limit limit) throws IOException {
        process.full(repository, limit);
        DatabaseRun.delete(repository);
    }

    /** Latencies under the same conditions. */
    private static final class Phase {
        private final String name;
        private final Series p50 = new Series();
        private final Series p99 = new Series();
        private final Series p999 = new Series();
        private final Series backups = new Series();

        Phase(String name) {
            this.name = name;
        }

        void add(long[] latencies, double backupsBegun) {
            p50.add(OpenLoad.percentile(latencies, 50));
            p99.add(OpenLoad.percentile(latencies, 99));
            p999.add(OpenLoad.percentile(latencies, 99.9));
            backups.add(backupsBegun);
        }

        String against(Phase other) {
            return String.format(
                    Locale.ROOT,
                    "%s / %s: p50 %.2f, p99 %.2f",
                    name,
                    other.name,
                    p50.median() / other.p50.median(),
                    p99.median() / other.p99.median());
        }

        @Override
        public String toString() {
            return "| " + name + " | " + p50 + " | " + p99 + " | " + p999 + " | "
                    + String.format(Locale.ROOT, "%.0f", backups.median()) + " |";
        }
    }
}
