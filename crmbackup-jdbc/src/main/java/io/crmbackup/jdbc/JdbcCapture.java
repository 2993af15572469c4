package io.crmbackup.jdbc;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database's tables in one view. The catalog is read before the view opens, and must not have changed then: it may
 * lie outside of the view. */
final class JdbcCapture implements Capture {
    private static final int ATTEMPTS = 5;

    private final BorrowedConnection borrowed;
    private final Connection connection;
    private final Dialect dialect;
    private final Catalog catalog;
    private final Instant moment;
    private final Map<String, String> attributes;
    private final Map<String, Dialect.TableWatch> watches = new LinkedHashMap<>();
    private @Nullable TableCursor open;
    private boolean closed;

    private JdbcCapture(BorrowedConnection borrowed, Catalog catalog, Instant moment, int connections)
            throws IOException, SQLException {
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        this.dialect = borrowed.dialect();
        this.catalog = catalog;
        this.moment = moment;
        this.attributes = attributes(connections);
        for (Table table : catalog.tables()) {
            // Besides, a table that can't be read fails here, by name, before any row of another one is given out.
            try {
                watches.put(table.collection(), dialect.watch(connection, table));
                probe(table);
            } catch (SQLException e) {
                throw new DatabaseException("reading table " + table.collection(), e);
            }
        }
    }

    static JdbcCapture open(DataSource dataSource, TableFilter filter, int connections) throws IOException {
        BorrowedConnection borrowed;
        try {
            borrowed = BorrowedConnection.from(dataSource);
        } catch (SQLException e) {
            throw new DatabaseException("connecting to the database", e);
        }
        try {
            Connection connection = borrowed.connection();
            Dialect dialect = borrowed.dialect();
            for (int i = 0; i < ATTEMPTS; i++) {
                List<String> before = dialect.state(connection);
                Catalog catalog = dialect.catalog(connection, filter);
                if (catalog.tables().isEmpty()) {
                    // SQLite makes an empty database of a path that leads nowhere; a typing error must not look like a
                    // backup.
                    throw new IOException(
                            filter.equals(TableFilter.ALL)
                                    ? "the database has no tables; is it the right one?"
                                    : "no table of the database would be captured" + filter);
                }
                dialect.openView(connection);
                Instant moment = Instant.now();
                if (before.equals(dialect.state(connection))) {
                    return new JdbcCapture(borrowed, catalog, moment, connections);
                }
                borrowed.endTransaction();
            }
            throw new IOException(
                    "tables of the database are being redefined all the time; repeat the backup when that is over");
        } catch (SQLException e) {
            DatabaseException failure = new DatabaseException("opening a view of the database", e);
            close(borrowed, failure);
            throw failure;
        } catch (IOException | RuntimeException e) {
            close(borrowed, e);
            throw e;
        }
    }

    private static void close(BorrowedConnection borrowed, Exception failure) {
        try {
            borrowed.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private Map<String, String> attributes(int connections) throws IOException, SQLException {
        if (catalog.tables().stream().anyMatch(table -> table.name().table().equals(Dialect.MARKER))) {
            throw new IOException("the database is a restore that was not finished: it has a table " + Dialect.MARKER);
        }
        Map<String, String> all = new LinkedHashMap<>();
        DatabaseMetaData meta = connection.getMetaData();
        all.put("product", dialect.product());
        all.put("version", meta.getDatabaseProductVersion());
        all.put("driver", meta.getDriverName() + " " + meta.getDriverVersion());
        all.putAll(dialect.description(connection));
        if (connections > 1) {
            all.put("connections", "1: this database shows one moment to one connection only");
        }
        all.put("leftOut", String.join("\n", catalog.leftOut()));
        Statements.put(all, "before", catalog.before());
        Statements.put(all, "after", catalog.after());
        Statements.put(all, "position", dialect.positions(connection, catalog));
        return Map.copyOf(all);
    }

    private void probe(Table table) throws SQLException {
        try (var statement = connection.prepareStatement(dialect.select(table))) {
            statement.getMetaData();
        }
    }

    @Override
    public Instant moment() {
        return moment;
    }

    @Override
    public String position() {
        return "";
    }

    @Override
    public Map<String, String> attributes() {
        return attributes;
    }

    @Override
    public List<CapturedCollection> collections() {
        return catalog.tables().stream().map(Table::captured).toList();
    }

    @Override
    public RecordCursor read(String collection) throws IOException {
        if (closed) {
            throw new IllegalStateException("the capture is closed");
        }
        if (open != null) {
            open.close();
        }
        for (Table table : catalog.tables()) {
            if (table.collection().equals(collection)) {
                open = new TableCursor(connection, dialect, table, watch(table));
                return open;
            }
        }
        throw new IllegalArgumentException("the capture has no collection " + collection);
    }

    private Dialect.TableWatch watch(Table table) {
        return watches.getOrDefault(table.collection(), rows -> {});
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (borrowed) {
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            throw new DatabaseException("closing the view of the database", e);
        }
    }
}
