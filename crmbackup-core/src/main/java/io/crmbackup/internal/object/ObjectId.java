package io.crmbackup.internal.object;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The id of an object in the sink: 128 random bits, drawn for each upload and never used twice, not even for the same
 * bytes. Ordered by unsigned bytes.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record ObjectId(long high, long low) implements Comparable<ObjectId> {
    /** Length of an id in bytes. */
    public static final int LENGTH = 16;

    private static final Pattern TEXT = Pattern.compile("[0-9a-f]{32}");

    /** Draws a new id. */
    public static ObjectId random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return at(bytes, 0);
    }

    /** Reads the 16 bytes that begin at {@code offset}. */
    public static ObjectId at(byte[] source, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(source, offset, LENGTH);
        return new ObjectId(buffer.getLong(), buffer.getLong());
    }

    /** Reads 32 lower-case hexadecimal digits. */
    public static ObjectId parse(String hex) {
        if (!TEXT.matcher(hex).matches()) {
            throw new IllegalArgumentException("an id has 32 lower-case hexadecimal digits: " + hex);
        }
        return at(HexFormat.of().parseHex(hex), 0);
    }

    /** The 16 bytes. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array();
    }

    @Override
    public int compareTo(ObjectId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
