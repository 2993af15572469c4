package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table's records, from one product to another. */
final class RecordTranslation {
    private final String collection;
    private final RecordSchema from;
    private final List<TranslatedField> fields;
    private final String product;
    private final Unfit unfit;

    RecordTranslation(String collection, RecordSchema from, List<TranslatedField> fields, String product, Unfit unfit) {
        this.collection = collection;
        this.from = from;
        this.fields = List.copyOf(fields);
        this.product = product;
        this.unfit = unfit;
    }

    /** The record's values there. Fails if one has no equal and may not be left out. */
    List<FieldValue> translate(List<FieldValue> values) throws IOException {
        List<FieldValue> result = new ArrayList<>(values.size());
        for (int i = 0; i < fields.size(); i++) {
            FieldValue there = fields.get(i).translate(values.get(i));
            if (there == null && !mayBeNull(i)) {
                throw new IOException(
                        "table " + collection + ", " + name(values) + ": " + product + " has no equal of the value of "
                                + from.fields().get(i).name());
            }
            result.add(there == null ? FieldValue.NULL : there);
        }
        return result;
    }

    /** What records look like whose values are as they were, but where their portable forms become others. */
    RecordSchema counterpart() {
        RecordSchema.Builder schema = RecordSchema.builder();
        for (int i = 0; i < fields.size(); i++) {
            schema.field(
                    staysAsItIs(i)
                            ? from.fields().get(i)
                            : fields.get(i).column().field());
        }
        return schema.key(from.key().toArray(String[]::new)).build();
    }

    /** The record's values in a {@link #counterpart}. */
    List<FieldValue> expect(List<FieldValue> values) throws IOException {
        List<FieldValue> there = translate(values);
        List<FieldValue> expected = new ArrayList<>(values.size());
        for (int i = 0; i < fields.size(); i++) {
            boolean same = staysAsItIs(i) && !there.get(i).isNull();
            expected.add(same ? values.get(i) : there.get(i));
        }
        return expected;
    }

    private boolean staysAsItIs(int index) {
        return fields.get(index).column().likeness() == TargetColumn.Likeness.EQUAL;
    }

    private boolean mayBeNull(int index) {
        Field field = from.fields().get(index);
        return unfit == Unfit.NULL
                && field.presence() == Presence.OPTIONAL
                && !from.key().contains(field.name());
    }

    /** Goes through a record, and counts what has no equal. */
    void check(List<FieldValue> values, Count[] counts) throws IOException {
        for (int i = 0; i < fields.size(); i++) {
            @Nullable FieldValue there = fields.get(i).translate(values.get(i));
            if (there == null) {
                counts[i].add(name(values));
            }
        }
    }

    Count[] counts() {
        Count[] counts = new Count[fields.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new Count(collection + "." + from.fields().get(i).name(), mayBeNull(i));
        }
        return counts;
    }

    /** How many values of a column have no equal. */
    final class Count {
        private final String column;
        private final boolean mayBeNull;
        private String first = "";
        private long number;

        Count(String column, boolean mayBeNull) {
            this.column = column;
            this.mayBeNull = mayBeNull;
        }

        private void add(String record) {
            if (number++ == 0) {
                first = record;
            }
        }

        boolean isEmpty() {
            return number == 0;
        }

        /** Whether the restore goes on without these values. */
        boolean isTolerated() {
            return mayBeNull;
        }

        /** For the preview. */
        String text() {
            return column + ": " + number + (number == 1 ? " value has" : " values have") + " no equal in " + product
                    + (number == 1 ? ", in " : ", the first in ") + first
                    + (mayBeNull ? ", and will be null" : "");
        }
    }

    /** What the record is called in a message: its key. */
    private String name(List<FieldValue> values) {
        if (from.key().isEmpty()) {
            return "a row without key";
        }
        List<String> parts = new ArrayList<>();
        for (int index : from.keyIndexes()) {
            FieldValue value = values.get(index);
            boolean shown = !value.isNull()
                    && !value.isContent()
                    && value.bytes().length <= 100
                    && !fields.get(index).reading().isBytes();
            int skipped = fields.get(index).reading().dynamic() ? 1 : 0;
            parts.add(from.fields().get(index).name() + " "
                    + (shown ? String.valueOf(value.text()).substring(skipped) : "…"));
        }
        return String.join(", ", parts);
    }
}
