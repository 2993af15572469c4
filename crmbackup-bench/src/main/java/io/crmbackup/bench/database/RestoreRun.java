package io.crmbackup.bench.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Restores of a full backup into empty databases, in turns with the vendor's of its own dump, which reads as many files at once as there are cores here. */
final class RestoreRun {
    private final CrmDatabase database;
    private final Path work;
    private final int rounds;
    private final int warmups;

    RestoreRun(CrmDatabase database, Path work, int rounds, int warmups) {
        this.database = database;
        this.work = work;
        this.rounds = rounds;
        this.warmups = warmups;
    }

    /** Lines of a table, and ratios. */
    List<String> run() throws IOException, InterruptedException {
        Contender rival = new Contender(database.restoreName());
        Contender cold = new Contender("restore, JVM start included");
        Contender warm = new Contender("restore, JVM warm and repository open");
        Contender verified = new Contender("the same, read back and compared");
        Path archive = work.resolve("archive");
        Path repository = work.resolve("restored");
        Shell.run(database.archive(archive));
        try (BackupProcess process = new BackupProcess(database.url())) {
            process.full(repository, BackupProcess.Limit.NONE);
            for (int i = 0; i < warmups; i++) {
                into(new Contender("warming up"), process, "verify", repository);
            }
            for (int round = 0; round < rounds; round++) {
                rival(rival, archive);
                cold(cold, repository);
                into(warm, process, "plain", repository);
                rival(rival, archive);
                into(verified, process, "verify", repository);
            }
        }
        DatabaseRun.delete(archive);
        DatabaseRun.delete(repository);
        return List.of(
                Contender.HEADER,
                rival.toString(),
                cold.toString(),
                warm.toString(),
                verified.toString(),
                cold.against(rival),
                warm.against(rival),
                verified.against(rival));
    }

    private void rival(Contender rival, Path archive) throws IOException, InterruptedException {
        database.empty();
        double server = database.cpu().seconds();
        Shell.Cost cost = Shell.run(database.restore(archive));
        rival.add(cost.wall(), cost.cpu(), database.cpu().seconds() - server, size(archive));
    }

    private void cold(Contender contender, Path repository) throws IOException, InterruptedException {
        database.empty();
        double server = database.cpu().seconds();
        long begin = System.nanoTime();
        BackupFigures figures;
        try (BackupProcess process = new BackupProcess(database.url())) {
            figures = process.restore("plain", database.emptyUrl(), repository);
        }
        double wall = (System.nanoTime() - begin) / 1e9;
        contender.add(wall, figures.jvmCpu(), database.cpu().seconds() - server, size(repository));
    }

    private void into(Contender contender, BackupProcess process, String how, Path repository)
            throws IOException, InterruptedException {
        database.empty();
        double server = database.cpu().seconds();
        BackupFigures figures = process.restore(how, database.emptyUrl(), repository);
        contender.add(figures.wall(), figures.cpu(), database.cpu().seconds() - server, size(repository));
        System.out.printf(
                Locale.ROOT,
                "%s: %,d rows, %.2f s, at most %.0f MB resident%n",
                how,
                figures.records(),
                figures.wall(),
                figures.peakResident() / 1e6);
    }

    private static long size(Path path) throws IOException {
        return Files.isDirectory(path) ? DatabaseRun.size(path) : Files.size(path);
    }
}
