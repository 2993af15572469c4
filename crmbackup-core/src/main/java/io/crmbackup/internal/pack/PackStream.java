package io.crmbackup.internal.pack;

import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The body of one pack from front to back, in pieces of 4 MiB or one record, with its SHA-256. Ends where the largest pack would end, whatever the sink gives. Not thread-safe. */
final class PackStream {
    private static final int PIECE = 4 * 1024 * 1024;

    private final ObjectStore store;
    private final String name;
    private final MessageDigest digest;
    private byte[] bytes = new byte[0];
    private long start;
    private boolean ended;

    PackStream(ObjectStore store, String name) {
        this.store = store;
        this.name = name;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Makes the bytes from {@code offset} to {@code offset + length} available in {@link #bytes()}; those before {@code offset} are gone afterwards, so that offsets must ascend.
     *
     * @return the index in the array, or -1 if the body ends before
     */
    int at(long offset, int length) {
        while (!ended && offset + length > start + bytes.length) {
            more(offset, length);
        }
        return offset >= start && offset + length <= start + bytes.length ? (int) (offset - start) : -1;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Reads what is left and returns the SHA-256 of the whole body, or of all that was read of one that is too long. */
    byte[] digest() {
        while (!ended) {
            more(start + bytes.length, PIECE);
        }
        return digest.digest();
    }

    /** Length of what was read so far: of the whole body after {@link #digest()}. */
    long length() {
        return start + bytes.length;
    }

    private void more(long offset, int length) {
        long end = start + bytes.length;
        int wanted = (int) Math.max(PIECE, Math.min(offset + length - end, 4L * PIECE));
        byte[] piece = store.atMost(name, Envelope.LENGTH + end, wanted);
        digest.update(piece);
        ended = piece.length < wanted || end + piece.length > PackLimits.MAX_OBJECT;
        int keep = (int) Math.max(0, end - Math.max(start, Math.min(offset, end)));
        byte[] joined = Arrays.copyOfRange(bytes, bytes.length - keep, bytes.length + piece.length);
        System.arraycopy(piece, 0, joined, keep, piece.length);
        start = end - keep;
        bytes = joined;
    }
}
