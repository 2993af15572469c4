package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that is captured.
 *
 * @param columns those that are captured, in the order of the schema's fields
 */
public record PostgresTable(Relation relation, List<Column> columns, Table table) {
    public PostgresTable {
        columns = List.copyOf(columns);
    }

    /** The columns of the key, in its order. */
    public List<Column> key() {
        List<Column> key = new ArrayList<>();
        for (int index : table.schema().keyIndexes()) {
            key.add(columns.get(index));
        }
        return key;
    }
}
