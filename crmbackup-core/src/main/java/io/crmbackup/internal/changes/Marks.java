package io.crmbackup.internal.changes;

import io.crmbackup.error.SourceException;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.tree.TreeBuilder;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.spi.MarkCursor;
import java.io.IOException;
import java.util.Arrays;

/**
 * A source's marks as they are kept in a collection's tree of fingerprints: each at 00 01 and its key, where no fingerprint can be, as a key of
 * fields has no field that begins with 01 and a path does not begin with 00.
 */
public final class Marks {
    static final byte[] BEGIN = {0, 1};
    static final byte[] END = {0, 2};

    private Marks() {}

    /** Stores the marks that a source leaves as a tree of their own. */
    public static TreeRoot store(String collection, MarkCursor marks, TreeBuilder builder) throws IOException {
        byte[] last = {};
        while (marks.next()) {
            Interruption.check();
            byte[] key = marks.key();
            byte[] value = marks.value();
            requireLength(collection, "key", key, MarkCursor.LONGEST_KEY);
            requireLength(collection, "value", value, MarkCursor.LONGEST_VALUE);
            if (Arrays.compareUnsigned(last, key) >= 0) {
                throw new SourceException(
                        "collection " + collection + ": the source left marks whose keys don't ascend");
            }
            last = key;
            builder.add(place(key), value);
        }
        return builder.finish();
    }

    private static void requireLength(String collection, String what, byte[] bytes, int longest) {
        if (bytes.length == 0 || bytes.length > longest) {
            throw new SourceException("collection " + collection + ": the source left a mark whose " + what + " has "
                    + bytes.length + " bytes; 1 to " + longest + " are allowed");
        }
    }

    static byte[] place(byte[] key) {
        byte[] place = Arrays.copyOf(BEGIN, BEGIN.length + key.length);
        System.arraycopy(key, 0, place, BEGIN.length, key.length);
        return place;
    }

    static byte[] key(byte[] place) {
        return Arrays.copyOfRange(place, BEGIN.length, place.length);
    }
}
