package io.crmbackup.bench;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Compression;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.report.BackupReport;
import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How a repository grows while a table changes a little each day, and what that costs when it is restored.
 *
 * <pre>
 * java -Xmx256m -cp ... io.crmbackup.bench.GrowthRun DIRECTORY ROWS DAYS UPDATED-PER-MILLE INSERTED-PER-MILLE DELETED-PER-MILLE standard|isolated
 * </pre>
 *
 * The rows are {@link GrowingTable}'s: 250 bytes each; of a row that is updated two fields change, at random places of the table. DIRECTORY must not exist. Prints
 * for each day what changed and what was stored, then what restoring the latest snapshot reads, and the same of a fresh repository that has seen
 * nothing else.
 */
public final class GrowthRun {
    private GrowthRun() {}

    /** Runs all days. */
    public static void main(String[] args) throws IOException {
        if (args.length != 7) {
            throw new IllegalArgumentException(
                    "use: DIRECTORY ROWS DAYS UPDATED INSERTED DELETED (per mille) standard|isolated");
        }
        Path directory = Files.createDirectory(Path.of(args[0]));
        GrowingTable table = new GrowingTable(Integer.parseInt(args[1]));
        int days = Integer.parseInt(args[2]);
        BackupPlan plan = BackupPlan.named("growth")
                .source("db", table)
                .strategy(BackupStrategy.incremental())
                .compression("db", args[6].equals("isolated") ? Compression.isolated() : Compression.standard())
                .build();
        Path grown = directory.resolve("grown");
        try (BackupRepository repository = on(directorySink(grown))) {
            long firstStored = day(repository, plan, table, 0);
            long stored = 0;
            for (int day = 1; day <= days; day++) {
                table.change(Integer.parseInt(args[3]), Integer.parseInt(args[4]), Integer.parseInt(args[5]));
                stored += day(repository, plan, table, day);
            }
            say(
                    "first %.2f MB, then %.3f MB a day, all %.2f MB",
                    firstStored / 1e6, stored / 1e6 / Math.max(1, days), (firstStored + stored) / 1e6);
        }
        Path fresh = directory.resolve("fresh");
        try (BackupRepository repository = on(directorySink(fresh))) {
            day(repository, plan, table, 0);
        }
        for (int i = 0; i < 2; i++) {
            restore("grown", grown, table);
            restore("fresh", fresh, table);
        }
    }

    private static Sink directorySink(Path directory) {
        return DirectorySink.at(directory).createDirectory();
    }

    private static BackupRepository on(Sink sink) {
        return BackupRepository.on(sink).encryption(Encryption.none()).openOrCreate();
    }

    private static long day(BackupRepository repository, BackupPlan plan, GrowingTable table, int day) {
        double cpu = cpu();
        long begin = System.nanoTime();
        BackupReport report = repository.backup(plan);
        say(
                "day %2d: changed rows %d fields %d, stored %d, %.2f bytes for each that changed; wall %.2f s, CPU %.2f s",
                day,
                report.bytesChanged(),
                table.bytesChanged(),
                report.bytesStored(),
                report.bytesStored() / (double) table.bytesChanged(),
                (System.nanoTime() - begin) / 1e9,
                cpu() - cpu);
        return report.bytesStored();
    }

    private static void restore(String what, Path at, GrowingTable table) throws IOException {
        MeteredSink meter = new MeteredSink(directorySink(at));
        try (BackupRepository repository = on(meter)) {
            long opened = meter.bytes();
            double cpu = cpu();
            long begin = System.nanoTime();
            Discard target = new Discard();
            repository.restore(RestorePlan.latest("growth").into("db", target).build());
            if (target.checksum() != table.checksum()) {
                throw new IllegalStateException("what was restored is not what was backed up");
            }
            say(
                    "restore %s: read %.2f MB in %d calls (%.2f MB to open), wall %.2f s, CPU %.2f s",
                    what,
                    (meter.bytes() - opened) / 1e6,
                    meter.reads(),
                    opened / 1e6,
                    (System.nanoTime() - begin) / 1e9,
                    cpu() - cpu);
        }
    }

    private static double cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : Double.NaN;
    }

    static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
