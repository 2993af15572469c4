package io.crmbackup.jdbc.internal.merge.keys;

import java.io.Closeable;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets of keys of one restore, however many: as long as there is room for them in 64 MiB of memory, they are there, and beyond that in files
 * for temporary data, which hold digests with a secret of this restore and are deleted with it. Used by one thread at a time.
 */
public final class KeySets implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(KeySets.class);
    private static final long MOST_IN_MEMORY = 1L << 22;

    private final byte[] secret = new byte[16];
    private final MessageDigest digest;
    private final Places elsewhere;
    private final List<KeySlots> files = new ArrayList<>();
    private long room;

    /** Makes places outside of the heap. */
    @FunctionalInterface
    interface Places {
        KeySlots of(long capacity) throws IOException;
    }

    public KeySets() {
        this(MOST_IN_MEMORY, KeySlots.InFile::new);
    }

    /**
     * Prepares sets.
     *
     * @param room how many places of keys are held in memory, of which at most half are taken
     * @param elsewhere makes all others
     */
    KeySets(long room, Places elsewhere) {
        this.room = room;
        this.elsewhere = elsewhere;
        new SecureRandom().nextBytes(secret);
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A new set, empty. */
    public KeySet newSet() {
        return new KeySet(this);
    }

    byte[] digest(byte[] key) {
        digest.update(secret);
        return digest.digest(key);
    }

    /** Places for keys, in memory if there is room. */
    KeySlots slots(long capacity) throws IOException {
        if (capacity <= room) {
            room -= capacity;
            return new KeySlots.InMemory(Math.toIntExact(capacity));
        }
        KeySlots file = elsewhere.of(capacity);
        files.add(file);
        return file;
    }

    void giveBack(KeySlots slots) throws IOException {
        if (!files.remove(slots)) {
            room += slots.capacity();
        }
        slots.close();
    }

    /** Closes all files. What they held has been used: one that can't be closed is no reason for a restore to fail. */
    @Override
    public void close() {
        for (KeySlots file : files) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("Could not close a temporary file of keys", e);
            }
        }
        files.clear();
    }
}
