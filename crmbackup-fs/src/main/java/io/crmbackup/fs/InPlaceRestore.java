package io.crmbackup.fs;

import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.TargetChanges;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A restore into a directory that is in use. A journal in the directory shows that it is under way, or was cut short. What a mirror deletes
 * it deletes last, when everything else has been written.
 */
final class InPlaceRestore extends DirectoryRestore {
    private static final int MOST_ASIDES_NAMED = 20;

    private final InPlace way;
    private final Unfinished unfinished;
    private final Comparison.Proof proof;
    private final String restore;
    private Tally foreseen = new Tally();
    private final Tally done = new Tally();
    private final Conflicts conflicts;
    private final OtherNames names = new OtherNames();
    /** When others were asked to keep from writing; what has changed later is theirs. */
    private @Nullable FileTime held;

    private @Nullable RestoreJournal journal;
    private @Nullable Path exchanged;
    private @Nullable Path lastParent;
    private @Nullable String lastObjection;
    private boolean finished;
    private Comparison preview;

    /** What is done where another restore was cut short. */
    enum Unfinished {
        /** Nothing: the restore is refused. */
        REFUSE,
        /** The other restore's traces are cleared away. */
        SUPERSEDE
    }

    InPlaceRestore(
            DirectoryTarget target,
            InPlace way,
            Unfinished unfinished,
            Comparison.Proof proof,
            Map<String, String> captureAttributes,
            RestoredCollection files) {
        super(target, captureAttributes, files);
        this.way = way;
        this.unfinished = unfinished;
        this.proof = proof;
        this.preview = comparison();
        this.restore = way + " " + files.extent() + " " + files.identity();
        this.conflicts = new Conflicts(root);
    }

    private Comparison comparison() {
        return new Comparison(root, way, proof, files.extent(), attributes, names);
    }

    @Override
    void checkPlace(Findings findings) throws IOException {
        preview = comparison();
        foreseen = new Tally();
        exchanged = null;
        lastParent = null;
        if (!Files.isDirectory(root)) {
            findings.blocker(root + " is not a directory; to restore a whole directory, let it be the target itself");
            return;
        }
        if (way == InPlace.MIRROR && !files.isComplete()) {
            findings.blocker(
                    files.extent() == RestoredCollection.Extent.SELECTED
                            ? "a selection does not say what may be deleted: mirror all files, or overwrite what has changed"
                            : "the backup could not read everything, so what is not in it may not be deleted: overwrite what has changed");
        }
        for (JournalLines left : RestoreJournal.left(root)) {
            String objection = objection(left);
            if (objection != null) {
                findings.blocker(objection);
            } else {
                findings.note(left.file() + " shows that a restore was cut short: it is "
                        + (isOther(left) ? "superseded" : "continued"));
                left.asides().stream()
                        .limit(MOST_ASIDES_NAMED)
                        .forEach(aside -> findings.note("it has moved " + aside.original() + " out of the way, to "
                                + aside.path().getFileName() + ", which will be deleted"));
            }
        }
    }

    private boolean isOther(JournalLines left) {
        return left.restores() != null && !left.restores().equals(restore);
    }

    private @Nullable String objection(JournalLines left) {
        if (!isOther(left)) {
            return null;
        }
        if (unfinished == Unfinished.REFUSE) {
            return "another restore into " + root + " is under way or was cut short, see " + left.file()
                    + ": repeat that one, or let this one supersede it";
        }
        return left.asides().isEmpty() || way == InPlace.MIRROR
                ? null
                : "the restore that was cut short has moved "
                        + left.asides().get(0).original() + " out of the way, which only a mirror may delete";
    }

    @Override
    boolean checkEntry(RecordKey key, Path path, RestoredEntry entry, Findings findings) throws IOException {
        if (exchanged != null && path.startsWith(exchanged)) {
            // What is there now, which may be a link, will be out of the way.
            foreseen.count(Verdict.CREATE, entry);
            return true;
        }
        String objection = objectionToParent(path.getParent());
        if (objection != null) {
            findings.blocker(key.pathText() + " would be written through " + objection);
            return false;
        }
        objection = objectionToSpelling(path);
        if (objection != null) {
            findings.blocker(key.pathText() + objection);
            return false;
        }
        Verdict verdict = preview.of(path, entry).verdict();
        switch (verdict) {
            case TAKEN -> findings.blocker(key.pathText() + " is there already");
            case OTHER_KIND ->
                findings.blocker(key.pathText()
                        + (entry.kind() == FileFacts.Kind.DIRECTORY
                                ? " is there and is no directory"
                                : " is there and is a directory, which is not replaced by a file"));
            case EXCHANGE -> exchanged = entry.kind() == FileFacts.Kind.DIRECTORY ? path : exchanged;
            default -> {
                // Nothing to say.
            }
        }
        foreseen.count(verdict, entry);
        return verdict.writesContent();
    }

