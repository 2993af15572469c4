package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.StoredLists;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.jdbc.internal.sql.TokenCursor;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A backup of one product, as if it were one of another: attributes and collections that a restore takes for those of the database's own
 * product. Every statement is made anew of names, types and literals: none of the backup's is in it.
 */
public final class Translation {
    /** Bytes that mean something to their product only. */
    private static final Pattern OPAQUE = Pattern.compile(
            "(geometry|geography|point|linestring|polygon|multi\\w+|geometrycollection|java_object)\\b.*");

    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final Map<String, RestoredCollection> collections = new LinkedHashMap<>();
    private final Map<String, RecordTranslation> records = new LinkedHashMap<>();
    private final List<RestoredCollection> originals;
    private final List<String> blockers = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();

    private Translation(List<RestoredCollection> originals) {
        this.originals = List.copyOf(originals);
    }

    /** Whether tables can be made in a product from backups of others. */
    public static boolean isKnown(String product) {
        return Vocabulary.of(product).isPresent();
    }

    /**
     * Translates.
     *
     * @param attributes what the source says of itself
     * @param origin where the backup comes from
     * @param connection to a database of a product that {@link #isKnown}
     * @param dialect that of the product
     * @throws IOException if records can't be read to see what they are
     */
    public static Translation of(
            Map<String, String> attributes,
            Origin origin,
            List<RestoredCollection> originals,
            Connection connection,
            Dialect dialect,
            Unfit unfit)
            throws IOException, SQLException {
        Vocabulary words = Vocabulary.of(dialect.product())
                .orElseThrow(() -> new IllegalArgumentException("no words of " + dialect.product()))
                .of(connection);
        Translation result = new Translation(originals);
        result.notes.add("the backup is one of " + origin.product() + ", the database is " + dialect.product()
                + ": tables are made anew in its own types");
        Map<String, SourceTable> sources = result.sources(attributes, origin);
        Map<String, TranslatedTable> tables = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        Set<String> schemas = new TreeSet<>();
        for (RestoredCollection original : originals) {
            if (original.schema().keyForm() == RecordSchema.KeyForm.PATH) {
                result.blockers.add(original.name() + " is no table");
                continue;
            }
            TableName name = name(original, origin, dialect, words);
            if (!names.add(words.ignoresCapitals() ? name.toString().toLowerCase(Locale.ROOT) : name.toString())) {
                result.blockers.add("two tables would have the name " + name.collection(dialect.defaultSchema()));
            }
            if (!name.schema().equals(dialect.defaultSchema())) {
                schemas.add(name.schema());
            }
            SourceTable source = sources.getOrDefault(original.name(), new SourceTable(original.schema()));
            result.checkNames(original, name, words);
            List<TranslatedField> fields = fields(original, source, origin, originals, words);
            tables.put(original.name(), new TranslatedTable(original, name, source, dialect, words, fields));
        }
        result.write(tables, schemas, dialect, words, unfit);
        return result;
    }

    private void write(
            Map<String, TranslatedTable> tables, Set<String> schemas, Dialect dialect, Vocabulary words, Unfit unfit) {
        attributes.put("product", dialect.product());
        List<String> before = new ArrayList<>();
        schemas.forEach(schema -> before.add("CREATE SCHEMA " + dialect.quote(schema)));
        Statements.put(attributes, "before", before);
        Names names = new Names(
                words,
                tables.values().stream().map(table -> table.name().table()).toList());
        List<String> counters = new ArrayList<>();
        for (TranslatedTable table : tables.values()) {
            RestoredCollection original = table.collection();
            RecordSchema schema = table.schema(names, tables);
            RecordTranslation translation =
                    new RecordTranslation(original.name(), original.schema(), table.fields(), dialect.product(), unfit);
            records.put(original.name(), translation);
            String name = table.name().collection(dialect.defaultSchema());
            if (!name.equals(original.name())) {
                notes.add("table " + original.name() + " becomes " + name);
            }
            collections.put(original.name(), new TranslatedCollection(original, name, schema, translation::translate));
            table.counter().ifPresent(counters::add);
            blockers.addAll(table.blockers());
            notes.addAll(table.notes());
        }
        Statements.put(attributes, "position", counters);
    }

