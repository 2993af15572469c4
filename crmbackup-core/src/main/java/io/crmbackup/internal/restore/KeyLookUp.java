package io.crmbackup.internal.restore;

import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where records lie whose first key fields, or all, have given values: they need not be searched for. Immutable. */
final class KeyLookUp {
    private final List<Field> fields;
    private final int[] order;
    private final boolean whole;

    private KeyLookUp(List<Field> fields, int[] order, boolean whole) {
        this.fields = fields;
        this.order = order;
        this.whole = whole;
    }

    /** The look-up of a collection's records by some fields; null if these are not the first of its key, or their values may have several forms. */
    static @Nullable KeyLookUp of(RecordSchema schema, List<String> names) {
        if (schema.keyForm() != RecordSchema.KeyForm.FIELDS || schema.key().size() < names.size()) {
            return null;
        }
        List<String> begin = schema.key().subList(0, names.size());
        if (!new HashSet<>(begin).equals(new HashSet<>(names))) {
            return null;
        }
        List<Field> fields = new ArrayList<>();
        int[] order = new int[begin.size()];
        for (int i = 0; i < order.length; i++) {
            Field field = schema.fields().get(schema.indexOf(begin.get(i)));
            if (field.type() != FieldType.DYNAMIC && !Literals.hasExactKeys(field.type())) {
                return null;
            }
            fields.add(field);
            order[i] = names.indexOf(begin.get(i));
        }
        return new KeyLookUp(fields, order, names.size() == schema.key().size());
    }

    /** Whether at most one record has the values, if they have one form only. */
    boolean isWhole() {
        return whole;
    }

    /** What the places of records with these values begin with, for each form that the values may have; empty if there can't be such records. */
    List<byte[]> begins(List<String> values) {
        List<List<FieldValue>> candidates = List.of(List.of());
        for (int i = 0; i < order.length; i++) {
            List<List<FieldValue>> longer = new ArrayList<>();
            for (FieldValue value : Literals.keyValues(fields.get(i).type(), values.get(order[i]))) {
                for (List<FieldValue> begin : candidates) {
                    List<FieldValue> more = new ArrayList<>(begin);
                    more.add(value);
                    longer.add(more);
                }
            }
            candidates = longer;
        }
        List<byte[]> begins = new ArrayList<>();
        for (List<FieldValue> some : candidates) {
            RecordKey.Builder builder = new RecordKey.Builder();
            for (int i = 0; i < some.size(); i++) {
                builder.add(fields.get(i).type(), some.get(i));
            }
            RecordKey key = builder.build();
            begins.add(whole ? TreeKeys.place(key) : TreeKeys.begin(key));
        }
        return begins;
    }

    /** The places of the records with this key that are there; none if it can't be looked up. */
    static List<byte[]> places(StoredCollection collection, List<String> key) {
        KeyLookUp lookUp = of(collection.schema(), collection.schema().key());
        List<byte[]> places = new ArrayList<>();
        if (lookUp != null) {
            for (byte[] place : lookUp.begins(key)) {
                if (collection
                        .trees()
                        .get(collection.manifest().content(), place)
                        .isPresent()) {
                    places.add(place);
                }
            }
        }
        return places;
    }
}
