package io.crmbackup.tck;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a capture delivered of a collection, and the marks that it left, in memory. */
record FormerReading(
        String position, Map<String, String> attributes, SourceReading.Collected collected, List<Mark> allMarks)
        implements FormerCapture {
    /** A key and its value. */
    record Mark(byte[] key, byte[] value) {}

    /** Takes the marks of a collection that was read. */
    static FormerReading of(Capture capture, String collection, SourceReading.Collected collected) throws IOException {
        List<Mark> marks = new ArrayList<>();
        try (MarkCursor cursor = capture.marks(collection)) {
            while (cursor.next()) {
                marks.add(new Mark(cursor.key().clone(), cursor.value().clone()));
            }
        }
        return new FormerReading(capture.position(), capture.attributes(), collected, marks);
    }

    @Override
    public long records() {
        return collected.records().size();
    }

    @Override
    public Optional<byte[]> mark(byte[] key) {
        return allMarks.stream()
                .filter(mark -> Arrays.equals(mark.key(), key))
                .map(Mark::value)
                .findFirst();
    }

    @Override
    public MarkCursor marks() {
        Iterator<Mark> marks = allMarks.iterator();
        return new MarkCursor() {
            private Mark mark = new Mark(new byte[0], new byte[0]);

            @Override
            public boolean next() {
                boolean next = marks.hasNext();
                if (next) {
                    mark = marks.next();
                }
                return next;
            }

            @Override
            public byte[] key() {
                return mark.key();
            }

            @Override
            public byte[] value() {
                return mark.value();
            }

            @Override
            public void close() {
                // it holds nothing but memory
            }
        };
    }
}
