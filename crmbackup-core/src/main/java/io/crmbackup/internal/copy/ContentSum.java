package io.crmbackup.internal.copy;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a set of changes amounts to: how many records are put and removed, and the exclusive or of the SHA-256 of each change. Independent of
 * their order, as records without keys are ordered differently in each repository. It finds mistakes, not attacks: those end at the keys of the
 * repositories. Not thread-safe.
 */
final class ContentSum {
    private static final byte PUT = 1;
    private static final byte REMOVED = 0;

    private final byte[] sum = new byte[Hashing.sha256().bits() / Byte.SIZE];
    private long put;
    private long removed;

    /** How many records were put. */
    long put() {
        return put;
    }

    /** A record is put: what names it among the others, and the digests of its values, null for no value. */
    void put(byte[] name, List<@Nullable HashCode> values) {
        put++;
        add(PUT, name, values);
    }

    /** A record is removed; its values only count if nothing else names it. */
    void remove(byte[] name, List<@Nullable HashCode> values) {
        removed++;
        add(REMOVED, name, values);
    }

    private void add(byte kind, byte[] name, List<@Nullable HashCode> values) {
        Hasher hasher = Hashing.sha256().newHasher();
        hasher.putByte(kind).putInt(name.length).putBytes(name);
        for (HashCode value : values) {
            hasher.putBoolean(value != null);
            if (value != null) {
                hasher.putBytes(value.asBytes());
            }
        }
        byte[] one = hasher.hash().asBytes();
        for (int i = 0; i < sum.length; i++) {
            sum[i] ^= one[i];
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ContentSum that
                && put == that.put
                && removed == that.removed
                && Arrays.equals(sum, that.sum);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sum);
    }

    @Override
    public String toString() {
        return put + " records put, " + removed + " removed, sum "
                + HexFormat.of().formatHex(sum, 0, 8);
    }
}
