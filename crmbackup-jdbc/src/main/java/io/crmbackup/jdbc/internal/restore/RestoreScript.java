package io.crmbackup.jdbc.internal.restore;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.RestoredCollection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which statements of a backup are executed, in order; which are not, and why. The order is that of steps: what tables need and the tables
 * themselves; rows; then what each table has besides, table by table; references between tables; and last what needs all of it.
 */
public final class RestoreScript {
    private final Dialect dialect;
    private final Predicate<SchemaStatement> trusted;
    private final Set<String> restored = new HashSet<>();
    private final List<String> blockers = new ArrayList<>();
    private final List<SchemaStatement> untrusted = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<SchemaStatement> beforeRows = new ArrayList<>();
    private final Map<String, List<SchemaStatement>> ofTables = new LinkedHashMap<>();
    private final List<SchemaStatement> references = new ArrayList<>();
    private final List<SchemaStatement> last = new ArrayList<>();

    public RestoreScript(
            Dialect dialect, Map<String, String> attributes, List<RestoredCollection> collections, Trust trust) {
        this(dialect, attributes, collections, trust, Set.of());
    }

    /**
     * Reads a backup's statements.
     *
     * @param known statements that the database itself has, word for word: they bring nothing into it that it doesn't run already
     */
    public RestoreScript(
            Dialect dialect,
            Map<String, String> attributes,
            List<RestoredCollection> collections,
            Trust trust,
            Set<String> known) {
        this.dialect = dialect;
        this.trusted = statement -> statement.isSafe() || trust == Trust.ALL || known.contains(statement.sql());
        collections.forEach(
                collection -> restored.add(canonical(TableName.of(collection.name(), dialect.defaultSchema()))));
        for (SchemaStatement statement : read(Statements.of(attributes, "before"))) {
            if (statement.kind() == SchemaStatement.Type.DOMAIN || statement.kind() == SchemaStatement.Type.SEQUENCE) {
                addNeeded(beforeRows, statement);
            } else {
                add(beforeRows, statement);
            }
        }
        List<SchemaStatement> keys = new ArrayList<>();
        List<SchemaStatement> others = new ArrayList<>();
        for (RestoredCollection collection : collections) {
            List<SchemaStatement> own = read(Statements.of(collection.schema().attributes()));
            String name = canonical(TableName.of(collection.name(), dialect.defaultSchema()));
            if (own.isEmpty() || !isDefinition(own.get(0), name)) {
                blockers.add("the backup holds no definition of table " + collection.name() + " that can be read");
                continue;
            }
            addNeeded(beforeRows, own.get(0));
            for (SchemaStatement statement : own.subList(1, own.size())) {
                switch (statement.kind()) {
                    case PRIMARY_KEY -> add(keys, statement);
                    case FOREIGN_KEY -> add(references, statement);
                    case CONSTRAINT, INDEX ->
                        add(ofTables.computeIfAbsent(collection.name(), any -> new ArrayList<>()), statement);
                    default -> others.add(statement);
                }
            }
        }
        beforeRows.addAll(keys);
        read(Statements.of(attributes, "after")).forEach(statement -> add(last, statement));
        others.forEach(statement -> add(last, statement));
        read(Statements.of(attributes, "position")).forEach(statement -> add(last, statement));
        last.sort(Comparator.comparing(statement -> statement.kind() == SchemaStatement.Type.EVENT));
        attributes.getOrDefault("leftOut", "").lines().forEach(line -> notes.add("not in the backup: " + line));
    }

    private List<SchemaStatement> read(List<String> statements) {
        return statements.stream().map(dialect::statement).toList();
    }

    /** Untrusted definitions that can't be read with certainty are reported by what is in doubt, not as missing. */
    private boolean isDefinition(SchemaStatement statement, String name) {
        return statement.kind() == SchemaStatement.Type.TABLE
                ? statement.table().map(this::canonical).equals(Optional.of(name))
                : !statement.isSafe();
    }

    private void addNeeded(List<SchemaStatement> list, SchemaStatement statement) {
        if (trusted.test(statement)) {
            list.add(statement);
        } else {
            blockers.add("needs trustSchema(), as " + statement.doubt().orElse("") + ": " + statement.title());
        }
    }

    private void add(List<SchemaStatement> list, SchemaStatement statement) {
        if (!trusted.test(statement)) {
            untrusted.add(statement);
            notes.add("not restored without trustSchema(), as "
                    + statement.doubt().orElse("") + ": " + statement.title());
        } else if (!isRestored(statement.target()) || !isRestored(statement.table())) {
            notes.add("not restored, as a table that it needs is not: " + statement.title());
        } else {
            list.add(statement);
        }
    }

    private boolean isRestored(Optional<TableName> table) {
        return table.isEmpty() || restored.contains(canonical(table.get()));
    }

    private String canonical(TableName name) {
        TableName full = name.schema().isEmpty() ? new TableName(dialect.defaultSchema(), name.table()) : name;
        return dialect.sameName(full.collection(""));
    }

    /** Why the restore is refused. */
    public List<String> blockers() {
        return blockers;
    }

    /** What is not restored, and why. */
    public List<String> notes() {
        return notes;
    }

    /** What is not restored because it could run code and is not trusted; each is in the notes too. */
    public List<SchemaStatement> untrusted() {
        return untrusted;
    }

    /** What tables need, the tables, and their primary keys. */
    public List<SchemaStatement> beforeRows() {
        return beforeRows;
    }

    /** Constraints and indexes of a collection's table: of different tables they don't depend on each other. */
    public List<SchemaStatement> ofTable(String collection) {
        return ofTables.getOrDefault(collection, List.of());
    }

    /** Foreign keys, once all tables have their keys. */
    public List<SchemaStatement> references() {
        return references;
    }

    /** What needs tables with all that belongs to them, in this order. */
    public List<SchemaStatement> last() {
        return last;
    }

    /** All that is executed when rows are there. */
    public List<SchemaStatement> afterRows() {
        List<SchemaStatement> all = new ArrayList<>();
        ofTables.values().forEach(all::addAll);
        all.addAll(references);
        all.addAll(last);
        return all;
    }
}
