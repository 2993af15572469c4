package io.crmbackup.internal.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Writes segments: from sorted rows, and from other segments. */
final class SegmentWriter {
    private static final int BUFFER_ROWS = 8_192;

    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_ROWS * Rows.LENGTH);
    private final FileChannel channel;
    private final byte[] last = new byte[Rows.LENGTH];
    private long count;

    private SegmentWriter(FileChannel channel) {
        this.channel = channel;
    }

    /** The rows in the heap as a segment. */
    static Segment of(WorkFiles files, RecentRows rows) {
        return write(files, writer -> rows.sorted(writer::add));
    }

    /** All rows of some segments, each copy once, as one segment. */
    static Segment merged(WorkFiles files, List<Segment> segments) {
        return write(files, writer -> {
            PriorityQueue<Cursor> cursors =
                    new PriorityQueue<>(Comparator.comparing(Cursor::row, Arrays::compareUnsigned));
            for (Segment segment : segments) {
                Cursor cursor = new Cursor(segment);
                if (cursor.next()) {
                    cursors.add(cursor);
                }
            }
            while (!cursors.isEmpty()) {
                Cursor least = cursors.remove();
                writer.add(least.row());
                if (least.next()) {
                    cursors.add(least);
                }
            }
        });
    }

    @FunctionalInterface
    private interface Filling {
        void into(SegmentWriter writer);
    }

    private static Segment write(WorkFiles files, Filling filling) {
        long[] count = new long[1];
        return new Segment(
                files.write(MapMode.READ_ONLY, Segment.REGION_ROWS * Rows.LENGTH, channel -> {
                    SegmentWriter writer = new SegmentWriter(channel);
                    try {
                        filling.into(writer);
                    } catch (UncheckedIOException e) {
                        throw e.getCause();
                    }
                    writer.flush();
                    count[0] = writer.count;
                }),
                count[0]);
    }

    private void add(byte[] row) {
        if (count > 0 && Arrays.equals(row, 0, Rows.COPY, last, 0, Rows.COPY)) {
            return;
        }
        try {
            if (!buffer.hasRemaining()) {
                flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        buffer.put(row);
        System.arraycopy(row, 0, last, 0, Rows.LENGTH);
        count++;
    }

    private void flush() throws IOException {
        WorkFiles.writeFully(channel, buffer.flip());
        buffer.clear();
    }

    /** A position in a segment. */
    private static final class Cursor {
        private final Segment segment;
        private final byte[] row = new byte[Rows.LENGTH];
        private long next;

        Cursor(Segment segment) {
            this.segment = segment;
        }

        boolean next() {
            if (next == segment.count()) {
                return false;
            }
            segment.row(next++, row);
            return true;
        }

        byte[] row() {
            return row;
        }
    }
}
