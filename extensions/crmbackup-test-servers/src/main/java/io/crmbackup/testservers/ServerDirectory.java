package io.crmbackup.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where one server keeps its data while it runs. The name is {@code <pid>-<start>-<number>} of the JVM that owns it: process ids come
 * again, but not with the same start.
 */
final class ServerDirectory {
    private static final Pattern NAME = Pattern.compile("(\\d+)-(\\d+)-\\d+");

    /** Holds the server's process id in its first line: the server's data, or what our start of it wrote. */
    private static final List<String> PID_FILES = List.of("data/postmaster.pid", "server.pid");

    /** The kernel's idea of when it started, on which all starts are built, may move a little with the clock. */
    private static final long SAME_START_MILLIS = 10_000;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path path;

    private ServerDirectory(Path path) {
        this.path = path;
    }

    /** A new and empty one of this JVM. Servers whose JVM is gone are stopped first. */
    static ServerDirectory create() {
        try {
            Path all = Files.createDirectories(home().resolve("run"));
            removeLeftOvers(all);
            ProcessHandle self = ProcessHandle.current();
            String name = self.pid() + "-" + startOf(self) + "-" + NUMBER.incrementAndGet();
            return new ServerDirectory(Files.createDirectory(all.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code target/servers} of the whole project, so that its modules unpack the servers' programs only once. */
    static Path home() {
        Path here = Path.of("").toAbsolutePath();
        Path top = here;
        for (Path directory = here; directory != null; directory = directory.getParent()) {
            if (Files.isDirectory(directory.resolve(".mvn"))) {
                top = directory;
                break;
            }
        }
        return top.resolve("target").resolve("servers");
    }

    /** Like that of no other directory in use. */
    String name() {
        return path.getFileName().toString();
    }

    Path path() {
        return path;
    }

    /** The data of the server: not there yet. */
    Path data() {
        return path.resolve("data");
    }

    /** Says which process is to be stopped should this JVM die. */
    void tell(ProcessHandle server) throws IOException {
        Files.writeString(path.resolve("server.pid"), server.pid() + "\n");
    }

    /** Deletes the directory of a server that has ended. */
    void delete() {
        delete(path);
    }

    /** Stops the servers in a directory like {@code run} that no living JVM owns, and removes their data. */
    static void removeLeftOvers(Path all) throws IOException {
        List<Path> directories;
        try (Stream<Path> found = Files.list(all)) {
            directories = found.toList();
        }
        for (Path directory : directories) {
            if (isLeftOver(directory)) {
                server(directory).ifPresent(ServerDirectory::stop);
                delete(directory);
            }
        }
    }

    private static boolean isLeftOver(Path directory) {
        Matcher name = NAME.matcher(directory.getFileName().toString());
        if (!name.matches()) {
            return false;
        }
        Optional<ProcessHandle> owner =
                ProcessHandle.of(Long.parseLong(name.group(1))).filter(ProcessHandle::isAlive);
        return owner.isEmpty() || Math.abs(startOf(owner.get()) - Long.parseLong(name.group(2))) > SAME_START_MILLIS;
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L);
    }

    /** The server that runs on a directory: the process must name it, since process ids come again. */
    static Optional<ProcessHandle> server(Path directory) throws IOException {
        String name = directory.getFileName().toString();
        for (String file : PID_FILES) {
            try (Stream<String> lines = Files.lines(directory.resolve(file))) {
                Optional<ProcessHandle> process = lines.findFirst()
                        .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())))
                        .filter(found -> found.info().commandLine().orElse("").contains(name));
                if (process.isPresent()) {
                    return process;
                }
            } catch (NoSuchFileException e) {
                // A server of another kind, or one that did not come so far.
            }
        }
        return Optional.empty();
    }

    /** Asks a process to end, and ends it if it doesn't. */
    static void stop(ProcessHandle server) {
        server.destroy();
        try {
            server.onExit().get(10, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            server.destroyForcibly();
            server.onExit().join();
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The last processes of a server, and another JVM that tidies up, may be at the same files. */
    private static void delete(Path directory) {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException | DirectoryNotEmptyException e) {
            // The next start tidies up.
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalStateException("Cannot delete " + directory, e);
        }
    }
}
