package io.crmbackup.internal.sort;

import java.util.Arrays;
import java.util.Comparator;

/** A record on its way. */
record Entry(byte[] key, byte[] value) {
    static final Comparator<Entry> BY_KEY = (a, b) -> Arrays.compareUnsigned(a.key, b.key);

    /** Object headers, references and rounding, roughly; sorting needs references of its own. */
    private static final int OVERHEAD = 80;

    /** About how much memory the record takes. */
    long footprint() {
        return (long) key.length + value.length + OVERHEAD;
    }
}
