package io.crmbackup.fs;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.PathGlob;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Captures a directory: files, directories and symbolic links, with raw names, contents, permissions, numbers of owner and group, extended
 * attributes ({@code user.*} on Linux), and times of modification; on Windows with flags, times of creation, and access control lists. Its one collection is {@code files}; keys are paths. Immutable and thread-safe.
 *
 * <p><b>While the system runs.</b> Files are read one after the other, as they are then. A file that changes while it is read is noticed and
 * read again. A file that is removed meanwhile is not part of the capture. If the whole directory goes away, as when its disk is unmounted, the
 * capture fails. What can't be read is reported and left out, and so is what an unfinished restore into the directory has left, whose names
 * begin with {@code .crmbackup-restore-}. Let the tree not be writable by users who may not read what the process can: one who exchanges a
 * directory for a link while files in it are read could have other files read in their place.
 *
 * <p><b>What is not read again.</b> A file whose size, permissions, owner, times of modification and change (ctime), and identity (inode) are
 * the same holds the same bytes: programs can set the first of these times but not the second. Times are coarse; a file that changed less
 * than two seconds before the capture began, or since, is therefore read again the next time. On systems without a time of change, time of
 * creation takes its place, and a program that sets a file's time of modification back can hide a change from all but full backups.
 *
 * <p><b>Hard links</b> are captured as such where the system tells the number of a file's names (Unix). Each path is read, but a content is stored
 * once. Only names below the directory, and captured, count.
 *
 * <p><b>Does not</b> follow symbolic links (they are captured as links); capture sockets, pipes and devices (they are reported); capture
 * what Java can't see, as the capture's attributes say: access control lists, capabilities and labels on Unix, flags as {@code immutable}, quotas; stop at mount points: what is mounted below belongs to the directory unless it is excluded.
 *
 * <p>Memory: the names of the directories on the way, about 50 bytes a name plus its length, up to 100,000 names; more are kept in the work
 * directory. Files with several hard links take space there too, about 100 bytes each and the length of a path.
 */
public final class DirectorySource implements Source {
    private final Path directory;
    private final List<PathGlob> includes;
    private final List<PathGlob> excludes;
    private final Clock clock;

    private DirectorySource(Path directory, List<PathGlob> includes, List<PathGlob> excludes, Clock clock) {
        this.directory = directory;
        this.includes = includes;
        this.excludes = excludes;
        this.clock = clock;
    }

    /** All of a directory. It is not looked at before it is captured. */
    public static DirectorySource of(Path directory) {
        return from(directory).build();
    }

    /** Begins a source that captures a part of a directory. */
    public static Builder from(Path directory) {
        return new Builder(directory);
    }

    /** A source of a directory that captures what another capture said it did. */
    static DirectorySource like(Path directory, Map<String, String> captureAttributes) {
        return new DirectorySource(
                directory,
                DirectoryCapture.globs(captureAttributes, DirectoryCapture.INCLUDE),
                DirectoryCapture.globs(captureAttributes, DirectoryCapture.EXCLUDE),
                Clock.systemUTC());
    }

    /**
     * The same for a directory in which a restore is under way or was cut short: what that one has left is not among what is captured. A restore
     * that goes on with it needs to know what else is there.
     */
    static DirectorySource besideRestores(Path directory, Map<String, String> captureAttributes) {
        DirectorySource like = like(directory, captureAttributes);
        List<PathGlob> excludes = new ArrayList<>(like.excludes);
        excludes.add(PathGlob.of(DirectoryRestore.UNFINISHED + "*"));
        excludes.add(PathGlob.of("**/" + DirectoryRestore.UNFINISHED + "*"));
        return new DirectorySource(like.directory, like.includes, List.copyOf(excludes), like.clock);
    }

    /** The same source by another clock. */
    DirectorySource at(Clock other) {
        return new DirectorySource(directory, includes, excludes, other);
    }

    @Override
    public Consistency consistency() {
        return Consistency.WINDOW;
    }

    @Override
    public Capture capture(CaptureContext context) throws IOException {
        Path real;
        try {
            real = directory.toRealPath();
        } catch (NoSuchFileException e) {
            throw new FileSystemException(
                    directory.toString(), null, "the directory to back up does not exist; is its disk mounted?");
        }
        FileFacts facts = FileFacts.of(real);
        if (facts.kind() != FileFacts.Kind.DIRECTORY) {
            throw new FileSystemException(
                    directory.toString(),
                    null,
                    "it is no directory; to back up one file, include it from its directory");
        }
        return new DirectoryCapture(real, facts, includes, excludes, context, clock);
    }

    /** The directory as {@link DirectoryTarget#replace} makes it what it was. */
    @Override
    public Optional<Target> inPlace() {
        return Optional.of(DirectoryTarget.replace(directory));
    }

    /** The directory's real path if it is there, otherwise the absolute one. */
    @Override
    public Optional<Path> directory() {
        try {
            return Optional.of(directory.toRealPath());
        } catch (IOException e) {
            return Optional.of(directory.toAbsolutePath().normalize());
        }
    }

    @Override
    public String toString() {
        return "directory " + directory;
    }

    /** Collects what a source captures. Not thread-safe. */
    public static final class Builder {
        private final Path directory;
        private final List<PathGlob> includes = new ArrayList<>();
        private final List<PathGlob> excludes = new ArrayList<>();

        private Builder(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        /**
         * Captures only files and links that one of the patterns of all calls describes, or that lie below a directory that it describes;
         * and the directories in which there may be such.
         *
         * @param globs see {@link PathGlob}, as {@code invoices/**} or <code>**&#47;*.{pdf,docx}</code>
         * @throws IllegalArgumentException if one is no pattern
         */
        public Builder include(String... globs) {
            for (String glob : globs) {
                includes.add(PathGlob.of(glob));
            }
            return this;
        }

        /**
         * Leaves out what one of the patterns describes, with all that lies below it, whether it is included or not.
         *
         * @param globs see {@link PathGlob}, as {@code cache} or {@code **}{@code /*.tmp}
         * @throws IllegalArgumentException if one is no pattern
         */
        public Builder exclude(String... globs) {
            for (String glob : globs) {
                excludes.add(PathGlob.of(glob));
            }
            return this;
        }

        /** The source. */
        public DirectorySource build() {
            return new DirectorySource(directory, List.copyOf(includes), List.copyOf(excludes), Clock.systemUTC());
        }
    }
}
