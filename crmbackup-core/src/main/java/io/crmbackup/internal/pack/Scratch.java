package io.crmbackup.internal.pack;

/** An array that is used again and grows when it has to. Not thread-safe. */
final class Scratch {
    private byte[] bytes = new byte[0];

    /** The array, of at least this length; what it holds is anything. */
    byte[] of(int length) {
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, Math.addExact(length, length / 4))];
        }
        return bytes;
    }
}
