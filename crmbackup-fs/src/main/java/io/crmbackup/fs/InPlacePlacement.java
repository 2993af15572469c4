package io.crmbackup.fs;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a tree that is in use. Each file appears at once and whole: it is written and synced under a name of its own beside its place,
 * and what it replaces is, up to that moment, as it was found. If it is not, because somebody else has changed it meanwhile, it is left alone
 * and the restore fails in the end; only between the last look and the exchange, a few microseconds, would a change be lost.
 */
final class InPlacePlacement implements Placement {
    private final InPlace way;
    private final Comparison comparison;
    private final Attributes attributes;
    private final Durability durability;
    private final RestoreJournal journal;
    private final Tally tally;
    private final Conflicts conflicts;
    private final OtherNames names;
    private final @Nullable FileTime held;

    /**
     * Prepares to write.
     *
     * @param held the time of the file system after which files that have changed are left alone; null if each is taken as it is found
     */
    InPlacePlacement(
            InPlace way,
            Comparison comparison,
            Attributes attributes,
            Durability durability,
            RestoreJournal journal,
            Tally tally,
            Conflicts conflicts,
            OtherNames names,
            @Nullable FileTime held) {
        this.way = way;
        this.comparison = comparison;
        this.attributes = attributes;
        this.durability = durability;
        this.journal = journal;
        this.tally = tally;
        this.conflicts = conflicts;
        this.names = names;
        this.held = held;
    }

    @Override
    public void directory(Path path) throws IOException {
        try {
            create(path);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(path.toString(), null, "there is something else than a directory");
            }
        }
    }

    private static void create(Path directory) throws IOException {
        Files.createDirectory(directory, TemporaryFiles.ownerOnly(directory, "rwx------"));
    }

    @Override
    public boolean directory(Path path, RestoredEntry entry) throws IOException {
        Comparison.Finding finding = checked(path, entry);
        Verdict verdict = finding.verdict();
        if (verdict == Verdict.EXCHANGE && !moveAside(path, finding)) {
            throw new FileAlreadyExistsException(path.toString(), null, "it was changed during the restore");
        }
        if (verdict.writesContent()) {
            create(path);
        }
        tally.count(verdict, entry);
        return verdict.restores();
    }

    @Override
    public boolean file(Path path, RestoredEntry entry) throws IOException {
        Comparison.Finding finding = checked(path, entry);
        boolean done = switch (finding.verdict()) {
            case CREATE, REPLACE, EXCHANGE -> put(path, entry, finding);
            case ADJUST -> adjust(path, entry, finding);
            default -> true;
        };
        if (done) {
            tally.count(finding.verdict(), entry);
        } else if (way == InPlace.KEEP) {
            tally.count(Verdict.KEEP, entry);
        }
        return done && finding.verdict().restores();
    }

    @Override
    public boolean hardLink(Path path, Path first, RestoredEntry entry) throws IOException {
        Comparison.Finding finding = checked(path, entry);
        // The first one may have been there before.
        if (!finding.verdict().writesContent() || !RestoredContent.isIn(first, entry.content())) {
            return false;
        }
        letWriteBeside(path);
        Path temporary = journal.temporary(path);
        try {
            names.change(FileFacts.of(first));
            boolean done = HardLinks.create(temporary, first, attributes.losses()) && publish(temporary, path, finding);
            if (done) {
                tally.count(finding.verdict(), entry);
            }
            return done;
        } finally {
            // To move a name of a file to another name of the same file leaves both.
            TemporaryFiles.discard(temporary);
        }
    }

    @Override
    public boolean link(Path path, RestoredEntry entry) throws IOException {
        return file(path, entry);
    }

    private Comparison.Finding checked(Path path, RestoredEntry entry) throws IOException {
        Comparison.Finding finding = comparison.of(path, entry);
        switch (finding.verdict()) {
            case TAKEN -> throw new FileAlreadyExistsException(path.toString());
            case OTHER_KIND ->
                throw new FileAlreadyExistsException(
                        path.toString(), null, "a directory can't replace a file, nor a file a directory");
            default -> {
                return finding;
            }
        }
    }

    private boolean put(Path path, RestoredEntry entry, Comparison.Finding finding) throws IOException {
        letWriteBeside(path);
        Path temporary = journal.temporary(path);
        try {
            if (entry.kind() == FileFacts.Kind.LINK) {
                Files.createSymbolicLink(temporary, RawNames.path(path.getFileSystem(), entry.link()));
                attributes.applyAllButMode(temporary, entry);
            } else {
                write(temporary, path, entry.content(), finding.present());
                attributes.applyAllButMode(temporary, entry);
                attributes.applyMode(temporary, entry);
            }
            return publish(temporary, path, finding);
        } finally {
            TemporaryFiles.discard(temporary);
        }
    }

    private void write(Path temporary, Path path, FieldValue content, @Nullable FileFacts present) throws IOException {
        if (!content.isNull() && present != null && present.kind() == FileFacts.Kind.FILE && Files.isReadable(path)) {
            try (LocalBytes old = LocalBytes.of(path)) {
                FieldValue here = FieldValue.content(() -> content.open(old), content.length());
                RestoredContent.write(temporary, here, durability);
            }
        } else {
            RestoredContent.write(temporary, content, durability);
        }
    }

    private boolean publish(Path temporary, Path path, Comparison.Finding finding) throws IOException {
        if (finding.verdict() == Verdict.REPLACE) {
            if (!isUnchanged(path, finding)) {
                return false;
            }
            if (finding.present() != null) {
                names.change(finding.present());
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
        if (finding.verdict() == Verdict.EXCHANGE && !moveAside(path, finding)) {
            return false;
        }
        try {
            publishNew(temporary, path);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (way == InPlace.REFUSE) {
                throw e;
            }
            if (way.overwrites()) {
                conflicts.add(path);
            }
            return false;
        }
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

    private boolean adjust(Path path, RestoredEntry entry, Comparison.Finding finding) throws IOException {
        if (!isUnchanged(path, finding)) {
            return false;
        }
        attributes.applyAllButMode(path, entry);
        if (entry.kind() == FileFacts.Kind.FILE) {
            attributes.applyMode(path, entry);
            if (Files.isReadable(path)) {
                try (FileChannel channel =
                        FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                    durability.file(channel);
                }
            }
        }
        return true;
    }

    private boolean isUnchanged(Path path, Comparison.Finding finding) throws IOException {
        try {
            FileFacts now = FileFacts.of(path);
            if (now.equals(finding.present())
                    && (held == null || now.changed().compareTo(held) <= 0 || names.haveChanged(now))) {
                return true;
            }
        } catch (NoSuchFileException e) {
            // Somebody has removed it.
        }
        conflicts.add(path);
        return false;
    }

    private boolean moveAside(Path path, Comparison.Finding finding) throws IOException {
        letWriteBeside(path);
        boolean unchanged = isUnchanged(path, finding);
        if (unchanged) {
            names.change(FileFacts.of(path));
            journal.moveAside(path);
        }
        return unchanged;
    }

    private void letWriteBeside(Path path) throws IOException {
        // Of directories that are kept as they are, the mode would not be set again.
        if (way.overwrites()) {
            attributes.letWriteInto(path.getParent());
        }
    }

    @Override
    public void sync(Path directory) throws IOException {
        durability.directory(directory);
    }
}
