package io.crmbackup.export;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** A collection of rows at hand, that may end in a fault. */
record Rows(String name, RecordSchema schema, List<List<FieldValue>> rows, Ending ending)
        implements RestoredCollection {
    enum Ending {
        WHOLE,
        FAULT
    }

    static Rows of(String name, RecordSchema.Builder schema, FieldValue... values) {
        RecordSchema built = schema.build();
        int width = built.fields().size();
        List<List<FieldValue>> rows = IntStream.range(0, values.length / width)
                .mapToObj(row -> Arrays.asList(values).subList(row * width, (row + 1) * width))
                .toList();
        return new Rows(name, built, rows, Ending.WHOLE);
    }

    Rows endingInFault() {
        return new Rows(name, schema, rows, Ending.FAULT);
    }

    @Override
    public Extent extent() {
        return Extent.WHOLE;
    }

    @Override
    public long records() {
        return rows.size();
    }

    @Override
    public RecordCursor open() {
        Iterator<List<FieldValue>> left = rows.iterator();
        return new RecordCursor() {
            private List<FieldValue> values = List.of();

            @Override
            public boolean next() throws IOException {
                if (!left.hasNext() && ending == Ending.FAULT) {
                    throw new IOException("the store is gone");
                }
                boolean more = left.hasNext();
                values = more ? left.next() : List.of();
                return more;
            }

            @Override
            public RecordKey key() {
                throw new IllegalStateException("no key");
            }

            @Override
            public List<FieldValue> values() {
                return values;
            }

            @Override
            public void close() {}
        };
    }
}
