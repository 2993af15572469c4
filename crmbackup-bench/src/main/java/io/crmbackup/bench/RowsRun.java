package io.crmbackup.bench;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.Limits;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.report.BackupReport;
import io.crmbackup.spi.CapturedCollection.Order;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;

/**
 * What turning rows into trees takes, without a database: a full backup of a table that lies in a file, next to {@code zstd -3} of that file.
 *
 * <pre>
 * java -Xmx256m -cp ... io.crmbackup.bench.RowsRun DIRECTORY FILE COLUMNS KEY-COLUMNS by-key|unsorted RUNS CORES
 * </pre>
 *
 * COLUMNS is a letter for each column (i integer, t text, b boolean, w date with time zone, u UUID). DIRECTORY must not exist; each run has a fresh repository in it, encrypted. The first run shows
 * what a JVM that just started takes. CPU is that of the whole JVM, compiling included; "caller" is the part of the calling thread.
 */
public final class RowsRun {
    private RowsRun() {}

    /** Runs all. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 7) {
            throw new IllegalArgumentException("use: DIRECTORY FILE COLUMNS KEY-COLUMNS by-key|unsorted RUNS CORES");
        }
        Path directory = Files.createDirectory(Path.of(args[0]));
        Path file = Path.of(args[1]);
        double megabytes = Files.size(file) / 1e6;
        zstd(file, directory.resolve("zst"), megabytes);
        Order order = args[4].equals("by-key") ? Order.BY_KEY : Order.UNSORTED;
        TextTable table = new TextTable(file, args[2], Integer.parseInt(args[3]), order);
        BackupPlan plan = BackupPlan.named("rows")
                .source("db", table)
                .limits(Limits.none().cores(Integer.parseInt(args[6])))
                .build();
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Path key = Files.write(directory.resolve("key"), secret);
        for (int run = 1; run <= Integer.parseInt(args[5]); run++) {
            try (BackupRepository repository = BackupRepository.on(
                            DirectorySink.at(directory.resolve("run" + run)).createDirectory())
                    .encryption(Encryption.keyFile(key))
                    .openOrCreate()) {
                backup(repository, plan, megabytes, run);
            }
        }
    }

    private static void zstd(Path file, Path target, double megabytes) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        new ProcessBuilder("zstd", "-3", "-q", "-T1", file.toString(), "-o", target.toString())
                .inheritIO()
                .start()
                .waitFor();
        double seconds = (System.nanoTime() - begin) / 1e9;
        say("zstd -3: wall %.2f s, %.0f MB/s, %.3f MB", seconds, megabytes / seconds, Files.size(target) / 1e6);
    }

    private static void backup(BackupRepository repository, BackupPlan plan, double megabytes, int run) {
        Counters before = Counters.now();
        BackupReport report = repository.backup(plan);
        Counters after = Counters.now();
        double wall = (after.nanos - before.nanos) / 1e9;
        double cpu = (after.cpu - before.cpu) / 1e9;
        long rows = report.collections().get(0).records();
        say(
                "run %d: wall %.2f s, %.0f rows/s, CPU %.2f s (%.2f s/GB; caller %.2f s), allocated %.0f bytes a row by the caller, read %.3f MB, stored %.3f MB",
                run,
                wall,
                rows / wall,
                cpu,
                cpu * 1000 / megabytes,
                (after.caller - before.caller) / 1e9,
                (after.allocated - before.allocated) / (double) rows,
                report.bytesRead() / 1e6,
                report.bytesStored() / 1e6);
    }

    private record Counters(long nanos, long cpu, long caller, long allocated) {
        static Counters now() {
            com.sun.management.ThreadMXBean threads =
                    (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Counters(
                    System.nanoTime(),
                    system.getProcessCpuTime(),
                    threads.getCurrentThreadCpuTime(),
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()));
        }
    }

    static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