    /** Reads all statements, each to its table. */
    private Map<String, SourceTable> sources(Map<String, String> from, Origin origin) {
        Map<String, SourceTable> sources = new HashMap<>();
        List<String> statements = new ArrayList<>();
        for (RestoredCollection original : originals) {
            sources.put(original.name(), new SourceTable(original.schema()));
            statements.addAll(Statements.of(original.schema().attributes()));
        }
        StoredLists lists = StoredLists.of(from);
        blockers.addAll(lists.damage());
        lists.before().forEach(entry -> statements.add(entry.sql()));
        lists.after().forEach(entry -> statements.add(entry.sql()));
        for (String sql : statements) {
            Optional<List<Token>> tokens = origin.words().of(sql);
            String title = sql.strip().lines().findFirst().orElse("");
            Optional<SourceTable> table = tokens.flatMap(words -> tableOf(sql, words, origin))
                    .flatMap(name -> Optional.ofNullable(sources.get(name)));
            if (table.isPresent()) {
                table.get().add(new TokenCursor(sql, tokens.orElseThrow()));
            } else if (!title.matches(
                    "(?i)CREATE (SCHEMA|SEQUENCE)\\b.*|COMMENT ON .*|ALTER SEQUENCE .* OWNED BY .*")) {
                notes.add("not carried over: " + (title.length() > 100 ? title.substring(0, 100) + " …" : title));
            }
        }
        from.getOrDefault("leftOut", "").lines().forEach(line -> notes.add("not in the backup: " + line));
        return sources;
    }

    /** The collection whose table a statement makes, changes or indexes. */
    private static Optional<String> tableOf(String sql, List<Token> words, Origin origin) {
        TokenCursor in = new TokenCursor(sql, words);
        if (in.take("ALTER", "TABLE")) {
            in.take("IF", "EXISTS");
            in.take("ONLY");
        } else if (in.take("CREATE")) {
            while (!in.atEnd() && !in.peek("TABLE") && !in.peek("INDEX")) {
                if (in.peek("VIEW") || in.peek("TRIGGER") || in.peek("FUNCTION") || in.peek("(") || in.peek("TYPE")) {
                    return Optional.empty();
                }
                in.next();
            }
            if (in.take("INDEX")) {
                while (!in.atEnd() && !in.peek("ON") && !in.peek("(")) {
                    in.next();
                }
                in.take("ON");
                in.take("ONLY");
            } else {
                in.take("TABLE");
                in.take("IF", "NOT", "EXISTS");
            }
        } else {
            return Optional.empty();
        }
        return in.qualifiedName()
                .map(name -> name.schema().isEmpty() ? new TableName(origin.defaultSchema(), name.table()) : name)
                .map(name -> name.collection(origin.defaultSchema()));
    }

    private static TableName name(RestoredCollection original, Origin origin, Dialect dialect, Vocabulary words) {
        TableName own = TableName.of(original.name(), origin.defaultSchema());
        if (own.schema().equals(origin.defaultSchema())) {
            return new TableName(dialect.defaultSchema(), own.table());
        }
        return words.hasSchemas() ? own : new TableName(dialect.defaultSchema(), own.schema() + "_" + own.table());
    }

    private void checkNames(RestoredCollection original, TableName name, Vocabulary words) {
        Set<String> columns = new HashSet<>();
        List<String> all = new ArrayList<>(List.of(name.table(), name.schema().isEmpty() ? "x" : name.schema()));
        for (Field field : original.schema().fields()) {
            all.add(field.name());
            if (!columns.add(words.ignoresCapitals() ? field.name().toLowerCase(Locale.ROOT) : field.name())) {
                blockers.add("table " + original.name() + " would have two columns " + field.name());
            }
        }
        for (String each : all) {
            int length = Math.max(each.length(), each.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
            if (length > words.longestName() || each.indexOf(0) >= 0) {
                blockers.add("the name " + each + " is too long");
            }
        }
        if (columns.isEmpty()) {
            blockers.add("table " + original.name() + " has no columns");
        }
    }

    private static List<TranslatedField> fields(
            RestoredCollection original,
            SourceTable source,
            Origin origin,
            List<RestoredCollection> all,
            Vocabulary words)
            throws IOException {
        RecordSchema schema = original.schema();
        Set<String> indexed = new HashSet<>(schema.key());
        source.indexes().forEach(index -> indexed.addAll(index.columns()));
        schema.references().forEach(reference -> indexed.addAll(reference.fields()));
        all.forEach(other -> other.schema().references().stream()
                .filter(reference -> reference.collection().equals(original.name()))
                .forEach(reference -> indexed.addAll(reference.targetFields())));
        Set<String> asked = new HashSet<>();
        for (Field field : schema.fields()) {
            NeutralType type = NeutralType.of(field, origin.product());
            boolean counts = source.counting().equals(Optional.of(field.name()))
                    && words.asksForMost(isUnique(schema, source, field.name()));
            if (field.type() == FieldType.DYNAMIC || counts || words.asks(type, indexed.contains(field.name()))) {
                asked.add(field.name());
            }
        }
        Survey survey = Survey.of(original, asked, origin);
        List<TargetColumn> columns = new ArrayList<>();
        for (Field field : schema.fields()) {
            Survey.Found found = survey.column(field);
            SourceColumn column = new SourceColumn(field, found.type(), indexed.contains(field.name()), found);
            columns.add(remarked(words.column(column), field, found));
        }
        Map<String, TargetColumn> byName = new HashMap<>();
        columns.forEach(column -> byName.put(column.field().name(), column));
        Set<String> sorting = source.sorting(index ->
                words.canIndex(index.columns().stream().map(byName::get).toList()));
        columns = words.fitted(columns, sorting, indexed);
        List<TranslatedField> fields = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Field field = schema.fields().get(i);
            NeutralType type = survey.column(field).type();
            fields.add(new TranslatedField(
                    Reading.of(field, type, origin),
                    columns.get(i),
                    survey.column(field).most()));
        }
        return fields;
    }

