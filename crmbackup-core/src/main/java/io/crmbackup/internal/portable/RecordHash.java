package io.crmbackup.internal.portable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a record's portable bytes, written piece by piece: for each field that has a value its name, the letter of the value's kind, and the
 * value. Names and values end by themselves: each byte {@code 00} is followed by {@code ff}, and {@code 00 01} is the end, so that values
 * can be streamed whose lengths are not known. Not thread-safe.
 */
final class RecordHash {
    private final MessageDigest digest;
    private final byte[] buffer = new byte[1 << 13];
    private int length;

    RecordHash() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Begins a field. */
    void field(byte[] name) {
        write(name, 0, name.length);
        end();
    }

    /** Begins the value of a field. */
    void kind(Kind kind) {
        put(kind.letter());
    }

    /** Adds bytes to the name or value. */
    void write(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            put(bytes[i]);
            if (bytes[i] == 0) {
                put((byte) 0xff);
            }
        }
    }

    /** Ends a name or value. */
    void end() {
        put((byte) 0);
        put((byte) 1);
    }

    /** The digest of the record, 32 bytes; the next one begins. */
    byte[] finish() {
        flush();
        return digest.digest();
    }

    private void put(byte b) {
        if (length == buffer.length) {
            flush();
        }
        buffer[length++] = b;
    }

    private void flush() {
        digest.update(buffer, 0, length);
        length = 0;
    }
}
