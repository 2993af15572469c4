package io.crmbackup.fs;

import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A restore into a directory: what the ways to restore have in common is that the records are looked through before. Not thread-safe. */
abstract class DirectoryRestore implements TargetSession {
    /** How names begin that show that a restore is under way, or was cut short. */
    static final String UNFINISHED = ".crmbackup-restore-";

    final Path root;
    final RestoredCollection files;
    final NameRules rules;
    final Attributes attributes;
    final Durability durability;
    final Map<String, String> captureAttributes;

    DirectoryRestore(DirectoryTarget target, Map<String, String> captureAttributes, RestoredCollection files) {
        this.root = target.root();
        this.files = files;
        this.rules = target.rules();
        this.attributes = target.attributes();
        this.durability = target.durability();
        this.captureAttributes = captureAttributes;
    }

    /** Looks at the place itself. */
    abstract void checkPlace(Findings findings) throws IOException;

    /** Looks at an entry's place; returns whether its content will be written. */
    abstract boolean checkEntry(RecordKey key, Path path, RestoredEntry entry, Findings findings) throws IOException;

    /** Looks at what is not in the records; returns what will change, if the place is in use. */
    Optional<TargetChanges> checkRest(Findings findings) throws IOException {
        return Optional.empty();
    }

    @Override
    public final TargetPreview preview() throws IOException {
        Findings findings = new Findings();
        checkPlace(findings);
        RestoredEntry.Reader reader = new RestoredEntry.Reader(files.schema());
        Deque<Above> above = new ArrayDeque<>();
        above.push(new Above(new byte[0], FileFacts.Kind.DIRECTORY, new HashMap<>()));
        try (RecordCursor cursor = files.open()) {
            while (cursor.next()) {
                RecordKey key = cursor.key();
                RestoredEntry entry;
                try {
                    entry = reader.read(cursor.values());
                } catch (IOException e) {
                    findings.blocker(key.pathText() + ": " + e.getMessage());
                    continue;
                }
                Path path = path(key, findings);
                if (path != null) {
                    check(key, path, entry, above, findings);
                }
            }
        }
        findings.checkSpace(root);
        String never = captureAttributes.getOrDefault(DirectoryCapture.NOT_CAPTURED, "");
        if (!never.isEmpty()) {
            findings.note("the backup has not: " + never);
        }
        Optional<TargetChanges> changes = checkRest(findings);
        return findings.preview(attributes, changes.orElse(null));
    }

    /** A component on the way to the current record; what lies in it by folded name, if names fold. The root's key is empty. */
    private record Above(byte[] key, FileFacts.Kind kind, Map<String, String> names) {
        boolean isAbove(byte[] lower) {
            return key.length == 0
                    || (lower.length > key.length
                            && lower[key.length] == 0
                            && Arrays.equals(key, 0, key.length, lower, 0, key.length));
        }

        /** Adds what lies in it; returns what else has the same name, or null. */
        @Nullable
        String add(Above entry, NameRules rules) {
            byte[] name = Arrays.copyOfRange(entry.key, key.length == 0 ? 0 : key.length + 1, entry.key.length);
            String other = names.putIfAbsent(rules.folded(name), entry.text());
            return other == null || other.equals(entry.text()) ? null : other;
        }

        String text() {
            return RecordKey.of(key).pathText();
        }
    }

    private void check(RecordKey key, Path path, RestoredEntry entry, Deque<Above> above, Findings findings)
            throws IOException {
        while (!above.element().isAbove(key.bytes())) {
            above.pop();
        }
        Above upper = above.element();
        if (upper.kind() != FileFacts.Kind.DIRECTORY) {
            findings.blocker(key.pathText() + " lies below " + upper.text() + ", which is no directory");
            return;
        }
        byte[] bytes = key.bytes();
        for (int end = upper.key().length + 1; end <= bytes.length; end++) {
            if (end == bytes.length || bytes[end] == 0) {
                FileFacts.Kind kind = end == bytes.length ? entry.kind() : FileFacts.Kind.DIRECTORY;
                Above next = new Above(Arrays.copyOf(bytes, end), kind, rules.folds() ? new HashMap<>() : Map.of());
                String other = rules.folds() ? above.element().add(next, rules) : null;
                if (other != null) {
                    findings.blocker(next.text() + " and " + other + " would be the same file here");
                    return;
                }
                above.push(next);
            }
        }
        if (checkEntry(key, path, entry, findings)) {
            findings.count(entry);
        }
    }

