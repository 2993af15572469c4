package io.crmbackup.jdbc.internal.standard;

import io.crmbackup.jdbc.internal.sql.References;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Reference;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keys of tables, as every driver tells them. */
public final class StandardKeys {
    private StandardKeys() {}

    /** The columns of a table's primary key in its order; none if it has none. */
    public static List<String> primary(Connection connection, TableName name) throws SQLException {
        Map<Integer, String> columns = new TreeMap<>();
        try (ResultSet rows =
                connection.getMetaData().getPrimaryKeys(connection.getCatalog(), schema(name), name.table())) {
            while (rows.next()) {
                columns.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(columns.values());
    }

    /** The foreign keys of a table, by name; those to tables of another catalog are left out. */
    public static List<Reference> foreign(Connection connection, TableName name, String defaultSchema)
            throws SQLException {
        record Part(int sequence, Reference reference) {}
        Map<String, List<Part>> found = new LinkedHashMap<>();
        String key = "";
        try (ResultSet rows =
                connection.getMetaData().getImportedKeys(connection.getCatalog(), schema(name), name.table())) {
            while (rows.next()) {
                TableName target = new TableName(text(rows.getString("PKTABLE_SCHEM")), rows.getString("PKTABLE_NAME"));
                String constraint = text(rows.getString("FK_NAME"));
                int sequence = rows.getInt("KEY_SEQ");
                // Keys without names follow one another, each from 1 on.
                key = !constraint.isEmpty() ? "n" + constraint : sequence == 1 ? "u" + found.size() : key;
                Reference part = new Reference(
                        constraint,
                        List.of(rows.getString("FKCOLUMN_NAME")),
                        target.collection(defaultSchema),
                        List.of(rows.getString("PKCOLUMN_NAME")));
                found.computeIfAbsent(key, k -> new ArrayList<>()).add(new Part(sequence, part));
            }
        }
        List<Reference> references = new ArrayList<>();
        for (List<Part> parts : found.values()) {
            parts.sort((a, b) -> Integer.compare(a.sequence(), b.sequence()));
            references.add(
                    parts.stream().map(Part::reference).reduce(References::join).orElseThrow());
        }
        references.sort((a, b) -> a.toString().compareTo(b.toString()));
        return references;
    }

    static @Nullable String schema(TableName name) {
        return name.schema().isEmpty() ? null : name.schema();
    }

    static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