    private static boolean isUnique(RecordSchema schema, SourceTable source, String column) {
        return schema.key().equals(List.of(column))
                || source.indexes().stream()
                        .anyMatch(index -> index.isUnique() && index.columns().equals(List.of(column)));
    }

    private static TargetColumn remarked(TargetColumn column, Field field, Survey.Found found) {
        String declared = field.nativeType().toLowerCase(Locale.ROOT);
        if (found.isMixed()) {
            return column.changed("holds values of several types, which become text");
        } else if (found.keepsSpaces()) {
            return column.changed("holds text that ends with spaces, and keeps them");
        } else if (found.isBeyondDouble()) {
            return column.changed("holds whole numbers that floating-point numbers would round, and keeps all digits");
        } else if (found.type().kind() == NeutralType.Kind.OTHER) {
            return column.changed("has no equal, and becomes text");
        } else if (field.type() == FieldType.BYTES && OPAQUE.matcher(declared).matches()) {
            return column.changed("is in a form of the source's own, and becomes bytes");
        } else if (!found.isAsDeclared()) {
            return column.changed(column.note());
        } else if (column.note().isEmpty() && (declared.startsWith("enum") || declared.startsWith("set("))) {
            return column.noted("becomes text of any value");
        }
        return column;
    }

    /** What the translated source says of itself. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** The translated collections, in the order of the originals. */
    public List<RestoredCollection> collections() {
        return List.copyOf(collections.values());
    }

    /** The translated form of a collection. */
    public RestoredCollection of(RestoredCollection original) {
        @Nullable RestoredCollection found = collections.get(original.name());
        if (found == null) {
            throw new IllegalArgumentException("collection " + original.name() + " was not announced");
        }
        return found;
    }

    /** What a collection has to be equal to, by its portable digest, when it is read back. */
    public RestoredCollection counterpart(RestoredCollection original) {
        RecordTranslation translation = records.get(original.name());
        if (translation == null) {
            throw new IllegalArgumentException("collection " + original.name() + " was not announced");
        }
        return new TranslatedCollection(original, of(original).name(), translation.counterpart(), translation::expect);
    }

    /** Why the backup can't be restored there; reads nothing. */
    public List<String> blockers() {
        return blockers;
    }

    /** What is lost or becomes something else. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /**
     * Reads all records and tells which values have no equal.
     *
     * @param refused takes what lets the restore be refused
     * @param tolerated takes what will be left out
     */
    public void check(List<String> refused, List<String> tolerated) throws IOException {
        for (RestoredCollection original : originals) {
            RecordTranslation translation = records.get(original.name());
            if (translation == null) {
                continue;
            }
            RecordTranslation.Count[] counts = translation.counts();
            try (RecordCursor cursor = original.open()) {
                while (cursor.next()) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new java.io.InterruptedIOException("interrupted while looking at values");
                    }
                    translation.check(cursor.values(), counts);
                }
            }
            for (RecordTranslation.Count count : counts) {
                if (!count.isEmpty()) {
                    (count.isTolerated() ? tolerated : refused).add(count.text());
                }
            }
        }
    }
}
