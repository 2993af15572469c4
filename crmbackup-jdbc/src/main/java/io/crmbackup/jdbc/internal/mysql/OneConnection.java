package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The moment of one connection's transaction. It takes the locks first; only the first row that is asked for afterwards makes the snapshot.
 * ({@code START TRANSACTION WITH CONSISTENT SNAPSHOT} would make it before the locks.) In between tables may have been made; the list is
 * compared. Where the log ends is asked before and after: if it didn't move, no commit became visible in between.
 */
final class OneConnection {
    private static final int ATTEMPTS = 5;

    /** So often for the sake of the position; a backup doesn't depend on it. */
    private static final int POSITION_ATTEMPTS = 3;

    private OneConnection() {}

    /**
     * Takes the moment.
     *
     * @param connections what is said about why it is one
     */
    static Moment take(MySqlFamily dialect, BorrowedConnection borrowed, ViewRequest request, String connections)
            throws IOException, SQLException {
        Connection connection = borrowed.connection();
        for (int i = 0; i < ATTEMPTS; i++) {
            List<StoredTable> before = StoredTable.all(connection);
            List<StoredTable> selected = CatalogReader.selected(before, request.filter());
            TableLocks locks = new TableLocks(dialect, selected);
            if (locks.begin(connection)) {
                Catalog catalog = new CatalogReader(connection, dialect, before).read(request.filter());
                Optional<LogPosition> position = LogPosition.of(connection);
                locks.see(connection);
                Instant at = Instant.now();
                boolean known = position.equals(LogPosition.of(connection));
                if (before.equals(StoredTable.all(connection)) && (known || i + 1 >= POSITION_ATTEMPTS)) {
                    String told = known ? position.map(LogPosition::toString).orElse("") : "";
                    return new Moment(catalog, selected, at, told, List.of(), connections, "");
                }
            }
            borrowed.endTransaction();
        }
        throw redefined();
    }

    static IOException redefined() {
        return new IOException(
                "tables of the database are being redefined all the time; repeat the backup when that is over");
    }
}
