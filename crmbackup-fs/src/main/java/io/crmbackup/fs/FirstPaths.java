package io.crmbackup.fs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Remembers under which path each file with several hard links came first. A file is known by its fingerprint, which tells its identity and
 * its state: one that changes between two of its paths is another file from then on.
 *
 * <p>However many files there are, they take no heap, but space in the work directory: at most 96 bytes a file, its path, and 20. There is a
 * hash table, in which a file's place is its fingerprint (a digest) and the next free slot is taken, and a list of paths; a look-up is a few
 * system calls. Not thread-safe.
 */
final class FirstPaths implements Closeable {
    private static final int STATE = FileFacts.FINGERPRINT_LENGTH;
    /** A slot: a fingerprint, and where in the list its path is, plus one; zeros if the slot is free. */
    private static final int SLOT = STATE + Long.BYTES;

    private static final int LEAST_SLOTS = 1 << 10;

    private final Path workDirectory;
    private int slots = LEAST_SLOTS;
    private long used;
    private @Nullable FileChannel table;
    private @Nullable SealedFile paths;

    FirstPaths(Path workDirectory) {
        this.workDirectory = workDirectory;
    }

    /** The path under which a file came first; null if this is the first one, which is remembered then. */
    byte @Nullable [] claim(FileFacts file, byte[] path) throws IOException {
        byte[] state = file.fingerprint();
        if (paths == null) {
            paths = new SealedFile(workDirectory);
            table = newTable(slots);
        }
        SealedFile list = Objects.requireNonNull(paths);
        FileChannel open = Objects.requireNonNull(table);
        ByteBuffer slot = ByteBuffer.allocate(SLOT);
        long at = find(open, slots, state, slot);
        long position = slot.getLong(STATE);
        if (position != 0) {
            return list.read(position - 1);
        }
        long place = list.append(path);
        SealedFile.write(
                open,
                at,
                ByteBuffer.allocate(SLOT).put(state).putLong(place + 1).flip());
        if (++used > slots / 2) {
            grow(open);
        }
        return null;
    }

    /** Where a fingerprint is, or may be put; its slot's content is read into the buffer. */
    private static long find(FileChannel table, int slots, byte[] state, ByteBuffer slot) throws IOException {
        int index = ByteBuffer.wrap(state).getInt() & (slots - 1);
        while (true) {
            long at = (long) index * SLOT;
            SealedFile.read(table, at, slot.clear());
            if (slot.getLong(STATE) == 0 || slot.slice(0, STATE).equals(ByteBuffer.wrap(state, 0, STATE))) {
                return at;
            }
            index = (index + 1) & (slots - 1);
        }
    }

    private void grow(FileChannel old) throws IOException {
        int more = Math.multiplyExact(slots, 2);
        FileChannel larger = newTable(more);
        // From here on it is closed with the rest.
        table = larger;
        try (old) {
            ByteBuffer one = ByteBuffer.allocate(SLOT);
            ByteBuffer free = ByteBuffer.allocate(SLOT);
            for (int i = 0; i < slots; i++) {
                SealedFile.read(old, (long) i * SLOT, one.clear());
                if (one.getLong(STATE) != 0) {
                    byte[] state = Arrays.copyOf(one.array(), STATE);
                    SealedFile.write(larger, find(larger, more, state, free), one.flip());
                }
            }
        }
        slots = more;
    }

    /** A table of zeros: what was never written takes no space on most file systems. */
    private FileChannel newTable(int size) throws IOException {
        FileChannel channel = SealedFile.unnamed(workDirectory);
        boolean done = false;
        try {
            SealedFile.write(channel, (long) size * SLOT - Long.BYTES, ByteBuffer.allocate(Long.BYTES));
            done = true;
            return channel;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = table;
        SealedFile list = paths;
        table = null;
        paths = null;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            if (list != null) {
                list.close();
            }
        }
    }
}
