package io.crmbackup.fs;

import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetSession.WriteResult;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as a tree of files. A directory gets its attributes when all that belongs into it is there: to write into it would change its
 * time, and its mode may forbid it. Every component of every key is checked here again, whatever was checked before, and every directory on
 * the way has been made or looked at by this writer; so no key leads out of the tree. Not thread-safe.
 */
final class TreeWriter {
    private final Path root;
    private final NameRules rules;
    private final Placement placement;
    private final Attributes attributes;
    private final HardLinks hardLinks;
    private final Deque<Level> levels = new ArrayDeque<>();

    TreeWriter(Path root, NameRules rules, Placement placement, Attributes attributes) {
        this.root = root;
        this.rules = rules;
        this.placement = placement;
        this.attributes = attributes;
        this.hardLinks = new HardLinks(root, rules, attributes);
    }

    /** A directory into which entries are being written; its record if it is to get attributes from it. */
    private record Level(byte[] key, Path path, @Nullable RestoredEntry entry) {
        boolean isAbove(byte[] other) {
            return key.length == 0
                    || (other.length > key.length
                            && other[key.length] == 0
                            && Arrays.equals(key, 0, key.length, other, 0, key.length));
        }
    }

    WriteResult write(RestoredCollection collection) throws IOException {
        RestoredEntry.Reader reader = new RestoredEntry.Reader(collection.schema());
        long written = 0;
        long skipped = 0;
        levels.push(new Level(new byte[0], root, null));
        try (RecordCursor cursor = collection.open()) {
            while (cursor.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while restoring into " + root);
                }
                RecordKey key = cursor.key();
                try {
                    if (write(key.bytes(), reader.read(cursor.values()))) {
                        written++;
                    } else {
                        skipped++;
                    }
                } catch (IOException e) {
                    throw new IOException(key.pathText() + " could not be restored: " + e.getMessage(), e);
                }
            }
        }
        while (!levels.isEmpty()) {
            leave(levels.pop());
        }
        return new WriteResult(written, skipped);
    }

    private boolean write(byte[] key, RestoredEntry entry) throws IOException {
        while (!levels.element().isAbove(key)) {
            leave(levels.pop());
        }
        attributes.losses().at(key);
        int begin = levels.element().key().length == 0 ? 0 : levels.element().key().length + 1;
        for (int end = end(key, begin); end < key.length; end = end(key, begin)) {
            Path directory = child(levels.element().path(), key, begin, end);
            placement.directory(directory);
            levels.push(new Level(Arrays.copyOf(key, end), directory, null));
            begin = end + 1;
        }
        Path path = child(levels.element().path(), key, begin, key.length);
        switch (entry.kind()) {
            case FILE -> {
                Path first = entry.hardLink().length == 0 ? null : hardLinks.first(entry);
                return (first != null && placement.hardLink(path, first, entry)) || placement.file(path, entry);
            }
            case LINK -> {
                return placement.link(path, entry);
            }
            default -> {
                boolean applies = placement.directory(path, entry);
                levels.push(new Level(key, path, applies ? entry : null));
                return applies;
            }
        }
    }

    private static int end(byte[] key, int begin) {
        int end = begin;
        while (end < key.length && key[end] != 0) {
            end++;
        }
        return end;
    }

    private Path child(Path directory, byte[] key, int begin, int end) throws IOException {
        byte[] name = Arrays.copyOfRange(key, begin, end);
        String objection = rules.objection(name);
        if (objection != null) {
            throw new IOException(objection);
        }
        Path path = directory.resolve(RawNames.path(root.getFileSystem(), name));
        if (!directory.equals(path.getParent())) {
            throw new IOException("it would lie outside of its directory");
        }
        return path;
    }

    private void leave(Level level) throws IOException {
        attributes.losses().at(level.key());
        RestoredEntry entry = level.entry();
        if (entry == null || attributes.have(level.path(), FileFacts.of(level.path()), entry)) {
            placement.sync(level.path());
        } else {
            attributes.applyAllButMode(level.path(), entry);
            placement.sync(level.path());
            attributes.applyMode(level.path(), entry);
        }
    }
}
