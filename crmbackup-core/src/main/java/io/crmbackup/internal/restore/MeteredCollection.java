package io.crmbackup.internal.restore;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.spi.BytesAtHand;
import io.crmbackup.spi.ChangeCursor;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.FieldContent;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.RestoredCollection;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells how far the target has come with a collection, and which record a damaged object is needed for. Not thread-safe. */
final class MeteredCollection implements RestoredCollection {
    private final String source;
    private final RestoredCollection collection;
    private final Progress progress;

    MeteredCollection(String source, RestoredCollection collection, Progress progress) {
        this.source = source;
        this.collection = collection;
        this.progress = progress;
    }

    @Override
    public String name() {
        return collection.name();
    }

    @Override
    public RecordSchema schema() {
        return collection.schema();
    }

    @Override
    public List<Reference> references() {
        return collection.references();
    }

    @Override
    public Map<String, List<Reference>> sourceReferences() {
        return collection.sourceReferences();
    }

    @Override
    public boolean comesAlong(RecordKey key) {
        return collection.comesAlong(key);
    }

    @Override
    public Extent extent() {
        return collection.extent();
    }

    @Override
    public boolean isComplete() {
        return collection.isComplete();
    }

    @Override
    public String identity() {
        return collection.identity();
    }

    @Override
    public long records() {
        return collection.records();
    }

    @Override
    public RecordCursor open() {
        return new MeteredCursor(collection.open());
    }

    @Override
    public Optional<ChangeCursor> changes() {
        return collection.changes().map(MeteredChanges::new);
    }

    @FunctionalInterface
    private interface Reading<T extends @Nullable Object> {
        T read() throws IOException;
    }

    private static <T extends @Nullable Object> T naming(Supplier<String> item, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (DamagedObjectException e) {
            throw new DamagedObjectException(e.object(), e.what() + "; it is needed for " + item.get(), e);
        }
    }

    /** The record that a cursor is on, for a message: contents are read before it moves on. */
    private String item(Reading<RecordKey> key) {
        RecordSchema schema = schema();
        try {
            return source + "/" + name() + ": " + (schema.isKeyed() ? RecordText.key(schema, key.read()) : "a row");
        } catch (IOException e) {
            return source + "/" + name() + ": a record";
        }
    }

    private List<FieldValue> metered(List<FieldValue> values, Supplier<String> item) {
        long bytes = 0;
        boolean contents = false;
        for (FieldValue value : values) {
            contents |= value.isContent();
            bytes += value.isContent() ? 0 : value.length();
        }
        progress.bytes(bytes);
        return contents ? values.stream().map(value -> metered(value, item)).toList() : values;
    }

    private FieldValue metered(FieldValue value, Supplier<String> item) {
        return value.isContent() ? FieldValue.content(new MeteredContent(value, item), value.length()) : value;
    }

    private final class MeteredCursor implements RecordCursor {
        private final RecordCursor cursor;

        MeteredCursor(RecordCursor cursor) {
            this.cursor = cursor;
        }

        private String item() {
            return MeteredCollection.this.item(cursor::key);
        }

        @Override
        public boolean next() throws IOException {
            boolean found = naming(() -> "many records of " + source + "/" + name(), cursor::next);
            if (found) {
                progress.record();
            }
            return found;
        }

        @Override
        public RecordKey key() throws IOException {
            return cursor.key();
        }

        @Override
        public List<FieldValue> values() throws IOException {
            return metered(naming(this::item, cursor::values), this::item);
        }

        @Override
        public @Nullable EncodedRow rowAtHand() throws IOException {
            EncodedRow row = naming(this::item, cursor::rowAtHand);
            progress.bytes(row == null ? 0 : row.length());
            return row;
        }

        @Override
        public void close() throws IOException {
            cursor.close();
        }
    }

    private final class MeteredChanges implements ChangeCursor {
        private final ChangeCursor cursor;

        MeteredChanges(ChangeCursor cursor) {
            this.cursor = cursor;
        }

        @Override
        public boolean next() throws IOException {
            boolean found = naming(() -> "many records of " + source + "/" + name(), cursor::next);
            if (found) {
                progress.record();
            }
            return found;
        }

        @Override
        public RecordKey key() throws IOException {
            return cursor.key();
        }

        @Override
        public Optional<List<FieldValue>> before() throws IOException {
            return metered(cursor::before);
        }

        @Override
        public Optional<List<FieldValue>> after() throws IOException {
            return metered(cursor::after);
        }

        private Optional<List<FieldValue>> metered(Reading<Optional<List<FieldValue>>> side) throws IOException {
            Supplier<String> item = () -> item(cursor::key);
            return naming(item, side).map(values -> MeteredCollection.this.metered(values, item));
        }

        @Override
        public void close() throws IOException {
            cursor.close();
        }
    }

    private final class MeteredContent implements FieldContent {
        private final FieldValue value;
        private final Supplier<String> item;

        MeteredContent(FieldValue value, Supplier<String> item) {
            this.value = value;
            this.item = item;
        }

        @Override
        public InputStream open() throws IOException {
            return new MeteredStream(value.open(), item);
        }

        @Override
        public InputStream open(BytesAtHand similar) throws IOException {
            return new MeteredStream(value.open(similar), item);
        }

        @Override
        public boolean isEqualTo(BytesAtHand other) throws IOException {
            boolean equal = naming(item, () -> value.isEqualTo(other));
            progress.bytes(equal ? value.length() : 0);
            return equal;
        }
    }

    private final class MeteredStream extends FilterInputStream {
        private final Supplier<String> item;

        MeteredStream(InputStream in, Supplier<String> item) {
            super(in);
            this.item = item;
        }

        @Override
        public int read() throws IOException {
            int read = naming(item, super::read);
            progress.bytes(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = naming(item, () -> in.read(target, offset, length));
            progress.bytes(Math.max(0, read));
            return read;
        }
    }
}
