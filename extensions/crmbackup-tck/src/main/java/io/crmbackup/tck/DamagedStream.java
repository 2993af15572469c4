package io.crmbackup.tck;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A stream with a fault at one byte: an error there, or an inverted bit. */
final class DamagedStream extends FilterInputStream {
    private final long faultAt;
    private final int mask;
    private final @Nullable IOException failure;
    private long at;

    private DamagedStream(InputStream in, long faultAt, int mask, @Nullable IOException failure) {
        super(in);
        this.faultAt = faultAt;
        this.mask = mask;
        this.failure = failure;
    }

    static InputStream breakingOff(InputStream in, long bytes, IOException failure) {
        return new DamagedStream(in, bytes, 0, failure);
    }

    static InputStream flipped(InputStream in, long bit) {
        return new DamagedStream(in, bit / 8, 1 << (bit % 8), null);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
        if (count > 0 && at == faultAt && failure != null) {
            throw failure;
        }
        int wanted = at < faultAt ? (int) Math.min(count, Math.max(1, faultAt - at)) : count;
        int read = super.read(to, offset, wanted);
        if (read > 0) {
            if (at == faultAt) {
                to[offset] ^= (byte) mask;
            }
            at += read;
        }
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 8192)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
