package io.crmbackup.fs;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory as records.
 *
 * <p>A file is read in one state if what the system knows of it is the same after reading as before: every write sets the time of change. But
 * the system's clock for these times ticks only every few milliseconds, so that of two writes within one tick the second leaves no trace. So
 * before a file is read, the tick of its last change must be over; that takes no time unless the file has just been written.
 */
final class FileCursor implements RecordCursor {
    /** Before the capture began, a change may have happened within so much time of the moment that is noted as its time. */
    private static final Duration COARSEST_TIME = Duration.ofSeconds(2);

    /** The longest tick of a file system whose times have fractions of seconds. */
    private static final Duration TICK = Duration.ofMillis(20);

    private static final FileTree.Extras NO_EXTRAS = new FileTree.Extras(new byte[0], WindowsAttributes.NONE);

    private final DirectoryWalk walk;
    private final FirstPaths firstPaths;
    private final Instant trusted;
    private final Clock clock;
    private DirectoryWalk.@Nullable Entry entry;
    private byte @Nullable [] firstPath;
    private @Nullable FileFacts before;
    private boolean overrun;
    private boolean extrasMissing;

    FileCursor(DirectoryWalk walk, FirstPaths firstPaths, Instant begin, Clock clock) {
        this.walk = walk;
        this.firstPaths = firstPaths;
        this.trusted = begin.minus(COARSEST_TIME);
        this.clock = clock;
    }

    @Override
    public boolean next() throws IOException {
        before = null;
        extrasMissing = false;
        entry = walk.next();
        firstPath = entry == null ? null : firstPath(entry);
        return entry != null;
    }

    /** The first path of a file with several, null if that is this one. */
    private byte @Nullable [] firstPath(DirectoryWalk.Entry found) throws IOException {
        boolean several =
                found.facts().kind() == FileFacts.Kind.FILE && found.facts().links() > 1;
        return several ? firstPaths.claim(found.facts(), found.key().bytes()) : null;
    }

    @Override
    public RecordKey key() {
        return current().key();
    }

    @Override
    public byte[] fingerprint() {
        FileFacts facts = current().facts();
        byte[] together = firstPath == null ? new byte[0] : firstPath;
        return facts.changedSince(trusted) ? new byte[0] : facts.fingerprint(together);
    }

    @Override
    public List<FieldValue> values() throws IOException {
        Path path = current().path();
        try {
            FileFacts facts = settled(path);
            before = facts;
            overrun = false;
            return switch (facts.kind()) {
                case FILE -> FileTree.file(facts, firstPath(facts), extras(path), () -> open(path, facts));
                case DIRECTORY -> FileTree.directory(facts, extras(path));
                case LINK -> FileTree.link(facts, RawNames.bytes(Files.readSymbolicLink(path)));
                case SPECIAL -> throw new IOException("it was replaced by what is no file, directory or link");
            };
        } catch (NoSuchFileException e) {
            walk.checkPresent();
            throw e;
        }
    }

    private FileTree.Extras extras(Path path) throws IOException {
        try {
            return extrasMissing
                    ? NO_EXTRAS
                    : new FileTree.Extras(ExtendedAttributes.read(path), WindowsAttributes.of(path));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            // The rest is worth keeping. That it is not stable makes it be read again, then without them, and be kept
            // without a fingerprint.
            walk.report(
                    Problem.Kind.UNREADABLE,
                    current().key(),
                    "its extended attributes or access rights could not be read, all else is kept: " + e.getMessage());
            extrasMissing = true;
            overrun = true;
            return NO_EXTRAS;
        }
    }

    /** The first path, if the file is still as it was found, and so as it was there. */
    private byte @Nullable [] firstPath(FileFacts facts) {
        return facts.equals(current().facts()) ? firstPath : null;
    }

    @Override
    public boolean isStable() throws IOException {
        FileFacts facts = before;
        if (facts == null) {
            throw new IllegalStateException("no values were read");
        }
        if (facts.kind() == FileFacts.Kind.DIRECTORY) {
            return !overrun;
        }
        try {
            return !overrun && facts.equals(FileFacts.of(current().path()));
        } catch (NoSuchFileException e) {
            walk.checkPresent();
            return false;
        }
    }

    /** The file's facts at a time when any further change must alter them. */
    private FileFacts settled(Path path) throws IOException {
        FileFacts facts = FileFacts.of(path);
        if (facts.kind() == FileFacts.Kind.FILE) {
            boolean fractions = facts.changed().toInstant().get(ChronoField.NANO_OF_SECOND) != 0;
            Instant over = facts.changed().toInstant().plus(fractions ? TICK : COARSEST_TIME);
            Duration rest = Duration.between(clock.instant(), over);
            // A time in the future comes from another clock, on which waiting has no bearing.
            if (rest.toNanos() > 0 && rest.compareTo(COARSEST_TIME) <= 0) {
                sleep(rest);
                facts = FileFacts.of(path);
            }
        }
        return facts;
    }

    private static void sleep(Duration time) throws InterruptedIOException {
        try {
            Thread.sleep(time.toMillis() + 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a file that has just been written");
        }
    }

    private InputStream open(Path path, FileFacts facts) throws IOException {
        try {
            InputStream in = Channels.newInputStream(
                    Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
            return new Content(in, facts.size());
        } catch (NoSuchFileException e) {
            walk.checkPresent();
            throw e;
        }
    }

    private DirectoryWalk.Entry current() {
        DirectoryWalk.Entry current = entry;
        if (current == null) {
            throw new IllegalStateException("the cursor is not at a record");
        }
        return current;
    }

    @Override
    public void close() throws IOException {
        entry = null;
        try {
            walk.close();
        } finally {
            firstPaths.close();
        }
    }

    /** The bytes that a file had when it was looked at: one that grows while it is read would perhaps never end. */
    private final class Content extends InputStream {
        private final InputStream in;
        private long rest;

        Content(InputStream in, long size) {
            this.in = in;
            this.rest = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (rest == 0) {
                // Files that are made up by the system say that they are empty and are not.
                overrun |= in.read() >= 0;
                return -1;
            }
            int read = in.read(bytes, offset, (int) Math.min(length, rest));
            if (read < 0) {
                overrun = true;
            } else {
                rest -= read;
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
