package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.RestoredCollection;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table of one product as one of another: its columns with their values' ways, and the statements that make it. */
final class TranslatedTable {
    private final RestoredCollection collection;
    private final TableName name;
    private final SourceTable source;
    private final Dialect dialect;
    private final Vocabulary words;
    private final List<TranslatedField> fields = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Optional<String> counting;
    private final List<SourceIndex> indexes = new ArrayList<>();

    TranslatedTable(
            RestoredCollection collection,
            TableName name,
            SourceTable source,
            Dialect dialect,
            Vocabulary words,
            List<TranslatedField> columns) {
        this.collection = collection;
        this.name = name;
        this.source = source;
        this.dialect = dialect;
        this.words = words;
        fields.addAll(columns);
        leftOut.addAll(source.leftOut());
        counting = source.counting().filter(this::canCount);
        if (counting.isEmpty()) {
            source.counting()
                    .ifPresent(column -> leftOut.add("that column " + column + " counts"
                            + (isUsedUp(column) ? ", as its numbers are used up" : "")));
        } else if (words.definesAllAtOnce()) {
            asRowId(counting.get());
        }
        for (SourceIndex index : source.indexes()) {
            if (words.canIndex(index.columns().stream().map(this::column).toList())) {
                indexes.add(index);
            } else {
                leftOut.add((index.isUnique() ? "unique key of " : "index of ") + String.join(", ", index.columns())
                        + ", which is too long here");
            }
        }
    }

    /** Columns count only if they are whole numbers, and in some products the key. */
    private boolean canCount(String column) {
        FieldType type = column(column).field().type();
        boolean whole = type == FieldType.INTEGER
                || type == FieldType.DYNAMIC && column(column).definition().endsWith("INT")
                || column(column).definition().equals("INTEGER");
        List<String> key = collection.schema().key();
        boolean first = !key.isEmpty() && key.get(0).equals(column);
        return whole
                && !isUsedUp(column)
                && (words.hasSchemas() || (words.definesAllAtOnce() ? key.size() == 1 && first : first));
    }

    /** Whether a column that is told where to go on has no number left: without counting, rows without a number are refused as well. */
    private boolean isUsedUp(String column) {
        TranslatedField field = fields.get(collection.schema().indexOf(column));
        return words.countsFromNumber() && field.most().equals(highest(field.column()));
    }

    /** The highest number that such a column can give. */
    private static BigInteger highest(TargetColumn column) {
        return BigInteger.valueOf(
                switch (column.definition()) {
                    case "TINYINT" -> Byte.MAX_VALUE;
                    case "SMALLINT" -> Short.MAX_VALUE;
                    case "INTEGER" -> Integer.MAX_VALUE;
                    default -> Long.MAX_VALUE;
                });
    }

    /** In SQLite the column that counts is the row's id. */
    private void asRowId(String column) {
        int index = collection.schema().indexOf(column);
        TargetColumn old = fields.get(index).column();
        Field field = new Field(column, FieldType.INTEGER, "INTEGER", Presence.REQUIRED);
        TargetColumn rowId =
                new TargetColumn(field, "INTEGER", Writings.integer(64), false, old.note(), old.likeness());
        fields.set(
                index,
                new TranslatedField(
                        fields.get(index).reading(), rowId, fields.get(index).most()));
    }

    TargetColumn column(String column) {
        return fields.get(collection.schema().indexOf(column)).column();
    }

    RestoredCollection collection() {
        return collection;
    }

    TableName name() {
        return name;
    }

    List<TranslatedField> fields() {
        return fields;
    }

    /** What is not carried over, and what becomes something else, in words. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (TranslatedField field : fields) {
            if (!field.column().note().isEmpty()) {
                Field from = collection.schema().fields().get(fields.indexOf(field));
                notes.add(collection.name() + "." + from.name() + " (" + from.nativeType() + ") "
                        + field.column().note() + " (" + field.column().definition() + ")");
            }
        }
        leftOut.forEach(what -> notes.add("not carried over from table " + collection.name() + ": " + what));
        return notes;
    }

    /** Why the table can't be made; empty if it can. */
    List<String> blockers() {
        List<String> blockers = new ArrayList<>();
        List<String> key = collection.schema().key();
        if (!key.isEmpty() && !words.canIndex(key.stream().map(this::column).toList())) {
            blockers.add("the key of table " + collection.name() + " (" + String.join(", ", key) + ") is too long for "
                    + dialect.product());
        }
        if (fields.size() > words.mostColumns()) {
            blockers.add("table " + collection.name() + " has " + fields.size() + " columns, and there can be "
                    + words.mostColumns() + " in " + dialect.product());
        }
        words.obstacle(fields.stream().map(TranslatedField::column).toList(), source.sorting(indexes::contains))
                .ifPresent(obstacle ->
                        blockers.add("table " + collection.name() + " " + obstacle + " in " + dialect.product()));
        return blockers;
    }

    boolean isUnique(List<String> columns) {
        return collection.schema().key().equals(columns)
                || indexes.stream()
                        .anyMatch(index -> index.isUnique() && index.columns().equals(columns));
    }

