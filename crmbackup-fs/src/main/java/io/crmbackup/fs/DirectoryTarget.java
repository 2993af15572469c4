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
 * <p>{@link #at} restores into a directory that is absent or empty, and gives it its name only when all is there and durable. The others
 * restore into one that is in use, each doing more than the one before:
 * <ul>
 *   <li>{@link #onlyMissing} writes what is not there;
 *   <li>{@link #overwriteChanged} also replaces what is there and differs, in content or attributes;
 *   <li>{@link #mirror} also deletes what is not in the backup, so that the directory is what it was.
 * </ul>
 *
 * <p>There each file is, at any moment, the old one or the new one, whole. What is equal is not touched, and of what differs only those parts are
 * fetched that the file in place does not have. A file that somebody else changes meanwhile is left alone, and the restore fails when the
 * others are done. A restore that is cut short leaves something whose name contains {@code .crmbackup-restore-}; a backup of the directory is
 * not complete as long as it is there. The same restore, repeated, goes on from there; another one is refused, unless
 * {@link #supersedeUnfinished()} says otherwise.
 *
 * <p><b>Nothing is written outside of the directory</b>, whatever the backup says, nor deleted. Names that are unsafe on the system, or that it
 * takes for the same, are refused before anything is written; links are created but never followed. A restore into a directory in use relies on
 * nobody else exchanging directories of the tree for links while it runs: let the tree not be writable by users who are not trusted.
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
    private final Options options;
    private final NameRules rules;
    private final Durability durability;

    /** What was asked for; the way is null for an empty place. */
    private record Options(
            @Nullable InPlace way,
            boolean specialModes,
            Comparison.Proof proof,
            InPlaceRestore.Unfinished unfinished,
            Loss loss) {
        static Options of(@Nullable InPlace way) {
            return new Options(way, false, Comparison.Proof.BYTES, InPlaceRestore.Unfinished.REFUSE, Loss.FOR_GOOD);
        }
    }

    /** What becomes of what is there and gives way. */
    private enum Loss {
        FOR_GOOD,
        KEPT_IN_A_SNAPSHOT
    }

    private DirectoryTarget(Path directory, Options options, NameRules rules, Durability durability) {
        this.directory = directory;
        this.options = options;
        this.rules = rules;
        this.durability = durability;
    }

    private static DirectoryTarget of(Path directory, @Nullable InPlace way) {
        Objects.requireNonNull(directory, "directory");
        return new DirectoryTarget(directory, Options.of(way), NameRules.of(directory), Durability.SYNCED);
    }

    /** Restores into a directory that is absent, and then is created, or empty. */
    public static DirectoryTarget at(Path directory) {
        return of(directory, null);
    }

    /**
     * Restores into a directory that is in use: what is there stays as it is, what is missing comes back. Fails if a file is there where a
     * directory belongs, or the other way round.
     */
    public static DirectoryTarget onlyMissing(Path directory) {
        return of(directory, InPlace.KEEP);
    }

    /**
     * Restores into a directory that is in use: what is missing comes back, and what is there and differs becomes what it was. What is there and
     * not in the backup stays. Fails if a file is there where a directory belongs, or the other way round.
     */
    public static DirectoryTarget overwriteChanged(Path directory) {
        return of(directory, InPlace.OVERWRITE);
    }

    /**
     * Makes a directory what it was: what is missing comes back, what differs becomes what it was, and <b>what is not in the backup is
     * deleted</b>, at the very end; the preview lists it. These stay: what the source left out by its patterns, and pipes, sockets and devices.
     * Refused for selections, and for backups that could not read everything, because what is not in them may have been there.
     */
    public static DirectoryTarget mirror(Path directory) {
        return of(directory, InPlace.MIRROR);
    }

    /**
     * Makes a directory what it was, as {@link #mirror} does, and can be undone: before anything changes, a snapshot is taken of what is there.
     * What somebody writes from then on is never replaced or deleted: it is left alone, and the restore fails when the others are done.
     */
    public static DirectoryTarget replace(Path directory) {
        Objects.requireNonNull(directory, "directory");
        return of(directory, InPlace.MIRROR).with(Loss.KEPT_IN_A_SNAPSHOT);
    }

    /**
     * Restores into a directory that is in use, by the word that databases have for it too.
     *
     * @param onConflict what to do with files and links that are there: {@link OnConflict#SKIP} as {@link #onlyMissing}, {@link OnConflict#REPLACE}
     *     as {@link #overwriteChanged}; {@link OnConflict#FAIL} refuses to begin
     */
    public static DirectoryTarget merge(Path directory, OnConflict onConflict) {
        return of(
                directory,
                switch (onConflict) {
                    case FAIL -> InPlace.REFUSE;
                    case SKIP -> InPlace.KEEP;
                    case REPLACE -> InPlace.OVERWRITE;
                });
    }

    /**
     * The same target that restores set-user-id and set-group-id bits of files too, if root restores: whoever can write to the repository could
     * so have programs run as another user.
     */
    public DirectoryTarget withSpecialModes() {
        return with(new Options(options.way, true, options.proof, options.unfinished, options.loss));
    }

    /**
     * The same target that takes a file in place for equal if its size and time of modification are those of the backup, without reading it:
     * much faster, and wrong where something has set a time back after it had changed a file.
     */
    public DirectoryTarget trustTimes() {
        return with(new Options(
                options.way, options.specialModes, Comparison.Proof.TIMES, options.unfinished, options.loss));
    }

    /** The same target that takes over a directory in which a restore of something else was cut short, and ends that one. */
    public DirectoryTarget supersedeUnfinished() {
        return with(new Options(
                options.way, options.specialModes, options.proof, InPlaceRestore.Unfinished.SUPERSEDE, options.loss));
    }

    private DirectoryTarget with(Loss loss) {
        return with(new Options(options.way, options.specialModes, options.proof, options.unfinished, loss));
    }

    private DirectoryTarget with(Options others) {
        return new DirectoryTarget(directory, others, rules, durability);
    }

    /** The same target by other rules and with other means. */
    DirectoryTarget with(NameRules otherRules, Durability otherDurability) {
        return new DirectoryTarget(directory, options, otherRules, otherDurability);
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
        return options.way == null
                ? new FreshRestore(this, captureAttributes, files)
                : new InPlaceRestore(this, options.way, options.unfinished, options.proof, captureAttributes, files);
    }

    @Override
    public Optional<Source> readBack(Map<String, String> captureAttributes) {
        return Optional.of(DirectorySource.like(directory, captureAttributes));
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
        fields.addAll(
                FileFacts.isPosix(directory)
                        ? List.of(FileTree.FLAGS, FileTree.CREATED, FileTree.ACL)
                        : List.of(FileTree.MODE));
        if (!possible.restoreSpecialModes()) {
            fields.add(FileTree.SPECIAL);
        }
        return Set.copyOf(fields);
    }

    @Override
    public boolean keepsOtherRecords() {
        return options.way != null && options.way != InPlace.MIRROR;
    }

    @Override
    public boolean replaces() {
        return options.loss == Loss.KEPT_IN_A_SNAPSHOT;
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
        return Attributes.on(root(), options.specialModes);
    }

    @Override
    public String toString() {
        return "directory " + directory;
    }
}
