package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.util.List;

/** A collection whose schema and values are in the terms of another product than the one that it was backed up from. */
final class TranslatedCollection implements RestoredCollection {
    /** Makes a record's values of others. */
    @FunctionalInterface
    public interface Values {
        List<FieldValue> of(List<FieldValue> values) throws IOException;
    }

    private final RestoredCollection original;
    private final String name;
    private final RecordSchema schema;
    private final Values translation;

    TranslatedCollection(RestoredCollection original, String name, RecordSchema schema, Values translation) {
        this.original = original;
        this.name = name;
        this.schema = schema;
        this.translation = translation;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public RecordSchema schema() {
        return schema;
    }

    @Override
    public Extent extent() {
        return original.extent();
    }

    @Override
    public boolean isComplete() {
        return original.isComplete();
    }

    @Override
    public String identity() {
        return original.identity();
    }

    @Override
    public long records() {
        return original.records();
    }

    @Override
    public RecordCursor open() {
        RecordCursor cursor = original.open();
        int[] keyIndexes = schema.keyIndexes();
        return new RecordCursor() {
            @Override
            public boolean next() throws IOException {
                return cursor.next();
            }

            @Override
            public RecordKey key() throws IOException {
                return schema.isKeyed() ? RecordKey.of(schema, keyIndexes, values()) : cursor.key();
            }

            @Override
            public List<FieldValue> values() throws IOException {
                return translation.of(cursor.values());
            }

            @Override
            public void close() throws IOException {
                cursor.close();
            }
        };
    }
}
