package io.crmbackup.internal.sort;

import io.crmbackup.error.DamagedObjectException;
import java.io.IOException;
import java.io.InputStream;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/** Opens the segments that {@link SegmentOutput} sealed. */
final class SegmentInput extends InputStream {
    private final InputStream in;
    private final SegmentCipher cipher;
    private final int run;
    private final byte[] sealed = new byte[SegmentCipher.SEGMENT + SegmentCipher.TAG];
    private final byte[] plain = new byte[SegmentCipher.SEGMENT];
    private int position;
    private int length;
    private long segment;
    /** What of the file hasn't been read. */
    private long left;

    SegmentInput(InputStream in, SegmentCipher cipher, int run, long written) {
        this.in = in;
        this.cipher = cipher;
        this.run = run;
        this.left = written;
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? plain[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int taken = Math.min(count, length - position);
        System.arraycopy(plain, position, target, offset, taken);
        position += taken;
        return taken;
    }

    private boolean hasMore() throws IOException {
        while (position == length && left > 0) {
            int sealedLength = (int) Math.min(left, sealed.length);
            if (in.readNBytes(sealed, 0, sealedLength) < sealedLength) {
                throw damaged(null);
            }
            left -= sealedLength;
            try {
                length = cipher.open(run, segment++, sealed, sealedLength, plain);
            } catch (AEADBadTagException e) {
                throw damaged(e);
            }
            position = 0;
        }
        return position < length;
    }

    private DamagedObjectException damaged(@Nullable Throwable cause) {
        return new DamagedObjectException(
                "sort run " + run, "the temporary file in the work directory was altered or cut short", cause);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
