package io.crmbackup.fs;

import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.PathGlob;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordKey;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a directory in the order of keys. Only the names of the directories on the way to the current entry are held, about 50 bytes
 * each plus their length, and those of large directories in the work directory; no directory stays open. Not thread-safe; close it in any case.
 */
final class DirectoryWalk implements Closeable {
    /** How many names all directories on the way may have in memory. */
    static final int MOST_NAMES = 100_000;

    /** How many each may have even then: to sort fewer at once would be slow. */
    private static final int LEAST_NAMES = 1000;

    /** What is found: its key, where it lies, and what was known of it when it was found. */
    record Entry(RecordKey key, Path path, FileFacts facts) {}

    private static final byte[] UNFINISHED = DirectoryRestore.UNFINISHED.getBytes(StandardCharsets.US_ASCII);

    private final Path root;
    private final FileFacts rootFacts;
    private final List<PathGlob> includes;
    private final List<PathGlob> excludes;
    private final Consumer<Problem> problems;
    private final Path workDirectory;
    private final int mostNames;
    private final Deque<Level> levels = new ArrayDeque<>();

    private DirectoryWalk(
            Path root,
            FileFacts rootFacts,
            List<PathGlob> includes,
            List<PathGlob> excludes,
            CaptureContext context,
            int mostNames) {
        this.root = root;
        this.rootFacts = rootFacts;
        this.includes = includes;
        this.excludes = excludes;
        this.problems = context::problem;
        this.workDirectory = context.workDirectory();
        this.mostNames = mostNames;
    }

    /** Begins a walk; fails if the directory itself can't be listed. */
    static DirectoryWalk in(
            Path root, List<PathGlob> includes, List<PathGlob> excludes, CaptureContext context, int mostNames)
            throws IOException {
        DirectoryWalk walk = new DirectoryWalk(root, FileFacts.of(root), includes, excludes, context, mostNames);
        boolean done = false;
        try {
            walk.list(root, walk.rootFacts, walk.push(root, new byte[0]));
            done = true;
            return walk;
        } finally {
            if (!done) {
                walk.close();
            }
        }
    }

    private SortedNames push(Path directory, byte[] key) {
        SortedNames names = new SortedNames(workDirectory, Math.max(LEAST_NAMES, mostNames - namesHeld()));
        levels.push(new Level(directory, key, names));
        return names;
    }

    /** The next entry, or null at the end. */
    @Nullable
    Entry next() throws IOException {
        while (!levels.isEmpty()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while reading " + root);
            }
            Level level = levels.peek();
            byte[] name = level.names.poll();
            if (name == null) {
                levels.pop().names.close();
            } else {
                Entry entry = entry(level, name);
                if (entry != null) {
                    return entry;
                }
            }
        }
        checkPresent();
        return null;
    }

    /** How many names are in memory. */
    int namesHeld() {
        return levels.stream().mapToInt(level -> level.names.held()).sum();
    }

    /** Fails unless the root is still the directory that it was: on an unmounted disk everything seems to have vanished. */
    void checkPresent() throws IOException {
        FileFacts now;
        try {
            now = FileFacts.of(root);
        } catch (NoSuchFileException e) {
            throw gone(e);
        }
        if (!Objects.equals(now.identity(), rootFacts.identity())) {
            throw gone(null);
        }
    }

    private IOException gone(@Nullable Throwable cause) {
        return new IOException(
                "the directory " + root + " went away while it was read; was its disk unmounted?", cause);
    }

    private @Nullable Entry entry(Level level, byte[] name) throws IOException {
        RecordKey key = RecordKey.of(level.key(name));
        if (excludes.stream().anyMatch(glob -> glob.matches(key))) {
            return null;
        }
        if (startsWith(name, UNFINISHED)) {
            report(
                    Problem.Kind.UNSUPPORTED,
                    key,
                    "a restore into this directory is under way or was cut short: files may be missing, or of different times");
            return null;
        }
        try {
            Path path = level.directory.resolve(RawNames.path(root.getFileSystem(), name));
            FileFacts facts = FileFacts.of(path);
            if (!isIncluded(key, facts)) {
                return null;
            }
            if (facts.kind() == FileFacts.Kind.SPECIAL) {
                report(Problem.Kind.UNSUPPORTED, key, "neither a file, a directory nor a symbolic link");
                return null;
            }
            if (facts.kind() == FileFacts.Kind.DIRECTORY) {
                enter(path, key, facts);
            }
            return new Entry(key, path, facts);
        } catch (WorkDirectoryException e) {
            throw e;
        } catch (NoSuchFileException e) {
            checkPresent();
            return null;
        } catch (IOException e) {
            report(Problem.Kind.UNREADABLE, key, e.toString());
            return null;
        }
    }

    private static boolean startsWith(byte[] name, byte[] beginning) {
        return name.length >= beginning.length
                && Arrays.equals(name, 0, beginning.length, beginning, 0, beginning.length);
    }

    private boolean isIncluded(RecordKey key, FileFacts facts) {
        return includes.isEmpty()
                || includes.stream()
                        .anyMatch(glob -> glob.matchesOrCovers(key)
                                || (facts.kind() == FileFacts.Kind.DIRECTORY && glob.reachesBelow(key)));
    }

    private void enter(Path directory, RecordKey key, FileFacts facts) throws IOException {
        SortedNames names = push(directory, key.bytes());
        try {
            list(directory, facts, names);
        } catch (NoSuchFileException | WorkDirectoryException e) {
            levels.pop().names.close();
            throw e;
        } catch (IOException e) {
            report(Problem.Kind.UNREADABLE, key, "the directory could not be listed: " + e);
        }
    }

    /** Collects a directory's names; those that were found before a failure stay in the list. */
    private void list(Path directory, FileFacts facts, SortedNames names) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            if (stream instanceof SecureDirectoryStream<Path> open) {
                Object identity = open.getFileAttributeView(BasicFileAttributeView.class)
                        .readAttributes()
                        .fileKey();
                if (!Objects.equals(identity, facts.identity())) {
                    throw new NotDirectoryException(directory + " was exchanged while it was read");
                }
            }
            for (Path path : stream) {
                names.add(RawNames.bytes(Objects.requireNonNull(path.getFileName(), "an entry has a name")));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } finally {
            names.sort();
        }
    }

    void report(Problem.Kind kind, RecordKey key, String message) {
        problems.accept(new Problem(kind, FileTree.COLLECTION, key.pathText(), message));
    }

    /** Forgets all names. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!levels.isEmpty()) {
            try {
                levels.pop().names.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** A directory on the way, and those of its names to which the walk has not come yet. */
    private record Level(Path directory, byte[] key, SortedNames names) {
        byte[] key(byte[] name) {
            if (key.length == 0) {
                return name;
            }
            byte[] result = Arrays.copyOf(key, key.length + 1 + name.length);
            System.arraycopy(name, 0, result, key.length + 1, name.length);
            return result;
        }
    }
}
