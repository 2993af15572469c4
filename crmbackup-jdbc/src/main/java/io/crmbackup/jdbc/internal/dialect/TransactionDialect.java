package io.crmbackup.jdbc.internal.dialect;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A product that shows one moment to one connection: a transaction is the view. */
public abstract class TransactionDialect extends Dialect {
    /** Notices if a table was changed in a way that the view doesn't cover, and if the view is in others' way. */
    @FunctionalInterface
    public interface TableWatch {
        /** Called before each row; fails if the view has to give way. */
        default void proceed() throws IOException, SQLException {}

        /** Called after the last row, with their number; fails if they may not be those of the view. */
        void check(long rows) throws IOException, SQLException;
    }

    @Override
    public final DatabaseView openView(BorrowedConnection borrowed, ViewRequest request)
            throws IOException, SQLException {
        return TransactionView.open(this, borrowed, request);
    }

    /** What the view is, how it blocks others, and other facts, by name. */
    protected abstract Map<String, String> facts(Connection connection) throws SQLException;

    /** What changes when tables are redefined. Reading it doesn't end a view. */
    protected abstract List<String> state(Connection connection) throws IOException, SQLException;

    /** Statements that set counters past the data, not before the view that is open. */
    protected abstract List<String> counters(Connection connection, Catalog catalog) throws IOException, SQLException;

    /**
     * Begins the transaction that is the view until it ends. Of the catalog, which was read before, come the tables that are in it.
     *
     * @throws SQLException if it can't begin; with state 40001 if it may when tried again, as others hold locks
     */
    protected abstract void begin(Connection connection, Catalog catalog, ViewRequest request)
            throws IOException, SQLException;

    /** Begins to watch a table that is in the view. */
    protected abstract TableWatch watch(Connection connection, Table table, ViewRequest request)
            throws IOException, SQLException;

    /** Begins to look, before each row of any table, whether the view has to give way to others; not if it is in nobody's way. */
    protected TableWatch watchWaiters(Connection connection, ViewRequest request) throws SQLException {
        return rows -> {};
    }
}