    private @Nullable Path path(RecordKey key, Findings findings) {
        Path path = root;
        byte[] bytes = key.bytes();
        int begin = 0;
        for (int end = 0; end <= bytes.length; end++) {
            if (end == bytes.length || bytes[end] == 0) {
                byte[] name = Arrays.copyOfRange(bytes, begin, end);
                String objection = rules.objection(name);
                if (objection != null) {
                    findings.blocker(key.pathText() + ": " + objection);
                    return null;
                }
                try {
                    path = path.resolve(RawNames.path(root.getFileSystem(), name));
                } catch (IOException e) {
                    findings.blocker(key.pathText() + ": " + e.getMessage());
                    return null;
                }
                begin = end + 1;
            }
        }
        return path;
    }

    @Override
    public final List<String> notes() {
        return attributes.losses().notes();
    }

    final TreeWriter writer(Path directory, Placement placement) {
        return new TreeWriter(directory, rules, placement, attributes);
    }

    /** What a preview has found so far. */
    static final class Findings {
        private static final int MOST = 20;

        /** Smaller files are hardly ever sparse; larger ones, as images of disks, may need much less space than they have bytes. */
        private static final long MAY_BE_SPARSE = 64L << 20;

        private final List<String> blockers = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();
        private long moreBlockers;
        private long bytes;
        private long certainBytes;
        private long specials;
        private long extended;
        private boolean owned;

        void blocker(String text) {
            if (blockers.size() < MOST) {
                blockers.add(text);
            } else {
                moreBlockers++;
            }
        }

        void note(String text) {
            notes.add(text);
        }

        void step(String text) {
            steps.add(text);
        }

        void count(RestoredEntry entry) {
            long length = Math.max(0, entry.content().length());
            bytes += length;
            certainBytes += length < MAY_BE_SPARSE && entry.hardLink().length == 0 ? length : 0;
            specials += entry.special() == 0 ? 0 : 1;
            extended += entry.extended() == null || entry.extended().isEmpty() ? 0 : 1;
            owned |= entry.uid() >= 0;
        }

        void checkSpace(Path place) throws IOException {
            Path existing = place;
            while (existing != null && !Files.exists(existing)) {
                existing = existing.getParent();
            }
            if (existing != null) {
                long usable = Files.getFileStore(existing).getUsableSpace();
                if (usable < certainBytes) {
                    blocker("the files have " + bytes + " bytes; there is space for " + usable);
                } else if (usable < bytes) {
                    note("the files have " + bytes + " bytes; there is space for " + usable
                            + ", which is enough only if large files have holes, or files are hard links of others");
                }
            }
        }

        TargetPreview preview(Attributes attributes, @Nullable TargetChanges changes) {
            if (moreBlockers > 0) {
                blockers.add("and " + moreBlockers + " more");
            }
            if (owned && !attributes.restoreOwners()) {
                notes.add("files will belong to the user that restores: only root can give them back to their owners");
            }
            if (extended > 0 && !attributes.restoreExtended()) {
                notes.add(
                        "the extended attributes of " + extended + " files will not be restored: there are none here");
            }
            if (specials > 0 && !attributes.restoreSpecialModes()) {
                notes.add("the set-user-id and set-group-id bits of " + specials + " files will not be restored");
            }
            return new TargetPreview(blockers, notes, steps, changes);
        }
    }
}
