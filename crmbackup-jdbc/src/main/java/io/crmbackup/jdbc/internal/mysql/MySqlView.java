package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.DatabaseView;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.RowCursor;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.mysql.changes.ChangeFinder;
import io.crmbackup.jdbc.internal.mysql.rows.KeyRanges;
import io.crmbackup.jdbc.internal.mysql.rows.LargeRows;
import io.crmbackup.jdbc.internal.mysql.rows.TableRows;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Read-only transactions of one connection or several that see all tables as they were at one moment.
 *
 * <p>InnoDB's snapshot alone is not enough: a table that is truncated after it is silently empty, one that is altered can't be read. So the
 * metadata lock of every table is taken before the snapshot, by asking for none of its rows: from then on nobody redefines it, while rows are
 * read and written as ever. {@link OneConnection} and {@link SeveralConnections} say how.
 */
final class MySqlView implements DatabaseView {
    private final MySqlFamily dialect;
    private final BorrowedConnection borrowed;
    private final Connection connection;
    private final List<Connection> connections = new ArrayList<>();
    private final Moment moment;
    private final Catalog catalog;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<String> counters;
    private final Set<String> outside;
    private final ChangeFinder changes;
    private final WaiterWatch watch;
    private @Nullable RecordCursor open;

    private MySqlView(MySqlFamily dialect, BorrowedConnection borrowed, Moment moment, ViewRequest request)
            throws IOException, SQLException {
        this.dialect = dialect;
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        connections.add(connection);
        moment.more().forEach(reader -> connections.add(reader.connection()));
        this.moment = moment;
        this.catalog = moment.catalog();
        this.outside = moment.selected().stream()
                .filter(table -> !table.isTransactional())
                .map(table -> table.name())
                .collect(Collectors.toCollection(TreeSet::new));
        this.changes = new ChangeFinder(connection, dialect);
        describe();
        for (Table table : catalog.tables()) {
            probe(table);
        }
        this.counters = Counters.of(connection, dialect, catalog);
        this.watch = WaiterWatch.over(connections, dialect, request);
    }

    static MySqlView open(MySqlFamily dialect, BorrowedConnection borrowed, ViewRequest request)
            throws IOException, SQLException {
        Connection connection = borrowed.connection();
        if (connection.getCatalog() == null || connection.getCatalog().isEmpty()) {
            throw new IOException("the connection names no database; say in its URL which one is to be captured");
        }
        Rights.of(connection).check(request.filter());
        Moment moment = moment(dialect, borrowed, request);
        try {
            return new MySqlView(dialect, borrowed, moment, request);
        } catch (IOException | SQLException | RuntimeException e) {
            try {
                BorrowedConnection.close(moment.more());
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private static Moment moment(MySqlFamily dialect, BorrowedConnection borrowed, ViewRequest request)
            throws IOException, SQLException {
        String connections = "1";
        if (request.connections() > 1) {
            try {
                return SeveralConnections.take(dialect, borrowed, request);
            } catch (NotShareable e) {
                connections = "1: " + e.why();
            }
        }
        SessionSettings.read(borrowed.connection(), request.lockTimeout());
        return OneConnection.take(dialect, borrowed, request, connections);
    }

    private void describe() {
        facts.put(
                "consistency",
                "one moment (a snapshot transaction" + (outside.isEmpty() ? ")" : "), but for notOfTheMoment"));
        if (!outside.isEmpty()) {
            facts.put("notOfTheMoment", String.join("\n", outside));
        }
        facts.put(
                "blocking",
                "none of readers and writers" + (outside.isEmpty() ? "" : ", but for writers of notOfTheMoment")
                        + "; who redefines or truncates a table waits for the end"
                        + (moment.blocking().isEmpty() ? "" : "; " + moment.blocking()));
        facts.put("connections", moment.connections());
    }

    /** So a table that can't be read fails by name before any row of another one is given out. */
    private void probe(Table table) throws DatabaseException {
        try {
            Dialect.strings(connection, dialect.select(table) + " LIMIT 0");
        } catch (SQLException e) {
            throw new DatabaseException("reading table " + table.collection(), e);
        }
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public Instant moment() {
        return moment.at();
    }

    @Override
    public String position() {
        return moment.position();
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
        String doing = "reading table " + table.collection();
        watch.check(doing);
        try {
            List<String> ranges = ranges(table);
            RecordCursor rows = ranges.size() < 2
                    ? TableRows.all(connection, dialect, table)
                    : new RowCursor(
                            table, ParallelRead.of(connections, dialect, table, ranges), DatabaseException::new);
            RecordCursor measured = new MeasuredCursor(rows, (count, nanos) -> changes.wasRead(table, count, nanos));
            open = new YieldingCursor(measured, watch, table.collection());
            return open;
        } catch (SQLException e) {
            throw watch.failure(doing, e);
        } catch (IOException e) {
            throw watch.failure(doing, e);
        }
    }

    /** Ranges that several connections are to read; none where one has to, as it goes back for the pieces of large values. */
    private List<String> ranges(Table table) throws IOException, SQLException {
        if (connections.size() == 1 || isOutside(table)) {
            return List.of();
        }
        List<String> ranges = KeyRanges.of(connection, dialect, table);
        LargeRows large = new LargeRows(dialect, table, "");
        return ranges.size() < 2
                        || large.areThereNone()
                        || large.find(connection).isEmpty()
                ? ranges
                : List.of();
    }

    private boolean isOutside(Table table) {
        return outside.contains(table.name().table());
    }

    private void closeOpen() throws IOException {
        if (open != null) {
            RecordCursor last = open;
            open = null;
            last.close();
        }
    }

    @Override
    public ChangeDetection changesSince(Table table, FormerCapture former) throws IOException {
        closeOpen();
        return isOutside(table)
                ? ChangeDetection.readAll("its engine can't show it as of one moment")
                : changes.since(table, former);
    }

    @Override
    public MarkCursor marks(Table table) throws IOException {
        closeOpen();
        return isOutside(table) ? MarkCursor.none() : changes.marks(table);
    }

    @Override
    public void close() throws IOException {
        try (watch;
                borrowed) {
            try {
                // Drivers take in the rest of a table that is left early, so it is still watched whether somebody
                // waits.
                closeOpen();
            } finally {
                watch.stop();
                BorrowedConnection.close(moment.more());
            }
        } catch (IOException e) {
            // Where the view gave way its connections were closed by the server: there is nothing to set back.
            if (!watch.gaveWay()) {
                throw e;
            }
        } catch (SQLException e) {
            if (!watch.gaveWay()) {
                throw new DatabaseException("closing the view of the database", e);
            }
        }
    }
}
