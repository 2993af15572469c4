package io.crmbackup.fs;

import io.crmbackup.spi.OnConflict;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes into a tree that is in use. Each file appears at once and whole: it is written and synced under a name of its own beside its place.
 * Directories that are there stay as they are unless records replace.
 */
final class MergePlacement implements Placement {
    private final OnConflict onConflict;
    private final Attributes attributes;
    private final Durability durability;

    MergePlacement(OnConflict onConflict, Attributes attributes, Durability durability) {
        this.onConflict = onConflict;
        this.attributes = attributes;
        this.durability = durability;
    }

    @Override
    public boolean directory(Path path) throws IOException {
        try {
            Files.createDirectory(path, TemporaryFiles.ownerOnly(path, "rwx------"));
            return true;
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(path.toString(), null, "there is something else than a directory");
            }
            return onConflict == OnConflict.REPLACE;
        }
    }

    @Override
    public boolean file(Path path, RestoredEntry entry) throws IOException {
        if (isLeftAlone(path)) {
            return false;
        }
        Path temporary = temporary(path);
        RestoredContent.write(temporary, entry.content(), durability);
        return publish(temporary, path, entry);
    }

    @Override
    public boolean hardLink(Path path, Path first, RestoredEntry entry) throws IOException {
        // The first one may have been there before.
        if (isLeftAlone(path) || !RestoredContent.isIn(first, entry.content())) {
            return false;
        }
        if (onConflict != OnConflict.REPLACE) {
            return HardLinks.create(path, first);
        }
        Path temporary = temporary(path);
        return HardLinks.create(temporary, first) && move(temporary, path);
    }

    @Override
    public boolean link(Path path, RestoredEntry entry) throws IOException {
        Path target = RawNames.path(path.getFileSystem(), entry.link());
        if (onConflict == OnConflict.REPLACE) {
            Path temporary = temporary(path);
            Files.createSymbolicLink(temporary, target);
            return publish(temporary, path, entry);
        }
        try {
            Files.createSymbolicLink(path, target);
        } catch (FileAlreadyExistsException e) {
            if (onConflict == OnConflict.SKIP) {
                return false;
            }
            throw e;
        }
        attributes.applyAllButMode(path, entry);
        return true;
    }

    @Override
    public void sync(Path directory) throws IOException {
        durability.directory(directory);
    }

    private boolean isLeftAlone(Path path) {
        return onConflict == OnConflict.SKIP && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static Path temporary(Path path) {
        return path.resolveSibling(DirectoryRestore.UNFINISHED + TemporaryFiles.newName());
    }

    private boolean publish(Path temporary, Path path, RestoredEntry entry) throws IOException {
        try {
            attributes.applyAllButMode(temporary, entry);
            if (entry.kind() == FileFacts.Kind.FILE) {
                attributes.applyMode(temporary, entry);
            }
            if (onConflict == OnConflict.REPLACE) {
                replace(temporary, path);
            } else {
                publishNew(temporary, path);
            }
            return true;
        } catch (FileAlreadyExistsException e) {
            if (onConflict == OnConflict.SKIP) {
                return false;
            }
            throw e;
        } finally {
            TemporaryFiles.discard(temporary);
        }
    }

    private static boolean move(Path temporary, Path path) throws IOException {
        try {
            replace(temporary, path);
            return true;
        } finally {
            // To move a name of a file to another name of the same file leaves both.
            TemporaryFiles.discard(temporary);
        }
    }

    private static void replace(Path temporary, Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path.toString(), null, "there is a directory");
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void publishNew(Path temporary, Path path) throws IOException {
        try {
            Files.createLink(path, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            // No hard links here: between this look and the move the application could create the file, and lose it.
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(path.toString());
            }
            Files.move(temporary, path);
        }
    }
}
