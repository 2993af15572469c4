package io.crmbackup.fs;

import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restores files into a directory. Immutable and thread-safe.
 *
 * <p>{@link #at} restores into a directory that is absent or empty, and gives it its name only when all is there and durable. {@link #merge}
 * restores into one that is in use: each file appears whole and at once. A restore that is cut short leaves something whose name contains
 * {@code .crmbackup-restore-}; a backup of the directory is not complete as long as it is there.
 *
 * <p><b>Nothing is written outside of the directory</b>, whatever the backup says. Names that are unsafe on the system, or that it takes for
 * the same, are refused before anything is written; links are created but never followed. {@link #merge} relies on nobody else exchanging
 * directories of the tree for links while it runs: let the tree not be writable by users who are not trusted.
 *
 * <p>Names of one file are restored as hard links of one file, as far as they are restored together; where that is not possible, as files of
 * their own. Where a content has 64 KiB of zeros in a row, the file gets a hole.
 *
 * <p>Contents, permissions, extended attributes and times of modification are restored; owner and group, by number, only if root restores; of the directory
 * itself, if it was absent, all but the time; the set-user-id and
 * set-group-id bits of files only if {@link #withSpecialModes()} says so as well. Where the backup tells no permissions, or of directories that
 * are not in it, files and directories are for their owner only.
 */
public final class DirectoryTarget implements Target {
    private final Path directory;
    private final @Nullable OnConflict merging;
    private final boolean specialModes;
    private final NameRules rules;
    private final Durability durability;

    private DirectoryTarget(
            Path directory,
            @Nullable OnConflict merging,
            boolean specialModes,
            NameRules rules,
            Durability durability) {
        this.directory = directory;
        this.merging = merging;
        this.specialModes = specialModes;
        this.rules = rules;
        this.durability = durability;
    }

    /** Restores into a directory that is absent, and then is created, or empty. */
    public static DirectoryTarget at(Path directory) {
        Objects.requireNonNull(directory, "directory");
        return new DirectoryTarget(directory, null, false, NameRules.of(directory), Durability.SYNCED);
    }

    /**
     * Restores into a directory that may have files already.
     *
     * @param onConflict what to do with files and links that are there; directories that are there stay, and with {@link OnConflict#REPLACE}
     *     get the backup's attributes. A directory is never replaced by a file, nor a file by a directory
     */
    public static DirectoryTarget merge(Path directory, OnConflict onConflict) {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(onConflict, "onConflict");
        return new DirectoryTarget(directory, onConflict, false, NameRules.of(directory), Durability.SYNCED);
    }

    /**
     * The same target that restores set-user-id and set-group-id bits of files too, if root restores: whoever can write to the repository could
     * so have programs run as another user.
     */
    public DirectoryTarget withSpecialModes() {
        return new DirectoryTarget(directory, merging, true, rules, durability);
    }

    /** The same target by other rules and with other means. */
    DirectoryTarget with(NameRules otherRules, Durability otherDurability) {
        return new DirectoryTarget(directory, merging, specialModes, otherRules, otherDurability);
    }

    @Override
    public TargetSession open(Map<String, String> captureAttributes, List<RestoredCollection> collections) {
        if (collections.isEmpty()) {
            throw new IllegalArgumentException("there are no files to restore into " + this);
        }
        if (collections.size() != 1
                || !RestoredEntry.Reader.reads(collections.get(0).schema())) {
            throw new IllegalArgumentException("a directory takes one collection of files, not "
                    + collections.stream().map(RestoredCollection::name).toList());
        }
        RestoredCollection files = collections.get(0);
        return merging == null
                ? new FreshRestore(this, captureAttributes, files)
                : new MergeRestore(this, merging, files);
    }

    @Override
    public Optional<Source> readBack() {
        return Optional.of(DirectorySource.of(directory));
    }

    @Override
    public Set<String> fieldsNotRestored(String collection) {
        Attributes possible = attributes();
        Set<String> fields = new HashSet<>();
        if (!FileFacts.isUnix(directory.getFileSystem())) {
            fields.add(FileTree.HARD_LINK);
        }
        if (!possible.restoreOwners()) {
            fields.add(FileTree.UID);
            fields.add(FileTree.GID);
        }
        if (!possible.restoreExtended()) {
            fields.add(FileTree.EXTENDED);
        }
        if (!possible.restoreSpecialModes()) {
            fields.add(FileTree.SPECIAL);
        }
        return Set.copyOf(fields);
    }

    @Override
    public boolean keepsOtherRecords() {
        return merging != null;
    }

    /** The directory's real path if it is there, otherwise the absolute one. */
    @Override
    public Optional<Path> directory() {
        return Optional.of(root());
    }

    Path root() {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            return directory.toAbsolutePath().normalize();
        }
    }

    NameRules rules() {
        return rules;
    }

    Durability durability() {
        return durability;
    }

    Attributes attributes() {
        return Attributes.on(root(), specialModes);
    }

    @Override
    public String toString() {
        return "directory " + directory;
    }
}
