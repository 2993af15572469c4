package io.crmbackup.jdbc.internal.merge.reference;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Reference;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How the database treats references, by what every driver tells. Used by one thread at a time. */
public final class ForeignKeys {
    private final Connection connection;
    private final Map<String, Map<Set<String>, Traits>> byTable = new HashMap<>();

    private record Traits(boolean deferrable, boolean cascades, boolean holds) {}

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

    /** Not by the keys' names, of which some databases have none. */
    private Traits traits(Table table, Reference reference) throws SQLException {
        Map<Set<String>, Traits> known = byTable.get(table.collection());
        if (known == null) {
            known = read(table);
            byTable.put(table.collection(), known);
        }
        return known.getOrDefault(Set.copyOf(reference.fields()), new Traits(false, false, false));
    }

    private Map<Set<String>, Traits> read(Table table) throws SQLException {
        Map<String, Set<String>> columns = new HashMap<>();
        Map<String, Traits> traits = new HashMap<>();
        String schema = table.name().schema().isEmpty() ? null : table.name().schema();
        try (ResultSet rows = connection
                .getMetaData()
                .getImportedKeys(connection.getCatalog(), schema, table.name().table())) {
            int key = 0;
            while (rows.next()) {
                key += rows.getInt("KEY_SEQ") == 1 ? 1 : 0;
                String name = key + "/" + rows.getString("PKTABLE_NAME");
                columns.computeIfAbsent(name, n -> new HashSet<>()).add(rows.getString("FKCOLUMN_NAME"));
                traits.put(
                        name,
                        new Traits(
                                rows.getInt("DEFERRABILITY") != DatabaseMetaData.importedKeyNotDeferrable,
                                rows.getInt("DELETE_RULE") == DatabaseMetaData.importedKeyCascade,
                                List.of(DatabaseMetaData.importedKeyNoAction, DatabaseMetaData.importedKeyRestrict)
                                        .contains((int) rows.getShort("DELETE_RULE"))));
            }
        }
        Map<Set<String>, Traits> result = new HashMap<>();
        traits.forEach((name, value) -> result.put(Set.copyOf(columns.getOrDefault(name, Set.of())), value));
        return result;
    }
}
