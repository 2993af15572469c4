package io.crmbackup.tck;

import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What changed in a collection of an {@link InMemorySource}: records that were put since; those removed are only seen by being gone. */
final class InMemoryChanges implements RecordChanges {
    private final InMemoryCapture capture;
    private final InMemorySource source;
    private final String collection;
    private final InMemorySource.Table table;
    private final long since;
    private boolean closed;

    InMemoryChanges(
            InMemoryCapture capture, InMemorySource source, String collection, InMemorySource.Table table, long since) {
        this.capture = capture;
        this.source = source;
        this.collection = collection;
        this.table = table;
        this.since = since;
    }

    /** Whether there are none, if there were so many records. */
    boolean isEmpty(long records) {
        return count() == records && rows().isEmpty();
    }

    private List<InMemorySource.Row> rows() {
        return new ArrayList<>(table.rows().values().stream()
                .filter(row -> row.version() >= since)
                .toList());
    }

    @Override
    public String method() {
        return "records put since change " + since;
    }

    @Override
    public RecordCursor changed() throws IOException {
        requireOpen();
        List<InMemorySource.Row> rows = rows();
        InMemoryCapture.shuffle(rows);
        return capture.cursor(collection, rows);
    }

    @Override
    public long count() {
        requireOpen();
        return table.rows().size();
    }

    @Override
    public long[] counts(KeyRange range, List<RecordKey> bounds) throws IOException {
        requireOrder();
        long[] counts = new long[bounds.size() + 1];
        for (int i = 0; i < counts.length; i++) {
            KeyRange part = new KeyRange(
                    i == 0 ? range.from() : bounds.get(i - 1), i == bounds.size() ? range.to() : bounds.get(i));
            counts[i] = rows(part).size();
        }
        return counts;
    }

    @Override
    public KeyCursor keys(KeyRange range) throws IOException {
        if (!range.equals(KeyRange.ALL)) {
            requireOrder();
        }
        List<InMemorySource.Row> rows = rows(range);
        if (!capture.isOrdered(collection)) {
            InMemoryCapture.shuffle(rows);
        }
        return new Keys(rows.iterator());
    }

    private void requireOrder() throws IOException {
        requireOpen();
        if (!capture.isOrdered(collection)) {
            throw new IllegalStateException(
                    "records of " + collection + " have no order, so ranges must not be asked for");
        }
    }

    private List<InMemorySource.Row> rows(KeyRange range) {
        var rows = table.rows();
        var from = range.from() == null ? rows : rows.tailMap(range.from(), true);
        return new ArrayList<>((range.to() == null ? from : from.headMap(range.to(), false)).values());
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the changes are closed");
        }
    }

    private final class Keys implements KeyCursor {
        private final Iterator<InMemorySource.Row> rows;
        private @Nullable RecordKey key;

        Keys(Iterator<InMemorySource.Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean next() {
            requireOpen();
            key = rows.hasNext() ? rows.next().key() : null;
            if (key != null) {
                source.keyRead();
            }
            return key != null;
        }

        @Override
        public RecordKey key() {
            RecordKey current = key;
            if (current == null) {
                throw new IllegalStateException("the cursor is at no key");
            }
            return current;
        }

        @Override
        public void close() {
            key = null;
        }
    }
}
