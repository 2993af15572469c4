package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Reference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows that refer to none: the server never looks for them among rows that were written while it did not check. */
final class BrokenReferences {
    private final Connection connection;
    private final MySqlFamily dialect;

    BrokenReferences(Connection connection, MySqlFamily dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** What was found, in words. */
    List<String> found() throws SQLException {
        List<String> result = new ArrayList<>();
        Keys keys = Keys.of(connection);
        for (StoredTable table : StoredTable.all(connection)) {
            for (Reference reference : keys.references(table.name())) {
                String count = Dialect.strings(connection, query(table.name(), reference))
                        .get(0);
                if (!count.equals("0")) {
                    result.add(table.name() + " -> " + reference.collection() + ": " + count + " row(s)");
                }
            }
        }
        return result;
    }

    private String query(String table, Reference reference) {
        List<String> joined = new ArrayList<>();
        List<String> there = new ArrayList<>();
        for (int i = 0; i < reference.fields().size(); i++) {
            String field = "c." + dialect.quote(reference.fields().get(i));
            joined.add(field + " = p." + dialect.quote(reference.targetFields().get(i)));
            there.add(field + " IS NOT NULL");
        }
        String parent = TableName.of(reference.collection(), "").table();
        return "SELECT COUNT(*) FROM " + dialect.quote(table) + " c WHERE " + String.join(" AND ", there)
                + " AND NOT EXISTS (SELECT 1 FROM " + dialect.quote(parent) + " p WHERE " + String.join(" AND ", joined)
                + ")";
    }
}
