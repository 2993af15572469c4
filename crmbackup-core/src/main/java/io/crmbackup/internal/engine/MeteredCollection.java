package io.crmbackup.internal.engine;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.util.List;

/** Tells how far the target has come with a collection. Not thread-safe. */
final class MeteredCollection implements RestoredCollection {
    private final RestoredCollection collection;
    private final Progress progress;

    MeteredCollection(RestoredCollection collection, Progress progress) {
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
    public Extent extent() {
        return collection.extent();
    }

    @Override
    public long records() {
        return collection.records();
    }

    @Override
    public RecordCursor open() {
        RecordCursor cursor = collection.open();
        return new RecordCursor() {
            @Override
            public boolean next() throws IOException {
                boolean found = cursor.next();
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
                List<FieldValue> values = cursor.values();
                values.forEach(value -> progress.bytes(Math.max(0, value.length())));
                return values;
            }

            @Override
            public void close() throws IOException {
                cursor.close();
            }
        };
    }
}
