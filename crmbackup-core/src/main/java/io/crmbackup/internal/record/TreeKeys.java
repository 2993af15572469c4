package io.crmbackup.internal.record;

import com.google.common.hash.Hashing;
import io.crmbackup.spi.RecordKey;
import java.util.Arrays;

/** Where records are placed in a tree. */
public final class TreeKeys {
    /** Keys of this length or more are shortened to it. */
    static final int LIMIT = 1024;

    private static final int KEPT = 992;

    private TreeKeys() {}

    /** The place of a key in a tree. */
    public static byte[] place(RecordKey key) {
        byte[] bytes = key.bytes();
        if (bytes.length < LIMIT) {
            return bytes;
        }
        byte[] place = Arrays.copyOf(bytes, LIMIT);
        Hashing.sha256().hashBytes(bytes).writeBytesTo(place, KEPT, LIMIT - KEPT);
        return place;
    }

    /** What the places of all keys begin with that begin with these bytes; places of other keys may do so, too. */
    public static byte[] begin(RecordKey part) {
        byte[] bytes = part.bytes();
        return bytes.length > KEPT ? Arrays.copyOf(bytes, KEPT) : bytes;
    }

    /** Whether the place alone does not tell the key. */
    static boolean isShortened(RecordKey key) {
        return key.bytes().length >= LIMIT;
    }

    /**
     * Whether the order of places may differ from the order of keys around this key or place: shortened keys are ordered by their hashes among
     * the keys with which they share their first bytes.
     */
    public static boolean mayBeOutOfOrder(byte[] keyOrPlace) {
        return mayBeOutOfOrder(keyOrPlace.length);
    }

    /** The same for a key or place of so many bytes. */
    public static boolean mayBeOutOfOrder(int length) {
        return length >= KEPT;
    }

    /** Whether two keys, or two places, share the bytes that shortening keeps. */
    public static boolean sharePrefix(byte[] key, byte[] other) {
        return key.length >= KEPT && other.length >= KEPT && Arrays.equals(key, 0, KEPT, other, 0, KEPT);
    }
}
