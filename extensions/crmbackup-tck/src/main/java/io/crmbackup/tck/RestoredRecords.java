package io.crmbackup.tck;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldContent;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Records that were read from a source, as a restore hands them to a target: ordered, what is long as content to be opened. */
final class RestoredRecords implements RestoredCollection {
    private final String name;
    private final RecordSchema schema;
    private final List<Keyed> records = new ArrayList<>();
    private final UnaryOperator<FieldContent> contents;

    private record Keyed(RecordKey key, List<FieldValue> values) {}

    private RestoredRecords(String name, SourceReading.Collected collected, UnaryOperator<FieldContent> contents) {
        this.name = name;
        this.schema = collected.schema();
        this.contents = contents;
        for (SourceReading.Read read : collected.records()) {
            RecordKey key = read.key();
            records.add(new Keyed(key != null ? key : InMemorySource.numbered(records.size()), read.values()));
        }
        records.sort(Comparator.comparing(Keyed::key));
    }

    /** All collections of a reading; contents can be replaced by others that are watched. */
    static List<RestoredCollection> of(SourceReading reading, UnaryOperator<FieldContent> contents) {
        List<RestoredCollection> collections = new ArrayList<>();
        reading.collections().forEach((n, collected) -> collections.add(new RestoredRecords(n, collected, contents)));
        return collections;
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
        return Extent.WHOLE;
    }

    @Override
    public long records() {
        return records.size();
    }

    @Override
    public RecordCursor open() {
        return new RecordCursor() {
            private int at = -1;

            @Override
            public boolean next() {
                return ++at < records.size();
            }

            @Override
            public RecordKey key() {
                return records.get(at).key();
            }

            @Override
            public List<FieldValue> values() {
                List<FieldValue> values = new ArrayList<>();
                for (int i = 0; i < schema.fields().size(); i++) {
                    values.add(asRestored(
                            schema.fields().get(i), records.get(at).values().get(i)));
                }
                return values;
            }

            @Override
            public void close() {}
        };
    }

    private FieldValue asRestored(Field field, FieldValue value) {
        boolean isApart = value.length() > RecordCodec.LONGEST_INLINE
                || (field.type() == FieldType.CONTENT && value.length() > 0);
        return isApart ? FieldValue.content(contents.apply(value::open), value.length()) : value;
    }
}
