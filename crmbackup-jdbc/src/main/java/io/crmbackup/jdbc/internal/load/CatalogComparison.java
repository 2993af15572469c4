package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.Statements;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether a database consists of what was made in it: each statement that was executed is found again when the database is read as for a backup, and
 * no table, key or index is there besides. Immutable.
 */
final class CatalogComparison {
    private static final int MOST_NAMED = 5;

    private final Dialect dialect;
    private final List<SchemaStatement> found;
    private final Set<String> texts = new HashSet<>();

    CatalogComparison(Dialect dialect, Catalog catalog) {
        this.dialect = dialect;
        Stream<String> ofTables = catalog.tables().stream()
                .filter(table -> !table.collection().equals(Dialect.MARKER))
                .map(Table::schema)
                .flatMap(schema -> Statements.of(schema.attributes()).stream());
        this.found = Stream.of(catalog.before().stream(), ofTables, catalog.after().stream())
                .flatMap(statements -> statements)
                .map(dialect::statement)
                .filter(statement -> statement
                        .table()
                        .filter(table -> table.table().equals(Dialect.MARKER))
                        .isEmpty())
                .toList();
        found.forEach(statement -> texts.add(dialect.comparable(statement.sql())));
    }

    /** Whether the database has what a statement makes. */
    boolean has(SchemaStatement statement) {
        return texts.contains(dialect.comparable(statement.sql()));
    }

    /** What is not as it was made, in words; empty if all is. */
    List<String> differences(List<SchemaStatement> executed) {
        Set<String> made = new HashSet<>();
        executed.forEach(statement -> made.add(dialect.comparable(statement.sql())));
        List<String> missing = executed.stream()
                .filter(statement -> statement.kind() != Type.POSITION && !has(statement))
                .map(SchemaStatement::title)
                .toList();
        List<String> more = found.stream()
                .filter(statement -> isOfTables(statement)
                        && !made.contains(dialect.comparable(statement.sql()))
                        && !isMadeInAnotherForm(statement, executed))
                .map(SchemaStatement::title)
                .toList();
        List<String> differences = new ArrayList<>();
        if (!missing.isEmpty()) {
            differences.add("was executed and is not there: " + some(missing));
        }
        if (!more.isEmpty()) {
            differences.add("is there and was not executed: " + some(more));
        }
        return differences;
    }

    /** A table that inherits has two statements, of which one was executed. */
    private static boolean isMadeInAnotherForm(SchemaStatement statement, List<SchemaStatement> executed) {
        return statement.kind() == Type.TABLE
                && executed.stream()
                        .anyMatch(other ->
                                other.kind() == Type.TABLE && other.table().equals(statement.table()));
    }

    /**
     * The same by numbers, for a server of another version, which may say the same in other words.
     */
    List<String> differencesInNumber(List<SchemaStatement> executed) {
        Map<String, Integer> made = numbers(executed);
        Map<String, Integer> there = numbers(found);
        List<String> differences = new ArrayList<>();
        made.forEach((what, number) -> {
            int now = there.getOrDefault(what, 0);
            if (now != number) {
                differences.add(number + " of " + what + " were executed, " + now + " are there");
            }
        });
        return differences;
    }

    private static Map<String, Integer> numbers(List<SchemaStatement> statements) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        statements.stream()
                .filter(CatalogComparison::isOfTables)
                .forEach(statement -> numbers.merge(
                        statement.kind()
                                + statement
                                        .table()
                                        .map(table -> " " + table.collection(""))
                                        .orElse(""),
                        1,
                        // A table that inherits has two statements, of which one is executed.
                        (one, more) -> statement.kind() == Type.TABLE ? 1 : one + more));
        return numbers;
    }

    private static boolean isOfTables(SchemaStatement statement) {
        return switch (statement.kind()) {
            case TABLE, PRIMARY_KEY, CONSTRAINT, INDEX, FOREIGN_KEY -> true;
            default -> false;
        };
    }

    private static String some(List<String> titles) {
        return String.join("; ", titles.subList(0, Math.min(MOST_NAMED, titles.size())))
                + (titles.size() > MOST_NAMED ? " and " + (titles.size() - MOST_NAMED) + " more" : "");
    }
}
