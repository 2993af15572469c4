package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.DatabaseView;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A read-only transaction of one connection that sees all tables as they were at one moment.
 *
 * <p>InnoDB's snapshot alone is not enough: a table that is truncated after it is silently empty, one that is altered can't be read. So
 * the transaction first touches every table with {@code LIMIT 0}, which takes the table's metadata lock and reads nothing: from then on nobody
 * redefines it, while rows are read and written as ever. Only the first row that is asked for afterwards makes the snapshot. ({@code START
 * TRANSACTION WITH CONSISTENT SNAPSHOT} would make it before the locks.) In between tables may have been made; the list is compared.
 */
final class MySqlView implements DatabaseView {
    private static final int ATTEMPTS = 5;
    private static final String NO_SUCH_TABLE = "42S02";

    private final MySqlFamily dialect;
    private final BorrowedConnection borrowed;
    private final Connection connection;
    private final Catalog catalog;
    private final Instant moment;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<String> counters;
    private final Set<String> outside;
    private final ChangeFinder changes;
    private final WaiterWatch watch;
    private @Nullable RecordCursor open;

    private MySqlView(
            MySqlFamily dialect,
            BorrowedConnection borrowed,
            Catalog catalog,
            List<StoredTable> selected,
            Instant moment,
            ViewRequest request)
            throws IOException, SQLException {
        this.dialect = dialect;
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        this.catalog = catalog;
        this.moment = moment;
        this.outside = selected.stream()
                .filter(table -> !table.isTransactional())
                .map(table -> table.name())
                .collect(Collectors.toCollection(TreeSet::new));
        this.changes = new ChangeFinder(connection, dialect);
        describe(request);
        for (Table table : catalog.tables()) {
            probe(table);
        }
        this.counters = Counters.of(connection, dialect, catalog);
        this.watch = WaiterWatch.over(List.of(connection), dialect, request);
    }

    static MySqlView open(MySqlFamily dialect, BorrowedConnection borrowed, ViewRequest request)
            throws IOException, SQLException {
        Connection connection = borrowed.connection();
        if (connection.getCatalog() == null || connection.getCatalog().isEmpty()) {
            throw new IOException("the connection names no database; say in its URL which one is to be captured");
        }
        SessionSettings.read(connection, seconds(request.lockTimeout()));
        Rights.of(connection).check(request.filter());
        for (int i = 0; i < ATTEMPTS; i++) {
            List<StoredTable> before = StoredTable.all(connection);
            List<StoredTable> selected = CatalogReader.selected(before, request.filter());
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Dialect.execute(connection, "START TRANSACTION READ ONLY");
            if (!lock(connection, dialect, selected)) {
                borrowed.endTransaction();
                continue;
            }
            Catalog catalog = new CatalogReader(connection, dialect, before).read(request.filter());
            see(connection, dialect, selected);
            Instant moment = Instant.now();
            if (before.equals(StoredTable.all(connection))) {
                return new MySqlView(dialect, borrowed, catalog, selected, moment, request);
            }
            borrowed.endTransaction();
        }
        throw new IOException(
                "tables of the database are being redefined all the time; repeat the backup when that is over");
    }

    private static long seconds(Duration time) {
        return Math.max(1, time.plusMillis(999).toSeconds());
    }

    /** False if one of the tables is gone. */
    private static boolean lock(Connection connection, MySqlFamily dialect, List<StoredTable> tables)
            throws IOException {
        for (StoredTable table : tables) {
            try {
                Dialect.strings(connection, "SELECT 1 FROM " + dialect.quote(table.name()) + " LIMIT 0");
            } catch (SQLException e) {
                if (NO_SUCH_TABLE.equals(e.getSQLState())) {
                    return false;
                }
                throw new DatabaseException("locking table " + table.name() + " against redefinition", e);
            }
        }
        return true;
    }

    /** Makes the snapshot, by looking for a row; whether there is one doesn't matter. */
    private static void see(Connection connection, MySqlFamily dialect, List<StoredTable> tables) throws SQLException {
        for (StoredTable table : tables) {
            if (table.isTransactional()) {
                Dialect.strings(connection, "SELECT 1 FROM " + dialect.quote(table.name()) + " LIMIT 1");
                return;
            }
        }
    }

    private void describe(ViewRequest request) {
        facts.put(
                "consistency",
                "one moment (a snapshot transaction" + (outside.isEmpty() ? ")" : "), but for notOfTheMoment"));
        if (!outside.isEmpty()) {
            facts.put("notOfTheMoment", String.join("\n", outside));
        }
        facts.put(
                "blocking",
                "none of readers and writers" + (outside.isEmpty() ? "" : ", but for writers of notOfTheMoment")
                        + "; who redefines or truncates a table waits for the end");
        if (request.connections() > 1) {
            facts.put("connections", "1");
        }
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
        return moment;
    }

    @Override
    public String position() {
        return "";
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
        if (open != null) {
            open.close();
        }
        watch.check("reading table " + table.collection());
        RecordCursor rows = TableRows.all(connection, dialect, table);
        open = new YieldingCursor(rows, watch, table.collection());
        return open;
    }

    @Override
    public ChangeDetection changesSince(Table table, FormerCapture former) throws IOException {
        return outside.contains(table.name().table())
                ? ChangeDetection.readAll("its engine can't show it as of one moment")
                : changes.since(table, former);
    }

    @Override
    public MarkCursor marks(Table table) throws IOException {
        return outside.contains(table.name().table()) ? MarkCursor.none() : changes.marks(table);
    }

    @Override
    public void close() throws IOException {
        watch.stop();
        try (watch;
                borrowed) {
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            if (watch.gaveWay()) {
                // Its connection was closed by the server: there is nothing to set back.
                return;
            }
            throw new DatabaseException("closing the view of the database", e);
        }
    }
}
