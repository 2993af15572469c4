package io.crmbackup.fs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a sink once it has been found, and remembered by its identity: when its disk goes away, the path leads to another
 * directory or none, which must neither be filled nor be taken for an empty repository.
 */
final class SinkRoot {
    static final String TEMPORARY = ".tmp";

    private final Path path;
    private final @Nullable Object identity;
    private final Durability durability;
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    private SinkRoot(Path path, @Nullable Object identity, Durability durability) {
        this.path = path;
        this.identity = identity;
        this.durability = durability;
    }

    static SinkRoot find(Path directory, Durability durability) throws IOException {
        Path real;
        try {
            real = directory.toRealPath();
        } catch (NoSuchFileException e) {
            throw new MissingDirectoryException(
                    directory.toString(),
                    "the repository's directory does not exist; is its disk mounted? (createDirectory() creates it)");
        }
        BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
        if (!attributes.isDirectory()) {
            throw new NotDirectoryException(real.toString());
        }
        return new SinkRoot(real, attributes.fileKey(), durability);
    }

    /** Creates the directory and the ones above it, durably. */
    static void create(Path directory, Durability durability) throws IOException {
        Path absolute = directory.toAbsolutePath();
        if (!Files.isDirectory(absolute)) {
            Path parent = absolute.getParent();
            if (parent != null) {
                create(parent, durability);
            }
            createDirectory(absolute);
            if (parent != null) {
                durability.directory(parent);
            }
        }
    }

    Path path() {
        return path;
    }

    /** Where an object lies. */
    Path file(String name) {
        return path.resolve(name);
    }

    /** Fails unless the path still leads to the directory that was found. */
    void checkPresent() throws IOException {
        @Nullable Object now;
        try {
            now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            throw gone(e);
        }
        if (identity != null && !identity.equals(now)) {
            throw gone(null);
        }
    }

    /** Whether a failure says that there is no such object: it is missing, or what should be a directory above it is an object. */
    boolean isAbsence(FileSystemException failure, Path file) {
        if (failure instanceof NoSuchFileException) {
            return true;
        }
        for (Path above = file.getParent(); above != null && !above.equals(path); above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                return true;
            }
        }
        return false;
    }

    private IOException gone(@Nullable Throwable cause) {
        return new IOException(
                "the repository's directory " + path + " is not there any more; was its disk unmounted?", cause);
    }

    /** The directory for temporary files, which is on the same file system as the objects. */
    Path temporaryDirectory() throws IOException {
        Path directory = path.resolve(TEMPORARY);
        if (!Files.isDirectory(directory)) {
            createDirectory(directory);
        }
        return directory;
    }

    /** Creates the directories above an object, and makes sure once that they are durable, whoever created them. */
    void createParents(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null || parent.equals(path)) {
            return;
        }
        boolean created = !Files.isDirectory(parent);
        if (!created && durable.contains(parent)) {
            return;
        }
        createParents(parent);
        if (created) {
            createDirectory(parent);
        }
        durability.directory(Objects.requireNonNull(parent.getParent(), "parents lie below the root"));
        if (durable.size() < 10_000) {
            durable.add(parent);
        }
    }

    private static void createDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, TemporaryFiles.ownerOnly(directory, "rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw new NotDirectoryException(directory.toString());
            }
        }
    }
}
