package io.crmbackup.internal.portable;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The digest of a multiset of records: how many there are, and the sum of their hashes modulo 2^256. A sum, and not an exclusive or, so that equal
 * records don't cancel each other out. It needs no order and hardly any memory; in return somebody who can choose very many records might, with much
 * effort, find others of equal sum (Wagner, "A Generalized Birthday Problem", 2002): it is no proof against forgery, as a collection's root is.
 * Not thread-safe.
 */
final class RecordSum {
    private static final byte[] DOMAIN = "crmbackup/portable/1".getBytes(StandardCharsets.US_ASCII);
    private static final int WORDS = 4;

    /** Most significant first. */
    private final long[] sum = new long[WORDS];

    private long records;

    /** Adds a record's hash of 32 bytes. */
    void add(byte[] hash) {
        ByteBuffer words = ByteBuffer.wrap(hash);
        long carry = 0;
        for (int i = WORDS - 1; i >= 0; i--) {
            long word = words.getLong(i * Long.BYTES);
            long partial = sum[i] + word;
            long total = partial + carry;
            carry = Long.compareUnsigned(partial, word) < 0 || Long.compareUnsigned(total, carry) < 0 ? 1 : 0;
            sum[i] = total;
        }
        records++;
    }

    long records() {
        return records;
    }

    /** The digest of what was added so far. */
    HashCode digest() {
        ByteBuffer bytes = ByteBuffer.allocate(DOMAIN.length + Long.BYTES + WORDS * Long.BYTES);
        bytes.put(DOMAIN).putLong(records);
        for (long word : sum) {
            bytes.putLong(word);
        }
        return Hashing.sha256().hashBytes(bytes.array());
    }
}
