package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.DatabaseView;
import io.crmbackup.jdbc.internal.dialect.RowCursor;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.postgres.catalog.CatalogReader;
import io.crmbackup.jdbc.internal.postgres.changes.Changes;
import io.crmbackup.jdbc.internal.postgres.changes.Position;
import io.crmbackup.jdbc.internal.postgres.rows.CopyRows;
import io.crmbackup.jdbc.internal.postgres.rows.PostgresTable;
import io.crmbackup.jdbc.internal.postgres.rows.TableRead;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.Needs;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordCursor;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One transaction's snapshot, with its tables locked against being redefined. */
final class PostgresView implements DatabaseView {
    private final BorrowedConnection borrowed;
    private final Connection connection;
    private final Instant moment;
    private final Position position;
    private final Map<String, PostgresTable> tables;
    private final Catalog catalog;
    private final List<String> counters;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final Workers workers;
    private final List<Connection> connections = new ArrayList<>();
    private final TableLockWatch watch;
    private final Changes changes;
    private @Nullable Closeable open;

    private PostgresView(BorrowedConnection borrowed, ViewRequest request, Snapshot snapshot)
            throws IOException, SQLException {
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        this.moment = snapshot.moment();
        this.position = snapshot.position();
        CatalogReader.Contents contents =
                new CatalogReader(connection, snapshot.relations(), snapshot.selected()).read();
        this.catalog = contents.catalog();
        this.tables = contents.tables();
        facts.putAll(contents.order());
        this.counters = counters(snapshot);
        facts.put(
                "consistency",
                "one moment (a repeatable-read snapshot, taken when all tables were locked against being redefined)");
        facts.put(
                "blocking",
                "none for readers and writers; who redefines or truncates a table waits, at most "
                        + request.yieldToDdl().toMillis() + " ms, then the backup gives way");
        facts.put("reading", CopyRows.isPossible(connection) ? "COPY" : "SELECT");
        facts.putAll(PostgresDialect.encoding(connection));
        // Last of all come more connections, and a thread: nothing after them may fail.
        connections.add(connection);
        this.workers = Workers.join(borrowed.dialect(), request, snapshot, connection);
        connections.addAll(workers.connections());
        facts.put("connections", Integer.toString(connections.size()));
        this.watch = new TableLockWatch(request.dataSource(), workers, request.yieldToDdl());
        this.changes = new Changes(connection, position, watch::failure);
    }

    static PostgresView open(BorrowedConnection borrowed, ViewRequest request) throws IOException, SQLException {
        return new PostgresView(borrowed, request, Snapshot.take(borrowed.connection(), request));
    }

    private List<String> counters(Snapshot snapshot) throws SQLException {
        List<String> result = new ArrayList<>();
        for (Sequence sequence : Sequence.all(connection, snapshot.relations(), snapshot.selected())) {
            facts.put(
                    Needs.attribute("position", result.size()), sequence.needs().text());
            result.add(sequence.position(connection));
        }
        return result;
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public Instant moment() {
        return moment;
    }

    @Override
    public String position() {
        return position.toString();
    }

    @Override
    public Map<String, String> facts() {
        return facts;
    }

    @Override
    public List<String> counters() {
        return counters;
    }

    @Override
    public RecordCursor read(Table table) throws IOException {
        closeOpen();
        PostgresTable own = own(table);
        try {
            watch.check("reading on", connection);
            RowCursor cursor = new RowCursor(own.table(), new TableRead(own).all(connections), watch::failure);
            open = cursor;
            return cursor;
        } catch (SQLException e) {
            throw watch.failure("reading table " + table.collection(), e);
        }
    }

    @Override
    public ChangeDetection changesSince(Table table, FormerCapture former) throws IOException {
        closeOpen();
        try {
            watch.check("reading on", connection);
        } catch (SQLException e) {
            throw watch.failure("looking for changes in table " + table.collection(), e);
        }
        ChangeDetection detection = changes.since(former, own(table));
        if (detection instanceof ChangeDetection.Found found) {
            open = found.changes();
        }
        return detection;
    }

    @Override
    public MarkCursor marks(Table table) throws IOException {
        closeOpen();
        return changes.marks(own(table));
    }

    private PostgresTable own(Table table) {
        return Objects.requireNonNull(tables.get(table.collection()), "a table of the catalog");
    }

    private void closeOpen() throws IOException {
        if (open != null) {
            Closeable last = open;
            open = null;
            last.close();
        }
    }

    @Override
    public void close() throws IOException {
        watch.stop();
        try (watch;
                borrowed;
                workers) {
            closeOpen();
        } catch (SQLException e) {
            // Where the view gave way it had the server end the connection.
            if (!watch.gaveWay()) {
                throw new DatabaseException("closing the view of the database", e);
            }
        }
    }
}
