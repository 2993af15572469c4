package io.crmbackup.jdbc.internal.restore;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.RestoredCollection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which statements of a backup are executed, in order; which are not, and why. */
public final class RestoreScript {
    private final Dialect dialect;
    private final Trust trust;
    private final Set<String> restored = new HashSet<>();
    private final List<String> blockers = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<SchemaStatement> beforeRows = new ArrayList<>();
    private final List<SchemaStatement> afterRows = new ArrayList<>();

    RestoreScript(Dialect dialect, Map<String, String> attributes, List<RestoredCollection> collections, Trust trust) {
        this.dialect = dialect;
        this.trust = trust;
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
        List<SchemaStatement> foreignKeys = new ArrayList<>();
        List<SchemaStatement> last = new ArrayList<>();
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
                    case FOREIGN_KEY -> add(foreignKeys, statement);
                    case CONSTRAINT, INDEX -> add(afterRows, statement);
                    default -> last.add(statement);
                }
            }
        }
        beforeRows.addAll(keys);
        afterRows.addAll(foreignKeys);
        read(Statements.of(attributes, "after")).forEach(statement -> add(afterRows, statement));
        last.forEach(statement -> add(afterRows, statement));
        read(Statements.of(attributes, "position")).forEach(statement -> add(afterRows, statement));
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
        if (statement.isSafe() || trust == Trust.ALL) {
            list.add(statement);
        } else {
            blockers.add("needs trustSchema(), as " + statement.doubt().orElse("") + ": " + statement.title());
        }
    }

    private void add(List<SchemaStatement> list, SchemaStatement statement) {
        if (!statement.isSafe() && trust != Trust.ALL) {
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

    List<String> blockers() {
        return blockers;
    }

    List<String> notes() {
        return notes;
    }

    List<SchemaStatement> beforeRows() {
        return beforeRows;
    }

    List<SchemaStatement> afterRows() {
        return afterRows;
    }
}
