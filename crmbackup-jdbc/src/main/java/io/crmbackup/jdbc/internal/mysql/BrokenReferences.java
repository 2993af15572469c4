package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.RowsAlone;
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
                RowsAlone.broken(connection, dialect, new TableName("", table.name()), reference)
                        .ifPresent(result::add);
            }
        }
        return result;
    }
}
