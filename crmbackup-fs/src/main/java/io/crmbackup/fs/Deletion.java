package io.crmbackup.fs;

import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Deletes what a mirror deletes. What was written after the restore began was in no preview and may be all that there is of it: it stays, as a
 * conflict.
 */
final class Deletion implements Surplus.Disposal {
    private final FileTime begun;
    private final Attributes attributes;
    private final Durability durability;
    private final Tally tally;
    private final Conflicts conflicts;
    private final OtherNames names;

    Deletion(
            FileTime begun,
            Attributes attributes,
            Durability durability,
            Tally tally,
            Conflicts conflicts,
            OtherNames names) {
        this.begun = begun;
        this.attributes = attributes;
        this.durability = durability;
        this.tally = tally;
        this.conflicts = conflicts;
        this.names = names;
    }

    @Override
    public boolean file(DirectoryWalk.Entry file) throws IOException {
        return delete(file.path(), file.key().pathText());
    }

    private boolean delete(Path path, String text) throws IOException {
        try {
            FileFacts facts = FileFacts.of(path);
            if (facts.changed().compareTo(begun) > 0 && !names.haveChanged(facts)) {
                conflicts.add(path);
                return false;
            }
            attributes.letWriteInto(path.getParent());
            names.change(facts);
            Files.delete(path);
            tally.deleted(text);
        } catch (NoSuchFileException e) {
            // Somebody else was faster.
        }
        return true;
    }

    @Override
    public boolean directory(DirectoryWalk.Entry directory, long gone) throws IOException {
        return deleteDirectory(directory.path(), directory.key().pathText());
    }

    private boolean deleteDirectory(Path directory, String text) throws IOException {
        try {
            attributes.letWriteInto(directory.getParent());
            Files.delete(directory);
            tally.deleted(text);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            durability.directory(directory);
            return false;
        }
    }

    @Override
    public void exchanged(DirectoryWalk.Entry directory, long gone) throws IOException {
        throw new IOException(directory.key().pathText() + " has become a directory again during the restore");
    }

    @Override
    public void changed(Path directory, RestoredEntry entry) throws IOException {
        attributes.applyAllButMode(directory, entry);
        durability.directory(directory);
        attributes.applyMode(directory, entry);
    }

    /**
     * Deletes what was moved out of the way; of a directory, what was in it counts as deleted, itself as changed. Where it lay, everything is
     * restored already, and looks so afterwards.
     */
    void aside(JournalLines.Aside aside, Path root) throws IOException {
        Path above = Objects.requireNonNull(aside.path().getParent(), "an entry has a parent");
        FileFacts before = FileFacts.of(above);
        remove(aside.path(), root.relativize(aside.original()));
        if (!above.equals(root)) {
            Files.setLastModifiedTime(above, before.modified());
            durability.directory(above);
            if (FileFacts.of(above).mode() != before.mode()) {
                attributes.applyMode(above, before.mode());
            }
        }
    }

    private void remove(Path aside, Path original) throws IOException {
        if (FileFacts.of(aside).kind() == FileFacts.Kind.DIRECTORY) {
            empty(aside, original);
        }
        names.change(FileFacts.of(aside));
        attributes.letWriteInto(aside.getParent());
        try {
            Files.delete(aside);
        } catch (DirectoryNotEmptyException e) {
            conflicts.add(aside);
        }
    }

    private void empty(Path directory, Path original) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path path : entries) {
                Path was = original.resolve(Objects.requireNonNull(path.getFileName(), "an entry has a name"));
                String text = text(was);
                if (FileFacts.of(path).kind() == FileFacts.Kind.DIRECTORY) {
                    empty(path, was);
                    deleteDirectory(path, text);
                } else {
                    delete(path, text);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static String text(Path relative) throws IOException {
        List<byte[]> names = new ArrayList<>();
        for (Path name : relative) {
            names.add(RawNames.bytes(name));
        }
        return RecordKey.path(names).pathText();
    }
}
