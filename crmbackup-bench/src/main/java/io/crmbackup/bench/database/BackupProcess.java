package io.crmbackup.bench.database;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running {@link BackupWorker}. Its heap is 256 MiB, as small as the documents promise. Not thread-safe. */
final class BackupProcess implements AutoCloseable {
    /** Options of the worker's JVM, as for a profile, separated by spaces. */
    private static final String OPTIONS = System.getProperty("bench.worker", "-Xmx256m");

    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;

    BackupProcess(String url) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(OPTIONS.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BackupWorker.class.getName(), url));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        orders = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Opens a repository that need not be there, so that the next order finds it open. */
    void open(Path repository) throws IOException {
        order("open", repository, Limit.NONE);
    }

    /** Everything anew, into a repository that need not be there. */
    BackupFigures full(Path repository, Limit limit) throws IOException {
        return order("full", repository, limit);
    }

    /** What changed since the repository's latest snapshot. */
    BackupFigures incremental(Path repository) throws IOException {
        return order("incremental", repository, Limit.NONE);
    }

    private BackupFigures order(String strategy, Path repository, Limit limit) throws IOException {
        return order(strategy + " " + limit.mebibytesPerSecond() + " " + limit.cores() + " " + repository);
    }

    /** The latest snapshot, into the database of a URL; {@code plain} or, to read it back and compare, {@code verify}. */
    BackupFigures restore(String how, String into, Path repository) throws IOException {
        return order(how + " " + into + " 0 " + repository);
    }

    private BackupFigures order(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
        String answer = answers.readLine();
        while (answer != null && !answer.startsWith(BackupFigures.BEGIN)) {
            // What the JVM says itself, as of a recording.
            answer = answers.readLine();
        }
        if (answer == null) {
            throw new IOException("The backup or restore failed; its JVM says above why");
        }
        return BackupFigures.parse(answer);
    }

    /** Lets the JVM end, and waits for that. */
    @Override
    public void close() throws IOException {
        orders.close();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException("The backup's JVM does not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** What a backup may take at most; 0 is no limit. */
    record Limit(long mebibytesPerSecond, int cores) {
        static final Limit NONE = new Limit(0, 0);

        /** {@code RATE,CORES}. */
        static Limit parse(String text) {
            String[] parts = text.split(",", -1);
            return new Limit(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
        }
    }
}
