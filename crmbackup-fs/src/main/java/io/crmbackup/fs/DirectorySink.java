package io.crmbackup.fs;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a repository in a local or mounted directory, one file for each object. Thread-safe, and safe to be used by several processes and
 * machines at once.
 *
 * <p>An object is written to a new file in the subdirectory {@code .tmp}, synced, linked to its name, which fails if the name is taken,
 * and then the directories are synced. So an object is there whole or not at all, even after a power failure, and nothing is ever overwritten.
 * Where the file system has no hard links (FAT, exFAT), a lock file takes the place of the link's guarantee; it binds the processes of one
 * machine, so only one machine may write to such a repository at a time. What crashed writers leave in {@code .tmp} is removed when it
 * is a day old. Files can be read by their owner only.
 *
 * <p><b>The directory must exist</b>, unless {@link #createDirectory()} says that it may be created: when the disk is not mounted, a backup
 * then fails instead of filling the disk below. For the same reason the place to choose on a disk of its own is a directory on that disk, not
 * its mount point. If the directory disappears or is exchanged while the sink is in use, all methods fail.
 *
 * <p>Methods fail with {@link IllegalArgumentException} for a name that is not one, and with {@link IllegalStateException} once the sink is
 * closed. A thread that is interrupted fails with {@link java.nio.channels.ClosedByInterruptException}, its interrupt flag still set.
 */
public final class DirectorySink implements Sink {
    private final Path directory;
    private final boolean creates;
    private final Durability durability;
    private volatile boolean closed;
    private volatile @Nullable SinkRoot root;
    private volatile @Nullable Publication publication;

    private DirectorySink(Path directory, boolean creates, Durability durability) {
        this.directory = directory;
        this.creates = creates;
        this.durability = durability;
    }

    /** A sink in a directory that exists. It is not looked at before it is used. */
    public static DirectorySink at(Path directory) {
        return at(directory, Durability.SYNCED);
    }

    static DirectorySink at(Path directory, Durability durability) {
        return new DirectorySink(Objects.requireNonNull(directory, "directory"), false, durability);
    }

    /** The same sink that creates its directory, and the ones above it, with the first object that is put, if they are not there. */
    public DirectorySink createDirectory() {
        return new DirectorySink(directory, true, durability);
    }

    @Override
    public void put(String name, SinkContent content) throws IOException {
        ObjectNames.checkName(name);
        SinkRoot found = rootForWriting();
        Path file = found.file(name);
        Publication way = publication(found);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(found, file);
        }
        found.createParents(file);
        Path temporary = found.temporaryDirectory().resolve(TemporaryFiles.newName());
        try (InputStream in = content.open()) {
            TemporaryFiles.write(temporary, in, content.length(), durability);
        }
        try {
            found.checkPresent();
            way.publish(temporary, file);
        } catch (FileAlreadyExistsException e) {
            throw taken(found, file);
        } finally {
            TemporaryFiles.discard(temporary);
        }
        durability.directory(parent(file));
    }

    /**
     * The failure for a name that is taken. Whoever gets it may go on to rely on the object that is there, whose own put may have failed or
     * died before it was durable.
     */
    private FileAlreadyExistsException taken(SinkRoot found, Path file) throws IOException {
        found.createParents(file);
        durability.directory(parent(file));
        return new FileAlreadyExistsException(file.toString());
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        ObjectNames.checkName(name);
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("offset and length can't be negative: " + offset + ", " + length);
        }
        SinkRoot found = rootIfAny();
        if (found == null) {
            throw new NoSuchFileException(directory.resolve(name).toString());
        }
        Path file = found.file(name);
        FileChannel channel = null;
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new NoSuchFileException(file.toString());
            }
            channel = FileChannel.open(file, StandardOpenOption.READ);
            long size = channel.size();
            long from = Math.min(offset, size);
            FileRange range = new FileRange(channel, name, from, from + Math.min(length, size - from));
            channel = null;
            return range;
        } catch (FileSystemException e) {
            found.checkPresent();
            throw found.isAbsence(e, file) ? new NoSuchFileException(file.toString()) : e;
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
    }

    @Override
    public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
        ObjectNames.checkPrefix(prefix);
        SinkRoot found = rootIfAny();
        if (found != null) {
            visit(found.file(prefix), prefix, visitor);
            found.checkPresent();
        }
    }

    private static void visit(Path directory, String prefix, Consumer<SinkObject> visitor) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = prefix + entry.getFileName();
                // What else lies in the directory is not ours: .tmp, lost+found, what file managers leave.
                if (ObjectNames.isName(name)) {
                    visitEntry(entry, name, visitor);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Removed meanwhile, or never there: nothing to list.
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void visitEntry(Path entry, String name, Consumer<SinkObject> visitor) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(entry, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return;
        }
        if (attributes.isDirectory()) {
            visit(entry, name + "/", visitor);
        } else if (attributes.isRegularFile()) {
            visitor.accept(new SinkObject(
                    name, attributes.size(), attributes.lastModifiedTime().toInstant()));
        }
    }

    @Override
    public void delete(String name) throws IOException {
        ObjectNames.checkName(name);
        SinkRoot found = rootIfAny();
        if (found == null) {
            return;
        }
        found.checkPresent();
        Path file = found.file(name);
        try {
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(file);
                durability.directory(parent(file));
            }
        } catch (FileSystemException e) {
            found.checkPresent();
            if (!found.isAbsence(e, file)) {
                throw e;
            }
        }
    }

    /** The directory's real path once it is there, otherwise the absolute one. */
    @Override
    public Optional<Path> directory() {
        try {
            return Optional.of(directory.toRealPath());
        } catch (IOException e) {
            return Optional.of(directory.toAbsolutePath().normalize());
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "directory " + directory;
    }

    /** The directory, or null if it is not there yet and may be created. */
    private @Nullable SinkRoot rootIfAny() throws IOException {
        checkOpen();
        return creates && root == null && !Files.isDirectory(directory) ? null : root();
    }

    private SinkRoot root() throws IOException {
        checkOpen();
        SinkRoot found = root;
        if (found == null) {
            synchronized (this) {
                found = root;
                if (found == null) {
                    found = SinkRoot.find(directory, durability);
                    root = found;
                }
            }
        }
        return found;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the sink is closed");
        }
    }

    private SinkRoot rootForWriting() throws IOException {
        checkOpen();
        if (creates && root == null) {
            SinkRoot.create(directory, durability);
        }
        SinkRoot found = root();
        found.checkPresent();
        return found;
    }

    private synchronized Publication publication(SinkRoot found) throws IOException {
        Publication way = publication;
        if (way == null) {
            Path temporary = found.temporaryDirectory();
            TemporaryFiles.clearAbandoned(temporary, durability);
            way = Publication.offeredIn(temporary, found.path().resolve(".lock"));
            publication = way;
        }
        return way;
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.getParent(), "an object lies in a directory");
    }
}
