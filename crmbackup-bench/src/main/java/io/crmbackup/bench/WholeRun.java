package io.crmbackup.bench;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.report.BackupReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One whole run on a directory, in a JVM of its own, with what it took: the way to compare with other backup programs on the same tree.
 *
 * <pre>
 * ./mvnw -q -Pbench -pl crmbackup-bench -am compile -Dbench.skip=true
 * java -Xmx256m -cp ... io.crmbackup.bench.WholeRun backup  TREE REPOSITORY KEYFILE
 * java -Xmx256m -cp ... io.crmbackup.bench.WholeRun restore TARGET REPOSITORY KEYFILE
 * </pre>
 *
 * Prints wall and CPU seconds of the whole JVM, start-up included, the repository's size and the peak of the heap. Drop the page cache before a run, or run twice and take the
 * second, and say which.
 */
public final class WholeRun {
    private WholeRun() {}

    /** Runs {@code backup} or {@code restore}. */
    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            throw new IllegalArgumentException("use: backup|restore DIRECTORY REPOSITORY KEYFILE");
        }
        Path directory = Path.of(args[1]);
        Path repository = Path.of(args[2]);
        try (BackupRepository repo = BackupRepository.on(
                        DirectorySink.at(repository).createDirectory())
                .encryption(Encryption.keyFile(Path.of(args[3])))
                .openOrCreate()) {
            switch (args[0]) {
                case "backup" -> {
                    BackupReport report = repo.backup(BackupPlan.named("files")
                            .source("files", DirectorySource.of(directory))
                            .build());
                    say(
                            "%s read %d changed %d stored %d",
                            report.strategy(), report.bytesRead(), report.bytesChanged(), report.bytesStored());
                }
                case "restore" ->
                    repo.restore(RestorePlan.latest("files")
                            .into("files", DirectoryTarget.at(directory))
                            .build());
                default -> throw new IllegalArgumentException("backup or restore, not " + args[0]);
            }
        }
        figures(args[0], repository);
    }

    private static void figures(String what, Path repository) throws IOException {
        double wall = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        double cpu =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                        ? system.getProcessCpuTime() / 1e9
                        : Double.NaN;
        long heap = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            heap += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
        }
        long bytes;
        try (Stream<Path> files = Files.walk(repository)) {
            bytes = files.filter(Files::isRegularFile).mapToLong(WholeRun::size).sum();
        }
        say(
                "%s: wall %.1f s, CPU %.1f s, repository %.1f MB, peak heap %.0f MB",
                what, wall, cpu, bytes / 1e6, heap / 1e6);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
