package io.crmbackup.fs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Writes into a new tree that nobody else can enter. Nothing in it is ever replaced. Files are synced together when their directory is
 * complete, which costs much less than one by one.
 */
final class StagedPlacement implements Placement {
    private static final int OWNER_MAY_READ = 0400;

    private final Attributes attributes;
    private final Durability durability;

    StagedPlacement(Attributes attributes, Durability durability) {
        this.attributes = attributes;
        this.durability = durability;
    }

    @Override
    public void directory(Path path) throws IOException {
        try {
            Files.createDirectory(path, TemporaryFiles.ownerOnly(path, "rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    @Override
    public boolean directory(Path path, RestoredEntry entry) throws IOException {
        directory(path);
        return true;
    }

    @Override
    public boolean file(Path path, RestoredEntry entry) throws IOException {
        boolean later = entry.mode() < 0 || (entry.mode() & OWNER_MAY_READ) != 0;
        RestoredContent.write(path, entry.content(), later ? Durability.NONE : durability);
        attributes.applyAllButMode(path, entry);
        attributes.applyMode(path, entry);
        return true;
    }

    /** All that is there was written by this restore from records that were the same file, so that contents need not be compared. */
    @Override
    public boolean hardLink(Path path, Path first, RestoredEntry entry) throws IOException {
        return HardLinks.create(path, first, attributes.losses());
    }

    @Override
    public boolean link(Path path, RestoredEntry entry) throws IOException {
        Files.createSymbolicLink(path, RawNames.path(path.getFileSystem(), entry.link()));
        attributes.applyAllButMode(path, entry);
        return true;
    }

    @Override
    public void sync(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path path : entries) {
                FileFacts facts = FileFacts.of(path);
                if (facts.kind() == FileFacts.Kind.FILE && (facts.mode() < 0 || (facts.mode() & OWNER_MAY_READ) != 0)) {
                    sync(path, facts);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        durability.directory(directory);
    }

    private void sync(Path path, FileFacts facts) throws IOException {
        // Windows syncs only what is open for writing.
        StandardOpenOption option = facts.mode() < 0 ? StandardOpenOption.WRITE : StandardOpenOption.READ;
        try (FileChannel channel = FileChannel.open(path, Set.of(option, LinkOption.NOFOLLOW_LINKS))) {
            durability.file(channel);
        }
    }
}
