package io.crmbackup.fs;

import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a record means for what lies at its place. A preview asks it, and the restore itself, so both come to the same.
 *
 * <p>Files are equal if their bytes are: a time of modification can be set by anyone, and two writes within one tick of the clock have the
 * same. A file that has other names besides is never adjusted: whoever uses it under these would be changed as well.
 *
 * <p>Where all files are restored, names of one file stay or become names of one file, and files of their own stay or become that: a file
 * of several names is kept under the first record that it is equal to, and under those that are further names of that record.
 */
final class Comparison {
    /** What is known of equal files. */
    enum Proof {
        /** Bytes are compared. */
        BYTES,
        /** Files with equal size and time of modification are taken for equal. */
        TIMES
    }

    private static final int MOST_KEPT = 100_000;

    private final Path root;
    private final InPlace way;
    private final Proof proof;
    private final RestoredCollection.Extent extent;
    private final Attributes attributes;
    private final OtherNames names;
    /** Files of several names that stay, with the path under which they were met first. */
    private final Map<Object, byte[]> kept = new HashMap<>();

    /** For one pass through the records. */
    Comparison(
            Path root,
            InPlace way,
            Proof proof,
            RestoredCollection.Extent extent,
            Attributes attributes,
            OtherNames names) {
        this.root = root;
        this.way = way;
        this.proof = proof;
        this.extent = extent;
        this.attributes = attributes;
        this.names = names;
    }

    /**
     * A decision, and what it rests on.
     *
     * @param present what is there, null for nothing
     */
    record Finding(Verdict verdict, @Nullable FileFacts present) {}

    /** Compares; no component of the path but the last may be a link. */
    Finding of(Path path, RestoredEntry entry) throws IOException {
        FileFacts present;
        try {
            present = FileFacts.of(path);
        } catch (NoSuchFileException e) {
            return new Finding(Verdict.CREATE, null);
        }
        return new Finding(verdict(path, entry, present), present);
    }

    private Verdict verdict(Path path, RestoredEntry entry, FileFacts present) throws IOException {
        boolean isDirectory = present.kind() == FileFacts.Kind.DIRECTORY;
        if (isDirectory != (entry.kind() == FileFacts.Kind.DIRECTORY)) {
            return way == InPlace.MIRROR ? Verdict.EXCHANGE : Verdict.OTHER_KIND;
        }
        if (!way.overwrites()) {
            return way == InPlace.REFUSE && !isDirectory ? Verdict.TAKEN : Verdict.KEEP;
        }
        if (present.kind() != entry.kind()) {
            return Verdict.REPLACE;
        }
        boolean isFile = entry.kind() == FileFacts.Kind.FILE;
        boolean hasNames = isFile && (present.links() > 1 || names.haveChanged(present));
        if (isFile && extent == RestoredCollection.Extent.WHOLE) {
            if (entry.hardLink().length > 0) {
                byte[] first = present.identity() == null ? null : kept.get(present.identity());
                boolean same = first != null && Arrays.equals(first, entry.hardLink());
                return same && attributes.have(path, present, entry) ? Verdict.EQUAL : Verdict.REPLACE;
            }
            if (hasNames && (kept.size() >= MOST_KEPT || kept.containsKey(present.identity()))) {
                return Verdict.REPLACE;
            }
        }
        if (!hasContent(path, entry, present)) {
            return Verdict.REPLACE;
        }
        if (!attributes.have(path, present, entry)) {
            return hasNames ? Verdict.REPLACE : Verdict.ADJUST;
        }
        if (hasNames && present.identity() != null && kept.size() < MOST_KEPT) {
            kept.put(present.identity(), key(path));
        }
        return Verdict.EQUAL;
    }

    private byte[] key(Path path) throws IOException {
        byte[] key = RawNames.bytes(root.relativize(path));
        for (int i = 0; i < key.length; i++) {
            key[i] = key[i] == '/' ? 0 : key[i];
        }
        return key;
    }

    private boolean hasContent(Path path, RestoredEntry entry, FileFacts present) throws IOException {
        return switch (entry.kind()) {
            case DIRECTORY -> true;
            case LINK -> Arrays.equals(RawNames.bytes(Files.readSymbolicLink(path)), entry.link());
            default -> {
                long length = entry.content().length();
                if (length >= 0 && length != present.size()) {
                    yield false;
                }
                yield (proof == Proof.TIMES && present.modified().equals(entry.modified()))
                        || hasBytes(path, entry, present);
            }
        };
    }

    private static boolean hasBytes(Path path, RestoredEntry entry, FileFacts present) throws IOException {
        try (LocalBytes file = LocalBytes.of(path)) {
            boolean equal = entry.content().isNull()
                    ? present.size() == 0
                    : entry.content().isEqualTo(file);
            // What was written while it was read may have been missed.
            return equal && present.equals(FileFacts.of(path));
        } catch (AccessDeniedException e) {
            return false;
        }
    }
}
