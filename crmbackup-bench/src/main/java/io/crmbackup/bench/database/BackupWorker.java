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

/**
 * The JVM that backs up: reads orders from standard input, a line each, {@code full|incremental READ-MIB-PER-SECOND CORES REPOSITORY} with 0 for no limit,
 * or {@code plain|verify URL 0 REPOSITORY} for a restore into an empty database,
 * and answers each with a line of {@link BackupFigures}. Ends with the input. The argument is the database's URL.
 */
final class BackupWorker {
    private final String url;

    private BackupWorker(String url) {
        this.url = url;
    }

    public static void main(String[] args) throws IOException {
        BackupWorker worker = new BackupWorker(args[0]);
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(worker.run(order.split(" ", 4)).line());
                System.out.flush();
            }
        }
    }

    private static BackupRepository open(String directory) throws IOException {
        return BackupRepository.on(DirectorySink.at(Path.of(directory)).createDirectory())
                .encryption(Encryption.passphrase(() -> "a passphrase of a benchmark".toCharArray()))
                .openOrCreate();
    }

    private BackupFigures run(String[] order) throws IOException {
        return order[0].equals("plain") || order[0].equals("verify") ? restore(order) : backUp(order);
    }

    private BackupFigures restore(String[] order) throws IOException {
        double cpu = cpuSeconds();
        long begin = System.nanoTime();
        RestoreReport report;
        try (BackupRepository repository = open(order[3])) {
            RestorePlan.Builder plan = RestorePlan.latest("crm")
                    .into("db", JdbcTarget.empty(new DriverDataSource(order[1])).trustSchema());
            report = repository.restore((order[0].equals("verify") ? plan.verify() : plan).build());
        }
        return new BackupFigures(
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
        double cpu = cpuSeconds();
        long begin = System.nanoTime();
        BackupReport report;
        try (BackupRepository repository = open(order[3])) {
            report = repository.backup(BackupPlan.named("crm")
                    .source("db", JdbcSource.of(new DriverDataSource(url)))
                    .strategy(order[0].equals("full") ? BackupStrategy.full() : BackupStrategy.incremental())
                    .limits(limits(Long.parseLong(order[1]), Integer.parseInt(order[2])))
                    .build());
        }
        return new BackupFigures(
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
