package io.crmbackup.bench.database;

import io.crmbackup.bench.database.BackupProcess.Limit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Full backups against the vendor's dump through {@code zstd -3}, backups after working days against full ones, restores against the vendor's, and what an application notices of backups. What
 * the arguments are is said when there are none. Prints tables, as docs/PERFORMANCE.md has them, and ratios.
 */
public final class DatabaseRun {
    private final Options options;
    private final CrmDatabase database;
    private final Path work;
    private int repositories;

    private DatabaseRun(Options options, CrmDatabase database, Path work) {
        this.options = options;
        this.database = database;
        this.work = work;
    }

    /** Runs everything. */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        Options options = Options.parse(args);
        // Servers that are started say a lot.
        Logger.getLogger("").setLevel(Level.WARNING);
        Path work = Files.createTempDirectory(Files.createDirectories(options.work()), "bench");
        try (CrmDatabase database = options.database()) {
            DatabaseRun run = new DatabaseRun(options, database, work);
            run.describe();
            if (options.rounds() > 0) {
                run.full();
            }
            if (options.restores() > 0) {
                new RestoreRun(database, work, options.restores(), options.warmups())
                        .run()
                        .forEach(line -> say("%s", line));
            }
            if (options.loadSeconds() > 0) {
                run.load();
            }
        } finally {
            delete(work);
        }
    }

    private void describe() throws IOException, InterruptedException, SQLException {
        String server;
        try (Connection connection = DriverManager.getConnection(database.url())) {
            server = connection.getMetaData().getDatabaseProductVersion();
        }
        say(
                "%s, %s %s, scale %d, %d cores, %s, JDK %s, %s, load average before: %s",
                LocalDate.now(ZoneOffset.UTC),
                options.product(),
                server,
                options.scale(),
                Runtime.getRuntime().availableProcessors(),
                Shell.output(database.dump().split(" ", 2)[0] + " --version; zstd --version | head -1"),
                System.getProperty("java.runtime.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private void full() throws IOException, InterruptedException {
        Contender dump = new Contender(database.dumpName() + " \\| zstd -3");
        Contender cold = new Contender("full backup, JVM start included");
        Contender warm = new Contender("full backup, JVM warm and repository open");
        Contender day = new Contender("incremental backup after a day, warm and open");
        BackupFigures last;
        try (BackupProcess process = new BackupProcess(database.url())) {
            Path grown = newRepository();
            process.full(grown, Limit.NONE);
            warmUp(process);
            for (int round = 0; round < options.rounds(); round++) {
                dump(dump);
                last = cold(cold);
                double server = database.cpu().seconds();
                Path repository = newRepository();
                BackupFigures figures = process.full(repository, Limit.NONE);
                warm.add(figures.wall(), figures.cpu(), database.cpu().seconds() - server, size(repository));
                say(
                        "%,d rows, %.1f MB read, %.2f s in the cold JVM; at most %.0f MB resident; making the warm one's repository took %.2f s",
                        last.records(),
                        last.bytesRead() / 1e6,
                        last.opening() + last.wall(),
                        last.peakResident() / 1e6,
                        figures.opening());
                delete(repository);
            }
            days(process, grown, day);
            delete(grown);
        }
        List<Contender> all = options.days() > 0 ? List.of(dump, cold, warm, day) : List.of(dump, cold, warm);
        say("%s", Contender.HEADER);
        all.forEach(contender -> say("%s", contender));
        all.stream().skip(1).forEach(contender -> say("%s", contender.against(dump)));
        if (options.days() > 0) {
            say("%s", day.against(warm));
        }
    }

    /** Backs up after working days, of which the first ones only warm the JVM up. */
    private void days(BackupProcess process, Path grown, Contender day) throws IOException, InterruptedException {
        int last = options.days() > 0 ? options.warmups() + options.days() : 0;
        for (int number = 1; number <= last; number++) {
            database.play(number);
            double server = database.cpu().seconds();
            long before = size(grown);
            BackupFigures figures = process.incremental(grown);
            long added = size(grown) - before;
            if (number > options.warmups()) {
                day.add(figures.wall(), figures.cpu(), database.cpu().seconds() - server, added);
            }
            say(
                    "day %d: read %.2f MB, changed %.2f MB, stored %.2f MB, repository + %.2f MB, %.2f s",
                    number,
                    figures.bytesRead() / 1e6,
                    figures.bytesChanged() / 1e6,
                    figures.bytesStored() / 1e6,
                    added / 1e6,
                    figures.wall());
        }
    }

    private void warmUp(BackupProcess process) throws IOException {
        for (int i = 1; i < options.warmups(); i++) {
            Path repository = newRepository();
            process.full(repository, Limit.NONE);
            delete(repository);
        }
    }

    private void dump(Contender rival) throws IOException, InterruptedException {
        Path file = work.resolve("dump.zst");
        double server = database.cpu().seconds();
        Shell.Cost cost = Shell.run(database.dump() + " | zstd -q -3 > '" + file + "'");
        rival.add(cost.wall(), cost.cpu(), database.cpu().seconds() - server, Files.size(file));
        Files.delete(file);
    }

    private BackupFigures cold(Contender contender) throws IOException {
        Path repository = newRepository();
        double server = database.cpu().seconds();
        long begin = System.nanoTime();
        BackupFigures figures;
        try (BackupProcess process = new BackupProcess(database.url())) {
            figures = process.full(repository, Limit.NONE);
        }
        double wall = (System.nanoTime() - begin) / 1e9;
        contender.add(wall, figures.jvmCpu(), database.cpu().seconds() - server, size(repository));
        delete(repository);
        return figures;
    }

    private void load() throws IOException, InterruptedException {
        LoadRun load = new LoadRun(options, database, this::newRepository);
        load.run().forEach(line -> say("%s", line));
    }

    private Path newRepository() {
        return work.resolve("repository" + repositories++);
    }

    static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
