package io.crmbackup.tck;

import io.crmbackup.spi.SinkContent;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** A content that counts its open streams, and runs a probe when half of it was read. Its bytes may differ from its length. */
final class ProbedContent implements SinkContent {
    private final byte[] bytes;
    private final long length;
    private final Probe probe;
    private final AtomicInteger open = new AtomicInteger();

    ProbedContent(byte[] bytes, long length, Probe probe) {
        this.bytes = bytes;
        this.length = length;
        this.probe = probe;
    }

    @FunctionalInterface
    interface Probe {
        void run() throws IOException;
    }

    /** How many streams are open. */
    int streams() {
        return open.get();
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public InputStream open() {
        open.incrementAndGet();
        return new Probed();
    }

    private final class Probed extends FilterInputStream {
        private int given;
        private boolean closed;

        Probed() {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int count) throws IOException {
            int half = bytes.length / 2;
            if (given == half && half > 0) {
                probe.run();
            }
            int wanted = given < half ? Math.min(count, half - given) : count;
            int read = super.read(to, offset, wanted);
            given += Math.max(read, 0);
            return read;
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                open.decrementAndGet();
            }
            super.close();
        }
    }
}
