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

    /** So many times 1,048,576 bytes in a second, at least 1. */
    public static DataRate mebibytesPerSecond(long mebibytes) {
        if (mebibytes < 1 || mebibytes > Long.MAX_VALUE >> 20) {
            throw new IllegalArgumentException(
                    "a data rate must be within 1.." + (Long.MAX_VALUE >> 20) + " MiB per second, not " + mebibytes);
        }
        return new DataRate(mebibytes << 20);
    }
}
