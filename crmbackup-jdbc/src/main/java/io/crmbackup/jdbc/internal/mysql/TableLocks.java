package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Metadata locks of tables, which a transaction has from when it asks a table for none of its rows. Nobody redefines, empties or drops such a table. */
final class TableLocks {
    static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final String NO_SUCH_TABLE = "42S02";

    private final MySqlFamily dialect;
    private final List<StoredTable> tables;

    TableLocks(MySqlFamily dialect, List<StoredTable> tables) {
        this.dialect = dialect;
        this.tables = tables;
    }

    /** Begins a transaction that sees nothing yet and takes the locks; false if one of the tables is gone. */
    boolean begin(Connection connection) throws IOException, SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        Dialect.execute(connection, "START TRANSACTION READ ONLY");
        return take(connection);
    }

    /** Takes the locks for the transaction that is open; false if one of the tables is gone. */
    boolean take(Connection connection) throws IOException {
        for (StoredTable table : tables) {
            try {
                Dialect.strings(connection, "SELECT 1 FROM " + dialect.quote(table.name()) + " LIMIT 0");
                requireUnhidden(connection, table);
            } catch (SQLException e) {
                if (NO_SUCH_TABLE.equals(e.getSQLState())) {
                    return false;
                }
                throw new DatabaseException("locking table " + table.name() + " against redefinition", e);
            }
        }
        return true;
    }

    /** Fails if the session has a temporary table of the same name: it would be read instead, and the server lists it nowhere. */
    private void requireUnhidden(Connection connection, StoredTable table) throws IOException, SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW CREATE TABLE " + dialect.quote(table.name()))) {
            if (row.next() && row.getString(2).startsWith("CREATE TEMPORARY")) {
                throw new IOException(
                        "table " + table.name() + " is hidden from the connection by a temporary table of the"
                                + " same name, which somebody made over it before: drop that, or give backups a data source of their own");
            }
        }
    }

    /** Makes the snapshot of the transaction, by looking for a row; whether there is one doesn't matter. */
    void see(Connection connection) throws SQLException {
        for (StoredTable table : tables) {
            if (table.isTransactional()) {
                Dialect.strings(connection, "SELECT 1 FROM " + dialect.quote(table.name()) + " LIMIT 1");
                return;
            }
        }
    }
}
