package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.spi.RecordKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A set of keys, of which 16 bytes of their SHA-256 are held: whatever the keys, two of them are taken for one another in no practical number of
 * rows. Used by one thread at a time.
 */
final class KeySet {
    /** The most keys, 64 MiB of them. */
    static final int MOST = 1 << 21;

    private final MessageDigest digest;
    private long[] table = new long[1 << 11];
    private int size;

    KeySet() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A number from 0 to below {@code parts} that is the same for the same key. */
    int part(RecordKey key, int parts) {
        return Math.floorMod((int) ByteBuffer.wrap(digest.digest(key.bytes())).getLong(16), parts);
    }

    void add(RecordKey key) {
        if (size == MOST) {
            throw new IllegalStateException("the set is full");
        }
        if (4L * (size + 1) > table.length) {
            long[] old = table;
            table = new long[2 * old.length];
            for (int i = 0; i < old.length; i += 2) {
                if ((old[i] | old[i + 1]) != 0) {
                    int at = place(old[i], old[i + 1]);
                    table[at] = old[i];
                    table[at + 1] = old[i + 1];
                }
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest(key.bytes()));
        long first = bytes.getLong();
        long second = bytes.getLong();
        int at = place(first, second);
        if ((table[at] | table[at + 1]) == 0) {
            table[at] = first;
            table[at + 1] = second;
            size++;
        }
    }

    boolean contains(RecordKey key) {
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest(key.bytes()));
        int at = place(bytes.getLong(), bytes.getLong());
        return (table[at] | table[at + 1]) != 0;
    }

    void clear() {
        Arrays.fill(table, 0);
        size = 0;
    }

    /** Where the two numbers are, or the free place where they would be. */
    private int place(long first, long second) {
        int mask = table.length - 1;
        int at = (int) (second << 1) & mask;
        while ((table[at] | table[at + 1]) != 0 && (table[at] != first || table[at + 1] != second)) {
            at = (at + 2) & mask;
        }
        return at;
    }
}
