package io.crmbackup.tck;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A capture of an {@link InMemorySource}: of the records as they were, or as they are when a collection is read. */
final class InMemoryCapture implements Capture {
    private static final byte[] MARK = {'v'};

    /** Where in a mark the number of changes begins. */
    private static final int VERSION = 2 * Long.BYTES;

    private final InMemorySource source;
    private final @Nullable Map<String, InMemorySource.Table> moment;
    private final byte[] mark;
    private final Instant time;
    private final CaptureContext context;
    private boolean closed;

    InMemoryCapture(
            InMemorySource source,
            @Nullable Map<String, InMemorySource.Table> moment,
            byte[] mark,
            Instant time,
            CaptureContext context) {
        this.source = source;
        this.moment = moment;
        this.mark = mark;
        this.time = time;
        this.context = context;
    }

    @Override
    public Instant moment() {
        return time;
    }

    @Override
    public String position() {
        return "";
    }

    @Override
    public Map<String, String> attributes() {
        return Map.of("product", "in memory");
    }

    @Override
    public List<CapturedCollection> collections() {
        List<CapturedCollection> collections = new ArrayList<>();
        tables().forEach((name, table) ->
                collections.add(new CapturedCollection(name, table.schema(), order(table.schema()))));
        return collections;
    }

    @Override
    public RecordCursor read(String collection) throws IOException {
        InMemorySource.Table table = table(collection);
        List<InMemorySource.Row> rows = new ArrayList<>(table.rows().values());
        if (order(table.schema()) == CapturedCollection.Order.UNSORTED) {
            shuffle(rows);
        }
        return cursor(collection, rows);
    }

    @Override
    public ChangeDetection changesSince(String collection, FormerCapture former) throws IOException {
        byte[] before = former.mark(MARK).orElse(new byte[0]);
        if (before.length != mark.length || !Arrays.equals(before, 0, VERSION, mark, 0, VERSION)) {
            return ChangeDetection.readAll("it is another system");
        }
        long version = ByteBuffer.wrap(before).getLong(VERSION);
        InMemoryChanges changes = new InMemoryChanges(this, source, collection, table(collection), version);
        return changes.isEmpty(former.records()) || table(collection).schema().isKeyed()
                ? ChangeDetection.found(changes)
                : ChangeDetection.readAll("its records changed and have no key");
    }

    @Override
    public MarkCursor marks(String collection) {
        return source.is(InMemorySource.Setting.CHANGES) ? new OneMark(MARK, mark) : MarkCursor.none();
    }

    RecordCursor cursor(String collection, List<InMemorySource.Row> rows) throws IOException {
        return new Cursor(collection, table(collection).schema(), rows.iterator());
    }

    /** Brings rows into an order that is not that of their keys. */
    static void shuffle(List<InMemorySource.Row> rows) {
        rows.sort(Comparator.comparingInt(row -> row.key().hashCode() * 0x9E3779B1));
    }

    boolean isOrdered(String collection) throws IOException {
        return order(table(collection).schema()) == CapturedCollection.Order.BY_KEY;
    }

    private InMemorySource.Table table(String collection) throws IOException {
        InMemorySource.Table table = tables().get(collection);
        if (table == null) {
            throw new IOException("there is no collection " + collection);
        }
        return table;
    }

    @Override
    public void close() {
        closed = true;
    }

    private CapturedCollection.Order order(RecordSchema schema) {
        return source.is(InMemorySource.Setting.UNSORTED) || !schema.isKeyed()
                ? CapturedCollection.Order.UNSORTED
                : CapturedCollection.Order.BY_KEY;
    }

    private Map<String, InMemorySource.Table> tables() {
        if (closed) {
            throw new IllegalStateException("the capture is closed");
        }
        return moment != null ? moment : source.copy();
    }

    private final class Cursor implements RecordCursor {
        private final String collection;
        private final RecordSchema schema;
        private final Iterator<InMemorySource.Row> rows;
        private InMemorySource.@Nullable Row row;
        private boolean ended;

        Cursor(String collection, RecordSchema schema, Iterator<InMemorySource.Row> rows) {
            this.collection = collection;
            this.schema = schema;
            this.rows = rows;
        }

        @Override
        public boolean next() throws IOException {
            if (closed || ended) {
                throw new IllegalStateException("the cursor is closed");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while " + collection + " is read");
            }
            row = null;
            while (row == null && rows.hasNext()) {
                InMemorySource.Row next = rows.next();
                if (source.troubleOf(collection, next.key()) == InMemorySource.Trouble.UNREADABLE) {
                    context.problem(
                            new Problem(Problem.Kind.UNREADABLE, collection, item(next.key()), "as the test wants it"));
                } else {
                    row = next;
                }
            }
            return row != null;
        }

        private String item(RecordKey key) {
            return schema.keyForm() == RecordSchema.KeyForm.PATH ? key.pathText() : key.toString();
        }

        @Override
        public RecordKey key() {
            if (!schema.isKeyed()) {
                throw new IllegalStateException("records of " + collection + " have no key");
            }
            return row().key();
        }

        @Override
        public byte[] fingerprint() {
            return source.is(InMemorySource.Setting.FINGERPRINTS)
                    ? ByteBuffer.allocate(8).putLong(row().version()).array()
                    : new byte[0];
        }

        @Override
        public List<FieldValue> values() throws IOException {
            if (source.troubleOf(collection, row().key()) == InMemorySource.Trouble.BREAKING_OFF) {
                throw new IOException("reading breaks off, as the test wants it: " + row().key());
            }
            return source.read(schema, row());
        }

        @Override
        public boolean isStable() {
            return source.troubleOf(collection, row().key()) != InMemorySource.Trouble.UNSTABLE;
        }

        @Override
        public void close() {
            ended = true;
        }

        private InMemorySource.Row row() {
            InMemorySource.Row current = row;
            if (current == null || ended) {
                throw new IllegalStateException("the cursor is at no record");
            }
            return current;
        }
    }
}
