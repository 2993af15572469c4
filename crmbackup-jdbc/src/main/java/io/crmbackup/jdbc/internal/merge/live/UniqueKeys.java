package io.crmbackup.jdbc.internal.merge.live;

import io.crmbackup.jdbc.internal.dialect.Table;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what else identifies rows of a table, besides its key: unique indexes of whole columns over all rows. */
public final class UniqueKeys {
    private UniqueKeys() {}

    /**
     * One of them.
     *
     * @param nulls whether rows without value can have the same others
     */
    public record Index(List<String> columns, Nulls nulls) {
        public enum Nulls {
            DISTINCT,
            EQUAL
        }
    }

    public static List<Index> of(LiveDatabase database, Table table) throws SQLException {
        Connection connection = database.connection();
        Set<String> equalNulls = database.dialect().indexesOfEqualNulls(connection, table.name());
        Map<String, List<String>> indexes = new LinkedHashMap<>();
        List<String> unfit = new ArrayList<>();
        String schema = table.name().schema().isEmpty() ? null : table.name().schema();
        try (ResultSet rows = connection
                .getMetaData()
                .getIndexInfo(connection.getCatalog(), schema, table.name().table(), true, true)) {
            while (rows.next()) {
                String index = rows.getString("INDEX_NAME");
                if (rows.getShort("TYPE") != DatabaseMetaData.tableIndexStatistic && index != null) {
                    String column = rows.getString("COLUMN_NAME");
                    indexes.computeIfAbsent(index, i -> new ArrayList<>()).add(String.valueOf(column));
                    if (column == null
                            || table.schema().indexOf(column) < 0
                            || rows.getString("FILTER_CONDITION") != null) {
                        unfit.add(index);
                    }
                }
            }
        }
        indexes.keySet().removeAll(unfit);
        return indexes.entrySet().stream()
                .filter(index -> !index.getValue().equals(table.schema().key()))
                .map(index -> new Index(
                        index.getValue(),
                        equalNulls.contains(index.getKey()) ? Index.Nulls.EQUAL : Index.Nulls.DISTINCT))
                .distinct()
                .toList();
    }
}