    /** A mirror takes for surplus what has another name than the record, though the file system takes them for the same. */
    private @Nullable String objectionToSpelling(Path path) throws IOException {
        if (way != InPlace.MIRROR || !rules.folds() || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        Path spelled = path.toRealPath(LinkOption.NOFOLLOW_LINKS).getFileName();
        return path.endsWith(spelled)
                ? null
                : " is there as " + spelled + ", which a mirror can't tell apart: rename it";
    }

    /** What on the way to a directory is no directory; null if there is none. Remembers the last answer: entries come together. */
    private @Nullable String objectionToParent(@Nullable Path parent) {
        if (parent == null || parent.equals(root)) {
            return null;
        }
        if (!parent.equals(lastParent)) {
            String objection = objectionToParent(parent.getParent());
            if (objection == null
                    && Files.exists(parent, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
                objection = parent + ", which is no directory";
            }
            lastParent = parent;
            lastObjection = objection;
        }
        return lastObjection;
    }

    @Override
    Optional<TargetChanges> checkRest(Findings findings) throws IOException {
        if (way == InPlace.MIRROR && files.isComplete() && Files.isDirectory(root)) {
            new Surplus(files, captureAttributes, new Foreseen(foreseen, findings::blocker)).findIn(root);
        }
        return Optional.of(foreseen.changes());
    }

    /** Files can't be kept from being written: from now on it counts as somebody else's change. */
    @Override
    public Optional<Source> hold() throws IOException {
        Path now = root.resolve(UNFINISHED + TemporaryFiles.newName());
        try {
            TemporaryFiles.write(now, InputStream.nullInputStream(), durability);
            held = FileFacts.of(now).changed();
        } finally {
            TemporaryFiles.discard(now);
        }
        return Optional.of(DirectorySource.besideRestores(root, captureAttributes));
    }

    @Override
    public void begin() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
        List<JournalLines> left = RestoreJournal.left(root);
        for (JournalLines one : left) {
            String objection = objection(one);
            if (objection != null) {
                throw new IOException(objection);
            }
        }
        for (JournalLines one : left) {
            RestoreJournal old = RestoreJournal.resume(root, one.file(), durability);
            try {
                if (journal == null && !isOther(one) && one.restores() != null) {
                    journal = old;
                    continue;
                }
                if (journal == null) {
                    journal = RestoreJournal.begin(root, restore, durability);
                }
                journal.replace(old);
            } finally {
                if (journal != old) {
                    old.close();
                }
            }
        }
        if (journal == null) {
            journal = RestoreJournal.begin(root, restore, durability);
        }
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        Placement placement = new InPlacePlacement(
                way, comparison(), attributes, durability, journal(), done, conflicts, names, held);
        WriteResult result = writer(root, placement).write(collection);
        conflicts.check();
        return result;
    }

    @Override
    public void finish() throws IOException {
        RestoreJournal current = journal();
        if (way == InPlace.MIRROR) {
            Deletion deletion =
                    new Deletion(held == null ? current.begun() : held, attributes, durability, done, conflicts, names);
            new Surplus(files, captureAttributes, deletion).findIn(root);
            for (JournalLines.Aside aside : current.asides()) {
                deletion.aside(aside, root);
            }
            conflicts.check();
        }
        current.finish();
        journal = null;
        finished = true;
    }

    @Override
    public Optional<TargetChanges> changes() {
        return finished ? Optional.of(done.changes()) : Optional.empty();
    }

    private RestoreJournal journal() {
        if (journal == null) {
            throw new IllegalStateException("the restore has not begun, or is over");
        }
        return journal;
    }

    @Override
    public void close() throws IOException {
        // The journal of a restore that was not finished stays: it tells that the tree is mixed.
        RestoreJournal left = journal;
        journal = null;
        if (left != null) {
            left.close();
        }
    }
}
