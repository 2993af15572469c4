package io.crmbackup.internal.portable;

import io.crmbackup.report.PortableDigest;
import io.crmbackup.report.PortableDigest.Treatment;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The portable digest of a collection, record by record, in any order. Not thread-safe. */
final class CollectionDigest {
    private final boolean paths;
    private final List<Column> columns;
    private final RecordHash hash = new RecordHash();
    private final RecordSum sum = new RecordSum();

    /** A field of the records, and how many of its values had no portable form. */
    private static final class Column {
        private final Field field;
        private final int index;
        private final byte[] name;
        private final @Nullable FieldForm form;
        private long unportable;

        Column(Field field, int index, TextEncoding encoding) {
            this.field = field;
            this.index = index;
            this.name = field.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            this.form = FieldForms.of(field, encoding).orElse(null);
        }
    }

    /**
     * Begins a digest.
     *
     * @param attributes what the source says of itself
     */
    CollectionDigest(RecordSchema schema, Map<String, String> attributes) {
        this.paths = schema.keyForm() == RecordSchema.KeyForm.PATH;
        TextEncoding encoding = TextEncoding.of(attributes);
        List<Column> all = new ArrayList<>();
        for (int i = 0; i < schema.fields().size(); i++) {
            all.add(new Column(schema.fields().get(i), i, encoding));
        }
        all.sort(Comparator.<Column, byte[]>comparing(column -> column.name, Arrays::compareUnsigned)
                .thenComparing(column -> column.field.name()));
        this.columns = List.copyOf(all);
    }

    /** Whether records need their keys to be given: paths are not among the fields. */
    boolean needsKeys() {
        return paths;
    }

    /** Adds a record; its key counts only if it is a path. */
    void add(@Nullable RecordKey key, List<FieldValue> values) throws IOException {
        if (paths && key != null) {
            hash.field(new byte[0]);
            hash.kind(Kind.BYTES);
            byte[] path = key.bytes();
            hash.write(path, 0, path.length);
            hash.end();
        }
        for (Column column : columns) {
            FieldValue value = values.get(column.index);
            if (value.isNull()) {
                continue;
            }
            if (column.form == null) {
                column.unportable++;
            } else {
                hash.field(column.name);
                if (!column.form.write(value, hash)) {
                    column.unportable++;
                }
                hash.end();
            }
        }
        sum.add(hash.finish());
    }

    /** What was found. */
    PortableDigest report(String source, String collection) {
        List<PortableDigest.Unportable> unportable = new ArrayList<>();
        for (Column column : columns) {
            if (column.form == null) {
                unportable.add(unportable(column, Treatment.LEFT_OUT));
            } else if (column.unportable > 0) {
                unportable.add(unportable(column, Treatment.AS_RENDERED));
            }
        }
        return new PortableDigest(source, collection, sum.digest().toString(), sum.records(), unportable);
    }

    private static PortableDigest.Unportable unportable(Column column, Treatment treatment) {
        return new PortableDigest.Unportable(
                column.field.name(), column.field.type(), column.field.nativeType(), column.unportable, treatment);
    }
}