    /** The schema in the product's own terms, with the statements that make the table. */
    RecordSchema schema(Names names, Map<String, TranslatedTable> tables) {
        List<Reference> references = new ArrayList<>();
        for (Reference reference : collection.schema().references()) {
            @Nullable TranslatedTable other = tables.get(reference.collection());
            String title = "reference of " + String.join(", ", reference.fields()) + " to " + reference.collection();
            if (other == null) {
                leftOut.add(title + ", which is not restored");
            } else if (!other.isUnique(reference.targetFields())) {
                leftOut.add(title + ", which has no such key");
            } else if (!sameTypes(reference, other)) {
                leftOut.add(title + ", whose columns are of other types");
            } else {
                references.add(new Reference(
                        reference.name(),
                        reference.fields(),
                        other.name().collection(dialect.defaultSchema()),
                        reference.targetFields()));
            }
        }
        RecordSchema.Builder schema = RecordSchema.builder();
        fields.forEach(field -> schema.field(field.column().field()));
        schema.key(collection.schema().key().toArray(String[]::new));
        references.forEach(schema::reference);
        List<String> statements = statements(names, references);
        for (int i = 0; i < statements.size(); i++) {
            schema.attribute(Statements.name(i), statements.get(i));
        }
        return schema.build();
    }

    /** What happens with rows that refer when those referred to change, in SQL; what the product doesn't know is named. */
    private String actions(Reference reference) {
        StringBuilder possible = new StringBuilder();
        for (String action : source.actions(reference.fields())) {
            if (words.actions().contains(action)) {
                possible.append(' ').append(action);
            } else {
                leftOut.add(action + " of the reference of " + String.join(", ", reference.fields()));
            }
        }
        return possible.toString();
    }

    private boolean sameTypes(Reference reference, TranslatedTable other) {
        for (int i = 0; i < reference.fields().size(); i++) {
            String here = column(reference.fields().get(i)).definition().replaceFirst("\\(.*", "");
            String there =
                    other.column(reference.targetFields().get(i)).definition().replaceFirst("\\(.*", "");
            if (!here.equals(there) && !words.definesAllAtOnce()) {
                return false;
            }
        }
        return true;
    }

    private List<String> statements(Names names, List<Reference> references) {
        List<String> parts = new ArrayList<>();
        boolean counts = words.definesAllAtOnce() && counting.isPresent();
        fields.forEach(field -> parts.add(definition(field)));
        List<String> key = collection.schema().key();
        if (!key.isEmpty() && !counts) {
            parts.add("PRIMARY KEY (" + quoted(key) + ")");
        }
        List<String> more = new ArrayList<>();
        for (SourceIndex index : indexes) {
            String indexName = dialect.quote(names.index(name.table(), index));
            if (words.definesKeysWithColumns()) {
                parts.add(
                        (index.isUnique() ? "UNIQUE KEY " : "KEY ") + indexName + " (" + quoted(index.columns()) + ")");
            } else if (index.isUnique() && words.definesUniqueKeysWithColumns()) {
                parts.add("CONSTRAINT " + indexName + " UNIQUE (" + quoted(index.columns()) + ")");
            } else if (index.isUnique() && !words.definesAllAtOnce()) {
                more.add("ALTER TABLE " + quoted(name) + " ADD CONSTRAINT " + indexName + " UNIQUE ("
                        + quoted(index.columns()) + ")");
            } else {
                more.add("CREATE " + (index.isUnique() ? "UNIQUE " : "") + "INDEX " + indexName + " ON " + quoted(name)
                        + " (" + quoted(index.columns()) + ")");
            }
        }
        for (Reference reference : references) {
            String foreign = "FOREIGN KEY (" + quoted(reference.fields()) + ") REFERENCES "
                    + quoted(TableName.of(reference.collection(), dialect.defaultSchema())) + " ("
                    + quoted(reference.targetFields()) + ")" + actions(reference);
            if (words.definesAllAtOnce()) {
                parts.add(foreign);
            } else {
                more.add("ALTER TABLE " + quoted(name) + " ADD CONSTRAINT "
                        + dialect.quote(names.reference(name.table(), reference)) + " " + foreign);
            }
        }
        List<String> statements = new ArrayList<>();
        statements.add(
                "CREATE TABLE " + quoted(name) + " (\n  " + String.join(",\n  ", parts) + "\n)" + words.tableOptions());
        statements.addAll(more);
        return statements;
    }

    private String definition(TranslatedField field) {
        TargetColumn column = field.column();
        String column1 = column.field().name();
        boolean counts = counting.equals(Optional.of(column1));
        StringBuilder sql =
                new StringBuilder(dialect.quote(column1)).append(' ').append(column.definition());
        if (counts && words.definesAllAtOnce()) {
            return sql.append(' ').append(words.identity()).toString();
        }
        boolean required =
                Vocabulary.isRequired(column) || collection.schema().key().contains(column1);
        Optional<String> value = counts ? Optional.empty() : defaultValue(field);
        if (column.definition().startsWith("timestamp(") && value.isEmpty()) {
            // Without it some servers set the column by themselves.
            sql.append(required ? " NOT NULL DEFAULT CURRENT_TIMESTAMP(6)" : " NULL DEFAULT NULL");
            return sql.toString();
        }
        value.ifPresent(literal -> sql.append(" DEFAULT ").append(literal));
        if (counts) {
            sql.append(' ').append(words.identity());
        }
        return sql.append(required ? " NOT NULL" : "").toString();
    }

    private Optional<String> defaultValue(TranslatedField field) {
        Optional<SourceDefault> found = source.defaultOf(field.column().field().name());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> value = Literals.of(found.get(), field, words);
        if (value.isEmpty()) {
            leftOut.add("the default of column " + field.column().field().name());
        }
        return value;
    }

    private String quoted(TableName table) {
        return words.hasSchemas() ? dialect.quote(table) : dialect.quote(table.table());
    }

    private String quoted(List<String> columns) {
        return String.join(", ", columns.stream().map(dialect::quote).toList());
    }

    /** A statement that lets the column that counts go on behind its values. */
    Optional<String> counter() {
        return counting.flatMap(column -> words.counter(new Counted(
                quoted(name),
                dialect.quote(column),
                column,
                fields.get(collection.schema().indexOf(column)).most(),
                highest(column(column)))));
    }
}
