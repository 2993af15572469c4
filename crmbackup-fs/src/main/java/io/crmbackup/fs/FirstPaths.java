package io.crmbackup.fs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Remembers under which path each file with several hard links came first. A file is known by its fingerprint, which tells its identity and
 * its state: one that changes between two of its paths is another file from then on.
 *
 * <p>However many files there are, they take no heap, but space in the work directory: at most 96 bytes a file, its path, and 16. There is a
 * hash table, in which a file's place is its fingerprint (a digest) and the next free slot is taken, and a list of paths, sealed like all that is
 * written to work directories; both are files of a few system calls a look-up. Not thread-safe.
 */
final class FirstPaths implements Closeable {
    private static final int STATE = FileFacts.FINGERPRINT_LENGTH;
    /** A slot: a fingerprint, and where in the list its path begins, plus one; zeros if the slot is free. */
    private static final int SLOT = STATE + Long.BYTES;

    private static final int LEAST_SLOTS = 1 << 10;
    private static final int TAG = 16;

    private final Path workDirectory;
    private final SecretKeySpec key;
    private int slots;
    private long used;
    private @Nullable FileChannel table;
    private @Nullable FileChannel paths;

    FirstPaths(Path workDirectory) {
        this.workDirectory = workDirectory;
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, "AES");
    }

    /** The path under which a file came first; null if this is the first one, which is remembered then. */
    byte @Nullable [] claim(FileFacts file, byte[] path) throws IOException {
        byte[] state = file.fingerprint();
        FileChannel list = opened();
        ByteBuffer slot = ByteBuffer.allocate(SLOT);
        long at = find(table(), slots, state, slot);
        long position = slot.getLong(STATE);
        if (position != 0) {
            return read(list, position - 1, state);
        }
        long end = list.size();
        write(list, end, state, path);
        write(table(), at, ByteBuffer.allocate(SLOT).put(state).putLong(end + 1).flip());
        if (++used > slots / 2) {
            grow();
        }
        return null;
    }

    /** Where a fingerprint is, or may be put; its slot's content is read into the buffer. */
    private static long find(FileChannel table, int slots, byte[] state, ByteBuffer slot) throws IOException {
        int index = ByteBuffer.wrap(state).getInt() & (slots - 1);
        while (true) {
            long at = (long) index * SLOT;
            read(table, at, slot.clear());
            if (slot.getLong(STATE) == 0 || Arrays.equals(slot.array(), 0, STATE, state, 0, STATE)) {
                return at;
            }
            index = (index + 1) & (slots - 1);
        }
    }

    private void grow() throws IOException {
        int more = Math.multiplyExact(slots, 2);
        FileChannel old = table();
        FileChannel larger = newTable(more);
        try {
            ByteBuffer one = ByteBuffer.allocate(SLOT);
            ByteBuffer free = ByteBuffer.allocate(SLOT);
            for (int i = 0; i < slots; i++) {
                read(old, (long) i * SLOT, one.clear());
                if (one.getLong(STATE) != 0) {
                    byte[] state = Arrays.copyOf(one.array(), STATE);
                    write(larger, find(larger, more, state, free), one);
                }
            }
        } catch (IOException | RuntimeException e) {
            larger.close();
            throw e;
        }
        table = larger;
        slots = more;
        old.close();
    }

    private FileChannel opened() throws IOException {
        FileChannel list = paths;
        if (list == null) {
            list = newFile();
            paths = list;
            table = newTable(LEAST_SLOTS);
            slots = LEAST_SLOTS;
        }
        return list;
    }

    /** A table of zeros: what was never written takes no space on most file systems. */
    private FileChannel newTable(int size) throws IOException {
        FileChannel channel = newFile();
        write(channel, (long) size * SLOT - 1, ByteBuffer.allocate(1));
        return channel;
    }

    private FileChannel newFile() throws IOException {
        Path file = workDirectory.resolve("links-" + TemporaryFiles.newName());
        return FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE),
                TemporaryFiles.ownerOnly(file, "rw-------"));
    }

    private FileChannel table() {
        FileChannel open = table;
        if (open == null) {
            throw new IllegalStateException("nothing was remembered, or all was forgotten");
        }
        return open;
    }

    private void write(FileChannel list, long at, byte[] state, byte[] path) throws IOException {
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, at, state, path);
        write(
                list,
                at,
                ByteBuffer.allocate(Integer.BYTES + sealed.length)
                        .putInt(sealed.length)
                        .put(sealed)
                        .flip());
    }

    private byte[] read(FileChannel list, long at, byte[] state) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        read(list, at, length);
        int sealed = length.getInt(0);
        if (sealed < TAG || sealed > list.size() - at) {
            throw new IOException("a temporary file in " + workDirectory + " was altered");
        }
        ByteBuffer bytes = ByteBuffer.allocate(sealed);
        read(list, at + Integer.BYTES, bytes);
        return cipher(Cipher.DECRYPT_MODE, at, state, bytes.array());
    }

    private byte[] cipher(int mode, long at, byte[] state, byte[] bytes) throws IOException {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            // Each place in the list is written once, and the key is of this list only.
            byte[] nonce = ByteBuffer.allocate(12).putLong(at).array();
            cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
            cipher.updateAAD(state);
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IOException("a temporary file in " + workDirectory + " was altered", e);
        }
    }

    private static void read(FileChannel channel, long at, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position()) < 0) {
                throw new IOException("a temporary file was cut short");
            }
        }
    }

    private static void write(FileChannel channel, long at, ByteBuffer from) throws IOException {
        ByteBuffer bytes = from.rewind();
        while (bytes.hasRemaining()) {
            channel.write(bytes, at + bytes.position());
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = table;
        FileChannel list = paths;
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
