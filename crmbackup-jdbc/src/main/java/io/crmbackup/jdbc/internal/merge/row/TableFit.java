package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which columns of a table the fields of a collection go to, as both may have changed since the backup. */
public final class TableFit {
    private final RestoredCollection collection;
    private final Table table;
    private final List<Field> restored = new ArrayList<>();
    private final List<Field> fields = new ArrayList<>();
    private final List<TypeDrift> drifts = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private final int[] key;

    private TableFit(RestoredCollection collection, Table table, MergeRules rules) {
        this.collection = collection;
        this.table = table;
        RecordSchema schema = collection.schema();
        for (int i = 0; i < schema.fields().size(); i++) {
            Field field = schema.fields().get(i);
            int index = table.schema().indexOf(rules.column(collection.name(), field.name()));
            if (index < 0) {
                dropped.add(field.name());
            } else {
                Field now = table.schema().fields().get(index);
                restored.add(field);
                fields.add(now);
                drifts.add(TypeDrift.between(field, now));
                places.add(i);
            }
        }
        List<String> names = fields.stream().map(Field::name).toList();
        this.key = table.schema().key().stream().mapToInt(names::indexOf).toArray();
    }

    /**
     * Looks at a collection and its table.
     *
     * @param blockers gets why its rows can't be restored
     * @param notes gets what is different now
     */
    public static TableFit of(
            RestoredCollection collection, Table table, MergeRules rules, List<String> blockers, List<String> notes) {
        TableFit fit = new TableFit(collection, table, rules);
        RecordSchema schema = collection.schema();
        String name = collection.name();
        List<String> keyNow =
                schema.key().stream().map(field -> rules.column(name, field)).toList();
        if (!schema.isKeyed()) {
            blockers.add("table " + name + " has no primary key: its rows can't be told from others");
        } else if (!keyNow.equals(table.schema().key())) {
            blockers.add("table " + name + " has the primary key "
                    + table.schema().key() + ", in the backup it is " + schema.key());
        }
        String owner = table.schema().attributes().get("partOf");
        if (owner != null) {
            blockers.add("table " + name + " holds the content of the virtual table " + owner
                    + ", which only that one may change: leave it out");
        }
        for (int i = 0; i < fit.fields.size(); i++) {
            fit.compare(i, blockers, notes);
        }
        for (String column : fit.dropped) {
            notes.add("column " + name + "." + column
                    + " is not in the database any more: what the backup has of it is not restored");
        }
        for (Field field : table.schema().fields()) {
            if (fit.indexOf(field.name()) < 0) {
                notes.add("column " + table.collection() + "." + field.name()
                        + " is not in the backup: new rows get its default, others keep their value");
            }
        }
        return fit;
    }

    private void compare(int index, List<String> blockers, List<String> notes) {
        Field before = restored.get(index);
        Field now = fields.get(index);
        String column = "column " + collection.name() + "." + before.name();
        boolean inKey = collection.schema().key().contains(before.name());
        String types = " is of type " + now.nativeType() + ", in the backup it is " + before.nativeType();
        if (!TypeDrift.isExact(before.type(), now.type()) || inKey && before.type() != now.type()) {
            blockers.add(column + types + ": values can't be taken over exactly");
        } else if (!before.nativeType().equals(now.nativeType())) {
            notes.add(column + types);
        } else if (before.presence() == Presence.OPTIONAL && now.presence() == Presence.REQUIRED) {
            notes.add(column + " can't be null any more");
        }
    }

    public RestoredCollection collection() {
        return collection;
    }

    /** The collection's name. */
    public String name() {
        return collection.name();
    }

    public Table table() {
        return table;
    }

    /** The columns that are restored. */
    public List<Field> fields() {
        return fields;
    }

    public List<Field> keyFields() {
        List<Field> result = new ArrayList<>();
        for (int index : key) {
            result.add(fields.get(index));
        }
        return result;
    }

    boolean isKey(int index) {
        return table.schema().key().contains(fields.get(index).name());
    }

    /** The places of all columns. */
    int[] places() {
        return IntStream.range(0, fields.size()).toArray();
    }

    /** The place of a column among those that are restored; -1 if it isn't one. */
    public int indexOf(String column) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }

    /** The place of a column by its name in the backup, or, if there is none, in the database; -1 if it isn't restored. */
    public int indexOfRestored(String field) {
        for (int i = 0; i < restored.size(); i++) {
            if (restored.get(i).name().equals(field)) {
                return i;
            }
        }
        return indexOf(field);
    }

    /** The columns that the database has no more and for which a record of the backup has a value, by their names in the backup. */
    List<String> dropped(List<FieldValue> record) {
        return dropped.isEmpty()
                ? List.of()
                : dropped.stream()
                        .filter(field ->
                                !record.get(collection.schema().indexOf(field)).isNull())
                        .toList();
    }

    /** The values of a record of the backup for the columns that are restored. */
    List<FieldValue> values(List<FieldValue> record) {
        List<FieldValue> values = new ArrayList<>(places.size());
        for (int place : places) {
            values.add(record.get(place));
        }
        return values;
    }

    public List<FieldValue> keyValues(List<FieldValue> values) {
        List<FieldValue> result = new ArrayList<>(key.length);
        for (int index : key) {
            result.add(values.get(index));
        }
        return result;
    }

    public RecordKey key(List<FieldValue> keyValues) {
        RecordKey.Builder builder = new RecordKey.Builder();
        for (int i = 0; i < key.length; i++) {
            builder.add(fields.get(key[i]).type(), keyValues.get(i));
        }
        return builder.build();
    }

    public String keyText(List<FieldValue> keyValues) {
        return Values.text(keyFields(), keyValues);
    }

    /** The columns, besides the key, whose values differ. */
    BitSet differing(List<FieldValue> a, List<FieldValue> b) throws IOException {
        BitSet differing = new BitSet();
        for (int i = 0; i < fields.size(); i++) {
            if (!isKey(i) && !same(i, a.get(i), b.get(i))) {
                differing.set(i);
            }
        }
        return differing;
    }

    /** Whether two values of a column are the same; a number of another type is if it is the same number. */
    boolean same(int index, FieldValue a, FieldValue b) throws IOException {
        Field before = restored.get(index);
        Field now = fields.get(index);
        boolean number = now.type() == FieldType.DECIMAL || now.type() == FieldType.INTEGER;
        return Values.same(a, b) || number && !before.nativeType().equals(now.nativeType()) && Values.sameNumber(a, b);
    }

    /** Whether there are columns that may not take what the backup has. */
    public boolean isNarrower() {
        return drifts.stream().anyMatch(TypeDrift::isNarrower);
    }

    /** The first of some columns, by its place, that doesn't take its value. */
    Optional<Integer> tooNarrow(List<FieldValue> values, IntPredicate written) throws IOException {
        for (int i = 0; i < values.size(); i++) {
            if (written.test(i) && drifts.get(i).isNarrower() && !drifts.get(i).takes(values.get(i))) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }
}
