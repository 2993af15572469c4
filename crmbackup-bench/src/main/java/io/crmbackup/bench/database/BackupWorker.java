package io.crmbackup.bench.database;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.DataRate;
import io.crmbackup.Encryption;
import io.crmbackup.Limits;
import io.crmbackup.RestorePlan;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.RestoreReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The JVM that backs up: reads orders from standard input, a line each, {@code full|incremental READ-MIB-PER-SECOND CORES REPOSITORY} with 0 for no limit,
 * {@code open 0 0 REPOSITORY} for nothing but opening it, or {@code plain|verify URL 0 REPOSITORY} for a restore into an empty database,
 * and answers each with a line of {@link BackupFigures}. The last repository stays open, as that of an application does. Ends with the input. The argument is the database's URL.
 */
final class BackupWorker implements AutoCloseable {
    private final String url;
    private String directory = "";
    private @Nullable BackupRepository opened;
    private double opening;

    private BackupWorker(String url) {
        this.url = url;
    }

    public static void main(String[] args) throws IOException {
        try (BackupWorker worker = new BackupWorker(args[0]);
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(worker.run(order.split(" ", 4)).line());
                System.out.flush();
            }
        }
    }

    /** The repository in a directory, and how long that took in {@link #opening}. */
    private BackupRepository open(String in) throws IOException {
        opening = 0;
        if (opened == null || !directory.equals(in)) {
            close();
            long begin = System.nanoTime();
            opened = BackupRepository.on(DirectorySink.at(Path.of(in)).createDirectory())
                    .encryption(Encryption.passphrase(() -> "a passphrase of a benchmark".toCharArray()))
                    .openOrCreate();
            directory = in;
            opening = (System.nanoTime() - begin) / 1e9;
        }
        return opened;
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }

    private BackupFigures run(String[] order) throws IOException {
        return switch (order[0]) {
            case "open" -> justOpen(order);
            case "plain", "verify" -> restore(order);
            default -> backUp(order);
        };
    }

    private BackupFigures justOpen(String[] order) throws IOException {
        open(order[3]);
        return new BackupFigures(opening, 0, 0, cpuSeconds(), 0, 0, 0, 0, peakResident());
    }

    private BackupFigures restore(String[] order) throws IOException {
        BackupRepository repository = open(order[3]);
        double cpu = cpuSeconds();
        long begin = System.nanoTime();
        RestorePlan.Builder plan = RestorePlan.latest("crm")
                .into("db", JdbcTarget.empty(new DriverDataSource(order[1])).trustSchema());
        RestoreReport report = repository.restore((order[0].equals("verify") ? plan.verify() : plan).build());
        return new BackupFigures(
                opening,
                (System.nanoTime() - begin) / 1e9,
                cpuSeconds() - cpu,
                cpuSeconds(),
                report.written(),
                0,
                0,
                0,
                peakResident());
    }

    private BackupFigures backUp(String[] order) throws IOException {
        BackupRepository repository = open(order[3]);
        double cpu = cpuSeconds();
        long begin = System.nanoTime();
        BackupReport report = repository.backup(BackupPlan.named("crm")
                .source("db", JdbcSource.of(new DriverDataSource(url)))
                .strategy(order[0].equals("full") ? BackupStrategy.full() : BackupStrategy.incremental())
                .limits(limits(Long.parseLong(order[1]), Integer.parseInt(order[2])))
                .build());
        return new BackupFigures(
                opening,
                (System.nanoTime() - begin) / 1e9,
                cpuSeconds() - cpu,
                cpuSeconds(),
                report.records(),
                report.bytesRead(),
                report.bytesChanged(),
                report.bytesStored(),
                peakResident());
    }

    private static Limits limits(long mebibytesPerSecond, int cores) {
        Limits limits = cores == 0 ? Limits.none() : Limits.none().cores(cores);
        return mebibytesPerSecond == 0 ? limits : limits.read(DataRate.mebibytesPerSecond(mebibytesPerSecond));
    }

    private static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : Double.NaN;
    }

    private static long peakResident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }
}
