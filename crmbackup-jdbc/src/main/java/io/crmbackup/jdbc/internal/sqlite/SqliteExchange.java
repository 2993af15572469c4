package io.crmbackup.jdbc.internal.sqlite;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TableCursor;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One transaction, which is the one that writes from its begin. With a write-ahead log others read what was there up to the commit; with a rollback
 * journal they have to wait for the end, or the transaction for theirs, as soon as it is larger than the page cache.
 */
final class SqliteExchange implements Exchange {
    private final Connection connection;
    private final Dialect dialect;
    private final Map<String, String> attributes;
    private final TableFilter filter;

    SqliteExchange(BorrowedConnection borrowed, Map<String, String> attributes, TableFilter filter) {
        this.connection = borrowed.connection();
        this.dialect = borrowed.dialect();
        this.attributes = attributes;
        this.filter = filter;
    }

    @Override
    public Outlook foresee(Catalog present, Set<String> statements) throws SQLException {
        List<String> objections = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        String journal = Dialect.strings(connection, "PRAGMA journal_mode").get(0);
        if (!journal.equals("wal")) {
            notes.add("others may have to wait for the end of the restore, or it for theirs, as the journal mode is "
                    + journal + ": with WAL they read on");
        }
        return new Outlook(objections, notes);
    }

    @Override
    public void hold() throws IOException, SQLException {
        dialect.prepareRestore(connection, attributes);
        // Not by the driver, which begins transactions as the data source says.
        Dialect.execute(connection, "BEGIN IMMEDIATE");
    }

    @Override
    public void makeRoom() throws IOException, SQLException {
        Catalog present = dialect.catalog(connection, filter);
        for (String view : Dialect.strings(connection, "SELECT name FROM main.sqlite_schema WHERE type = 'view'")) {
            Dialect.execute(connection, "DROP VIEW main." + dialect.quote(view));
        }
        // With a virtual table goes what holds its content.
        Set<String> owners = new TreeSet<>();
        for (Table table : present.tables()) {
            String owner = table.schema().attributes().get(SqliteCatalog.PART_OF);
            if (owner == null) {
                Dialect.execute(connection, "DROP TABLE " + dialect.quote(table.name()));
            } else {
                owners.add(owner);
            }
        }
        for (String owner : owners) {
            Dialect.execute(connection, "DROP TABLE main." + dialect.quote(owner));
        }
        Dialect.execute(connection, "PRAGMA user_version = 0");
        Dialect.execute(connection, "PRAGMA application_id = 0");
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public void make(String sql) throws SQLException {
        for (String step : VirtualTables.steps(sql)) {
            Dialect.execute(connection, step);
        }
    }

    @Override
    public Catalog written() throws IOException, SQLException {
        return dialect.catalog(connection, filter);
    }

    @Override
    public RecordCursor read(Table table) throws IOException {
        return new TableCursor(connection, dialect, table, rows -> {});
    }

    @Override
    public List<String> complete() throws SQLException {
        Dialect.execute(connection, "COMMIT");
        return List.of();
    }
}
