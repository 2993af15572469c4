package io.crmbackup;

/**
 * A rate of data.
 *
 * @param bytesPerSecond bytes in a second, at least 1
 */
public record DataRate(long bytesPerSecond) {
    /** Checks the value. */
    public DataRate {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("a data rate must be at least 1 byte per second, not " + bytesPerSecond);
        }
    }

    /** So many times 1,048,576 bytes in a second. */
    public static DataRate mebibytesPerSecond(long mebibytes) {
        return new DataRate(Math.multiplyExact(mebibytes, 1L << 20));
    }
}
