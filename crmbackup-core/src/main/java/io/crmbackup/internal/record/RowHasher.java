package io.crmbackup.internal.record;

import io.crmbackup.internal.crypto.Hmac;
import java.util.Arrays;
import javax.crypto.Mac;

/** Hashes rows of records without a key: what their places begin with. Set up once, as that takes longer than to hash a row. Not thread-safe. */
public final class RowHasher {
    private static final int LENGTH = 16;

    private final Mac mac;

    /** Creates a hasher with the repository's key for this. */
    public RowHasher(byte[] rowKey) {
        this.mac = Hmac.keyed(rowKey);
    }

    /** What the place of a record with this row begins with. */
    public byte[] hash(byte[] row) {
        return Arrays.copyOf(mac.doFinal(row), LENGTH);
    }
}
