package io.crmbackup.jdbc.internal.capture;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.DatabaseView;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.product.Dialects;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordCursor;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A view of a database as a capture: its tables are the collections. */
public final class JdbcCapture implements Capture {
    private final DatabaseView view;
    private final Map<String, String> attributes;
    private boolean closed;

    private JdbcCapture(DatabaseView view, Map<String, String> attributes) {
        this.view = view;
        this.attributes = attributes;
    }

    /** Connects, and opens a view of the database that is there. */
    public static JdbcCapture open(ViewRequest request) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            // Some drivers forget that the thread was interrupted.
            throw new InterruptedIOException("interrupted before the database was connected to");
        }
        BorrowedConnection borrowed = connect(request);
        Closeable open = () -> close(borrowed);
        try {
            DatabaseMetaData meta = borrowed.connection().getMetaData();
            Map<String, String> attributes = new LinkedHashMap<>();
            attributes.put("product", borrowed.dialect().product());
            attributes.put("version", meta.getDatabaseProductVersion());
            attributes.put("driver", meta.getDriverName() + " " + meta.getDriverVersion());
            DatabaseView view = borrowed.dialect().openView(borrowed, request);
            open = view;
            check(view.catalog(), request.filter());
            describe(view, attributes);
            return new JdbcCapture(view, Map.copyOf(attributes));
        } catch (SQLException e) {
            DatabaseException failure = new DatabaseException("opening a view of the database", e);
            closeAfter(failure, open);
            throw failure;
        } catch (IOException | RuntimeException e) {
            closeAfter(e, open);
            throw e;
        }
    }

    private static BorrowedConnection connect(ViewRequest request) throws IOException {
        try {
            return BorrowedConnection.from(request.dataSource(), Dialects::of);
        } catch (SQLException e) {
            throw new DatabaseException("connecting to the database", e);
        }
    }

    private static void close(BorrowedConnection borrowed) throws IOException {
        try {
            borrowed.close();
        } catch (SQLException e) {
            throw new DatabaseException("giving the connection back", e);
        }
    }

    private static void closeAfter(Exception failure, Closeable open) {
        try {
            open.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void check(Catalog catalog, TableFilter filter) throws IOException {
        if (catalog.tables().isEmpty()) {
            // SQLite makes an empty database of a path that leads nowhere; a typing error must not look like a backup.
            throw new IOException(
                    filter.equals(TableFilter.ALL)
                            ? "the database has no tables; is it the right one?"
                            : "no table of the database would be captured" + filter);
        }
        if (catalog.tables().stream().anyMatch(table -> table.name().table().equals(Dialect.MARKER))) {
            throw new IOException("the database is a restore that was not finished: it has a table " + Dialect.MARKER);
        }
    }

    private static void describe(DatabaseView view, Map<String, String> attributes) {
        attributes.putAll(view.facts());
        attributes.put("leftOut", String.join("\n", view.catalog().leftOut()));
        Statements.put(attributes, "before", view.catalog().before());
        Statements.put(attributes, "after", view.catalog().after());
        Statements.put(attributes, "position", view.counters());
    }

    @Override
    public Instant moment() {
        return view.moment();
    }

    @Override
    public String position() {
        return view.position();
    }

    @Override
    public Map<String, String> attributes() {
        return attributes;
    }

    @Override
    public List<CapturedCollection> collections() {
        return view.catalog().tables().stream().map(Table::captured).toList();
    }

    @Override
    public RecordCursor read(String collection) throws IOException {
        return view.read(table(collection));
    }

    @Override
    public ChangeDetection changesSince(String collection, FormerCapture former) throws IOException {
        return view.changesSince(table(collection), former);
    }

    @Override
    public MarkCursor marks(String collection) throws IOException {
        return view.marks(table(collection));
    }

    private Table table(String collection) {
        if (closed) {
            throw new IllegalStateException("the capture is closed");
        }
        return view.catalog().tables().stream()
                .filter(table -> table.collection().equals(collection))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the capture has no collection " + collection));
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            view.close();
        }
    }
}
