package io.crmbackup.fs;

import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.PathGlob;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what lies in a directory and is not in a backup of it, by going through both in the order of keys. What the backup left out by its
 * own patterns is no surplus, nor is what it can't hold, as pipes and sockets; a directory in which such things lie stays.
 */
final class Surplus {
    /** What is done with what is found. */
    interface Disposal {
        /** A file or link that is not in the backup; returns whether it is, or would be, gone. */
        boolean file(DirectoryWalk.Entry file) throws IOException;

        /**
         * A directory that is not in the backup, after all in it; returns whether it is, or would be, gone.
         *
         * @param gone how many of its entries are, or would be
         */
        boolean directory(DirectoryWalk.Entry directory, long gone) throws IOException;

        /** A directory that the restore puts a file or link in place of, after all in it. */
        void exchanged(DirectoryWalk.Entry directory, long gone) throws IOException;

        /** A directory that stays and out of which something is gone. */
        void changed(Path directory, RestoredEntry entry) throws IOException;
    }

    private final RestoredCollection files;
    private final List<PathGlob> includes;
    private final List<PathGlob> excludes;
    private final Disposal disposal;
    private final Deque<Level> levels = new ArrayDeque<>();

    Surplus(RestoredCollection files, Map<String, String> captureAttributes, Disposal disposal) {
        this.files = files;
        this.includes = DirectoryCapture.globs(captureAttributes, DirectoryCapture.INCLUDE);
        this.excludes = DirectoryCapture.globs(captureAttributes, DirectoryCapture.EXCLUDE);
        this.disposal = disposal;
    }

    private enum Fate {
        STAYS,
        GOES,
        IS_EXCHANGED
    }

    /** A directory on the way, what becomes of it, and how many of its entries are gone. */
    private static final class Level {
        private final DirectoryWalk.Entry directory;
        private final Fate fate;
        private final @Nullable RestoredEntry entry;
        private long gone;

        Level(DirectoryWalk.Entry directory, Fate fate, @Nullable RestoredEntry entry) {
            this.directory = directory;
            this.fate = fate;
            this.entry = entry;
        }
    }

    /** Goes through a directory. */
    void findIn(Path root) throws IOException {
        Careful careful = new Careful();
        try (DirectoryWalk walk = DirectoryWalk.in(root, includes, excludes, careful, DirectoryWalk.MOST_NAMES);
                RecordCursor records = files.open()) {
            RestoredEntry.Reader reader = new RestoredEntry.Reader(files.schema());
            boolean more = records.next();
            for (DirectoryWalk.Entry found = walk.next(); found != null; found = walk.next()) {
                careful.check();
                leaveAllBut(found.key());
                while (more && records.key().compareTo(found.key()) < 0) {
                    more = records.next();
                }
                boolean isDirectory = found.facts().kind() == FileFacts.Kind.DIRECTORY;
                if (more && records.key().equals(found.key())) {
                    if (isDirectory) {
                        RestoredEntry entry = reader.read(records.values());
                        boolean same = entry.kind() == FileFacts.Kind.DIRECTORY;
                        levels.push(new Level(found, same ? Fate.STAYS : Fate.IS_EXCHANGED, same ? entry : null));
                    }
                } else if (more && isAbove(found.key(), records.key())) {
                    levels.push(new Level(found, Fate.STAYS, null));
                } else if (isDirectory) {
                    levels.push(new Level(found, Fate.GOES, null));
                } else if (disposal.file(found)) {
                    countGone();
                }
            }
        }
        careful.check();
        while (!levels.isEmpty()) {
            leave(levels.pop());
        }
    }

    /** What can't be read must not be taken for nothing. Names of very large directories are sorted where the system keeps temporary files. */
    private static final class Careful implements CaptureContext {
        private @Nullable Problem unreadable;

        @Override
        public void problem(Problem problem) {
            if (problem.kind() == Problem.Kind.UNREADABLE && unreadable == null) {
                unreadable = problem;
            }
        }

        @Override
        public Path workDirectory() {
            return Path.of(System.getProperty("java.io.tmpdir", "."));
        }

        void check() throws IOException {
            if (unreadable != null) {
                throw new IOException(unreadable.item() + " can't be read, so it is not known what is to be deleted: "
                        + unreadable.message());
            }
        }
    }

    private void leaveAllBut(RecordKey key) throws IOException {
        while (!levels.isEmpty() && !isAbove(levels.element().directory.key(), key)) {
            leave(levels.pop());
        }
    }

    private void leave(Level level) throws IOException {
        switch (level.fate) {
            case GOES -> {
                if (disposal.directory(level.directory, level.gone)) {
                    countGone();
                }
            }
            case IS_EXCHANGED -> disposal.exchanged(level.directory, level.gone);
            case STAYS -> {
                if (level.gone > 0 && level.entry != null) {
                    disposal.changed(level.directory.path(), level.entry);
                }
            }
        }
    }

    private void countGone() {
        Optional.ofNullable(levels.peek()).ifPresent(level -> level.gone++);
    }

    private static boolean isAbove(RecordKey upper, RecordKey lower) {
        byte[] above = upper.bytes();
        byte[] below = lower.bytes();
        return below.length > above.length
                && below[above.length] == 0
                && Arrays.equals(above, 0, above.length, below, 0, above.length);
    }
}
