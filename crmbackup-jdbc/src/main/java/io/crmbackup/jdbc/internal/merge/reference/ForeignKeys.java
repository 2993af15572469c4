package io.crmbackup.jdbc.internal.merge.reference;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Reference;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** How the database treats references, by what every driver tells. Used by one thread at a time. */
public final class ForeignKeys {
    private final Connection connection;
    private final Map<String, Map<Reference, Traits>> byTable = new HashMap<>();

    private record Traits(boolean deferrable, boolean cascades, boolean holds) {
        static final Traits NONE = new Traits(false, false, false);

        /** What may become of rows, if it can't be told which of two keys it is. */
        Traits or(Traits other) {
            return new Traits(deferrable && other.deferrable, cascades || other.cascades, holds || other.holds);
        }
    }

    /** One column of a key to a table; drivers tell columns of several keys to the same table in any order. */
    private record Part(String name, String parent, String column, Traits traits) {
        /** Whether it may belong to a reference; SQLite tells names as they are written in the key, in capitals or not. */
        boolean leads(String from, Reference reference) {
            return column.equalsIgnoreCase(from)
                    && parent.equalsIgnoreCase(
                            TableName.of(reference.collection(), "").table());
        }
    }

    public ForeignKeys(Connection connection) {
        this.connection = connection;
    }

    /** Whether a reference may be broken until the transaction ends. */
    public boolean isDeferrable(Table table, Reference reference) throws SQLException {
        return traits(table, reference).deferrable();
    }

    /** Whether the database deletes rows with those that they refer to. */
    public boolean cascades(Link link) throws SQLException {
        return link.origin() == Link.Origin.DATABASE
                && traits(link.child(), link.reference()).cascades();
    }

    /** Whether the database refuses to delete rows that others refer to. */
    public boolean holds(Link link) throws SQLException {
        return link.origin() == Link.Origin.DATABASE
                && traits(link.child(), link.reference()).holds();
    }

    private Traits traits(Table table, Reference reference) throws SQLException {
        Map<Reference, Traits> known = byTable.get(table.collection());
        if (known == null) {
            known = new HashMap<>();
            List<Part> parts = read(table);
            for (Reference each : table.schema().references()) {
                known.put(each, traits(each, parts));
            }
            byTable.put(table.collection(), known);
        }
        return known.getOrDefault(reference, Traits.NONE);
    }

    /** Some databases have keys without names: what is true of such a key is true of each of its columns. */
    private static Traits traits(Reference reference, List<Part> parts) {
        String name = reference.name();
        boolean named = !name.isEmpty() && parts.stream().map(Part::name).anyMatch(name::equals);
        Set<Traits> possible = parts.stream().map(Part::traits).collect(Collectors.toSet());
        for (String field : reference.fields()) {
            possible.retainAll(parts.stream()
                    .filter(part -> named ? part.name().equals(name) : part.leads(field, reference))
                    .map(Part::traits)
                    .toList());
        }
        return possible.stream().reduce(Traits::or).orElse(Traits.NONE);
    }

    private List<Part> read(Table table) throws SQLException {
        List<Part> parts = new ArrayList<>();
        String schema = table.name().schema().isEmpty() ? null : table.name().schema();
        try (ResultSet rows = connection
                .getMetaData()
                .getImportedKeys(connection.getCatalog(), schema, table.name().table())) {
            while (rows.next()) {
                int rule = rows.getInt("DELETE_RULE");
                Traits traits = new Traits(
                        rows.getInt("DEFERRABILITY") != DatabaseMetaData.importedKeyNotDeferrable,
                        rule == DatabaseMetaData.importedKeyCascade,
                        rule == DatabaseMetaData.importedKeyNoAction || rule == DatabaseMetaData.importedKeyRestrict);
                parts.add(new Part(
                        Objects.requireNonNullElse(rows.getString("FK_NAME"), ""),
                        rows.getString("PKTABLE_NAME"),
                        rows.getString("FKCOLUMN_NAME"),
                        traits));
            }
        }
        return parts;
    }
}
