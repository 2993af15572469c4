package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Reference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is to be seen to where rows are exchanged and definitions stay: that these are the backup's, references, and where counters stand. */
public final class RowsAlone {
    private static final int MOST_NAMED = 5;

    private RowsAlone() {}

    /** All statements of a catalog. */
    public static Set<String> statements(Catalog catalog) {
        Set<String> all = new HashSet<>(catalog.before());
        all.addAll(catalog.after());
        catalog.tables()
                .forEach(table -> all.addAll(Statements.of(table.schema().attributes())));
        return all;
    }

    /**
     * Why rows alone don't make the database what it was, if it is so.
     *
     * @param statements the definitions that the backup holds
     */
    public static Optional<String> difference(Dialect dialect, Catalog present, Set<String> statements) {
        Set<String> here = comparable(dialect, statements(present));
        Set<String> there = comparable(dialect, statements);
        List<String> differing = Stream.concat(
                        there.stream().filter(sql -> !here.contains(sql)),
                        here.stream().filter(sql -> !there.contains(sql)))
                .map(sql -> dialect.statement(sql).title())
                .distinct()
                .sorted()
                .toList();
        return differing.isEmpty()
                ? Optional.empty()
                : Optional.of("definitions are not what they were, and can't be replaced together with rows: "
                        + String.join(", ", differing.subList(0, Math.min(MOST_NAMED, differing.size())))
                        + (differing.size() > MOST_NAMED ? " and " + (differing.size() - MOST_NAMED) + " more" : "")
                        + "; restore into an empty database, or merge rows");
    }

    private static Set<String> comparable(Dialect dialect, Set<String> statements) {
        return statements.stream().map(dialect::comparable).collect(Collectors.toSet());
    }

    /** Why rows of a table can't be replaced by themselves, as somebody's program would run for each. */
    public static String triggered(Table table) {
        return "table " + table.collection()
                + " has triggers, which would run for each row that is replaced: drop them, and make them again afterwards";
    }

    /** What sets counters of the tables, and those of no table, to where the backup says that they stood; nothing else that it may hold. */
    public static List<String> counters(Dialect dialect, Map<String, String> attributes, Catalog present) {
        Set<String> tables = new HashSet<>();
        present.tables().forEach(table -> tables.add(dialect.sameName(table.collection())));
        return Statements.of(attributes, "position").stream()
                .map(dialect::statement)
                .filter(statement -> statement.kind() == SchemaStatement.Type.POSITION && statement.isSafe())
                .filter(statement -> statement
                        .table()
                        .map(table -> tables.contains(dialect.sameName(table.collection(dialect.defaultSchema()))))
                        .orElse(true))
                .map(SchemaStatement::sql)
                .toList();
    }

    /** What a counter that could not be set lets a restore say that is complete but for it. */
    public static String notSet(String sql, SQLException why) {
        return "a counter stays where it stands, as the database did not execute " + sql + ": " + why.getMessage();
    }

    /** How many rows of a table refer to none by a reference, in words; empty if there are none. */
    public static Optional<String> broken(Connection connection, Dialect dialect, TableName table, Reference reference)
            throws SQLException {
        List<String> joined = new ArrayList<>();
        List<String> there = new ArrayList<>();
        for (int i = 0; i < reference.fields().size(); i++) {
            String field = "c." + dialect.quote(reference.fields().get(i));
            joined.add(field + " = p." + dialect.quote(reference.targetFields().get(i)));
            there.add(field + " IS NOT NULL");
        }
        TableName parent = TableName.of(reference.collection(), dialect.defaultSchema());
        String sql = "SELECT COUNT(*) FROM " + dialect.quote(table) + " c WHERE " + String.join(" AND ", there)
                + " AND NOT EXISTS (SELECT 1 FROM " + dialect.quote(parent) + " p WHERE "
                + String.join(" AND ", joined) + ")";
        long count = Dialect.number(connection, sql);
        return count == 0
                ? Optional.empty()
                : Optional.of(table.collection(dialect.defaultSchema()) + " -> " + reference.collection() + ": " + count
                        + " row(s)");
    }
}
