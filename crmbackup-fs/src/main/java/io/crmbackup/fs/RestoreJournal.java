package io.crmbackup.fs;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file in the directory that is restored into. As long as it is there, the directory is unfinished; its lock tells whether the restore is
 * still under way, as the system frees it when a process dies. Its lines tell which restore it is, where temporary files may lie, and what
 * was moved out of the way, so that a second run can clear these away. It does not tell which files are done: that is seen by comparing them,
 * which also notices what has happened to them since.
 *
 * <p>A line is durable before what it tells of is done. There is one temporary file at a time, so all of them lie in the directory that was
 * named last. Not thread-safe.
 */
final class RestoreJournal implements Closeable {
    private static final String EXPLANATION = """
            # A restore into this directory is under way, or was cut short. Then some files are those of the backup, others are not:
            # repeat the same restore, and it goes on. Backups are not complete as long as this file is here.
            """;

    /** Behind all lines: on Windows nobody else can read what is locked. */
    private static final long LOCKED = Long.MAX_VALUE - 1;

    private final Path root;
    private final Path file;
    private final FileChannel channel;
    private final Durability durability;
    private final FileTime begun;
    private final List<JournalLines.Aside> asides = new ArrayList<>();
    private @Nullable Path writing;

    private RestoreJournal(Path root, Path file, FileChannel channel, Durability durability) throws IOException {
        this.root = root;
        this.file = file;
        this.channel = channel;
        this.durability = durability;
        // Of a torn line only its end is missing; and this sets the time of change.
        channel.position(channel.size());
        write("\n");
        this.begun = FileFacts.of(file).changed();
    }

    /** What restores that did not end, or are under way, have left in a directory. */
    static List<JournalLines> left(Path root) throws IOException {
        List<JournalLines> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root, DirectoryRestore.UNFINISHED + "*")) {
            for (Path path : files) {
                String name = String.valueOf(path.getFileName()).substring(DirectoryRestore.UNFINISHED.length());
                if (name.matches("[0-9a-f]{32}") && FileFacts.of(path).kind() == FileFacts.Kind.FILE) {
                    found.add(JournalLines.read(root, path));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /** Begins a restore's journal. */
    static RestoreJournal begin(Path root, String restore, Durability durability) throws IOException {
        Path file = root.resolve(DirectoryRestore.UNFINISHED + TemporaryFiles.newName());
        String header = EXPLANATION + JournalLines.restores(restore);
        TemporaryFiles.write(file, new ByteArrayInputStream(header.getBytes(StandardCharsets.US_ASCII)), durability);
        durability.directory(root);
        return locked(root, file, durability);
    }

    /** Goes on with what a restore has left, its temporary file cleared away. Fails if that restore is still under way. */
    static RestoreJournal resume(Path root, Path file, Durability durability) throws IOException {
        RestoreJournal journal = locked(root, file, durability);
        try {
            JournalLines lines = JournalLines.read(root, file, journal.channel);
            journal.asides.addAll(lines.asides());
            if (lines.writing() != null) {
                journal.clear(lines.writing());
            }
            return journal;
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private static RestoreJournal locked(Path root, Path file, Durability durability) throws IOException {
        FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        boolean handedOn = false;
        try {
            if (channel.tryLock(LOCKED, 1, false) != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                RestoreJournal journal = new RestoreJournal(root, file, channel, durability);
                handedOn = true;
                return journal;
            }
        } catch (OverlappingFileLockException e) {
            // Another restore of this process has it.
        } finally {
            if (!handedOn) {
                channel.close();
            }
        }
        throw new FileSystemException(root.toString(), null, "another restore into it is under way, see " + file);
    }

    private void clear(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, file.getFileName() + "-*")) {
            for (Path path : files) {
                if (asides.stream().noneMatch(aside -> aside.path().equals(path))) {
                    Files.delete(path);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** A new name for a temporary file in the directory of another. */
    Path temporary(Path place) throws IOException {
        Path directory = place.getParent();
        if (directory != null && !directory.equals(writing)) {
            write(JournalLines.writing(root, directory));
            writing = directory;
        }
        return newName(place);
    }

    /** Moves what is in the way to a new name beside it; it is one of the {@link #asides()} from then on. */
    void moveAside(Path path) throws IOException {
        move(path, new JournalLines.Aside(newName(path), path));
    }

    private void move(Path from, JournalLines.Aside aside) throws IOException {
        write(JournalLines.aside(root, aside));
        Files.move(from, aside.path(), StandardCopyOption.ATOMIC_MOVE);
        asides.add(aside);
    }

    /** Takes over what another restore has moved out of the way, and ends that one. */
    void replace(RestoreJournal other) throws IOException {
        for (JournalLines.Aside aside : other.asides) {
            move(aside.path(), new JournalLines.Aside(newName(aside.path()), aside.original()));
        }
        other.finish();
    }

    private Path newName(Path beside) {
        return beside.resolveSibling(file.getFileName() + "-" + TemporaryFiles.newName());
    }

    /** What was moved out of the way, by this run and those before. */
    List<JournalLines.Aside> asides() {
        return List.copyOf(asides);
    }

    /** When this run began, by the clock of the file system. */
    FileTime begun() {
        return begun;
    }

    private void write(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        durability.file(channel);
    }

    /** Ends the restore: the directory is finished. */
    void finish() throws IOException {
        durability.directory(root);
        Files.deleteIfExists(file);
        close();
        durability.directory(root);
    }

    /** Frees the lock; the journal stays. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
