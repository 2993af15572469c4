package io.crmbackup.internal.sort;

import java.io.IOException;
import java.io.OutputStream;

/** Cuts what is written into segments and seals them. Closing writes the last segment, which may be short or empty. */
final class SegmentOutput extends OutputStream {
    private final OutputStream out;
    private final SegmentCipher cipher;
    private final int run;
    private final byte[] plain = new byte[SegmentCipher.SEGMENT];
    private final byte[] sealed = new byte[SegmentCipher.SEGMENT + SegmentCipher.TAG];
    private int used;
    private long segment;
    private long written;
    private boolean closed;

    SegmentOutput(OutputStream out, SegmentCipher cipher, int run) {
        this.out = out;
        this.cipher = cipher;
        this.run = run;
    }

    /** How many bytes have gone to the file. */
    long written() {
        return written;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (used == plain.length) {
                put();
            }
            int count = Math.min(left, plain.length - used);
            System.arraycopy(source, from, plain, used, count);
            used += count;
            from += count;
            left -= count;
        }
    }

    private void put() throws IOException {
        int length = cipher.seal(run, segment++, plain, used, sealed);
        out.write(sealed, 0, length);
        written += length;
        used = 0;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try (out) {
                put();
            }
        }
    }
}
