package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Does steps once, however often the restore is begun. Where a statement can be undone, it is executed in the transaction of its note. Otherwise it is
 * noted before, and after a crash the database itself tells whether it took effect. Thread-safe.
 */
final class Execution {
    private final LoadConnections connections;
    private final Dialect dialect;
    private final Commits commits;
    private final Journal journal;
    private final Map<Integer, Journal.Note> before;
    private final Optional<CatalogComparison> there;
    private final BrokenRows broken;

    /** What to do about rows that refer to none. */
    @FunctionalInterface
    interface BrokenRows {
        /** Fails unless they are accepted. */
        void accept(String where) throws IOException;
    }

    /**
     * Begins or goes on.
     *
     * @param before what an earlier run noted
     * @param there what an earlier run left
     */
    Execution(
            LoadConnections connections,
            Commits commits,
            Map<Integer, Journal.Note> before,
            Optional<CatalogComparison> there,
            BrokenRows broken) {
        this.connections = connections;
        this.dialect = connections.dialect();
        this.commits = commits;
        this.journal = new Journal(dialect);
        this.before = before;
        this.there = there;
        this.broken = broken;
    }

    /** How far an earlier run was with a step. */
    Journal.Note before(int step) {
        return before.getOrDefault(step, Journal.Note.NONE);
    }

    /** Whether an earlier run left something. */
    boolean goesOn() {
        return there.isPresent();
    }

    /** Does a step, unless it was done before. */
    void run(Step step) throws IOException {
        if (before(step.number()).isDone()) {
            return;
        }
        Connection connection = connections.take();
        try {
            begin(connection);
            if (commits.isOnce()) {
                executeAll(connection, step);
            } else if (dialect.rollsBackDefinitions()) {
                executeAll(connection, step);
                journal.done(connection, step.number(), 0);
                connection.commit();
            } else {
                executeOnce(connection, step);
            }
        } catch (SQLException e) {
            throw new DatabaseException("noting what is restored", e);
        } finally {
            connections.giveBack(connection);
        }
    }

    /** Begins a transaction, unless there is one for all. */
    void begin(Connection connection) throws SQLException {
        if (!commits.isOnce()) {
            dialect.beginRestoring(connection);
        }
    }

    private void executeOnce(Connection connection, Step step) throws IOException, SQLException {
        boolean isThere = before(step.number()).isBegun()
                && there.isPresent()
                && step.evidence().stream().allMatch(there.get()::has);
        if (!isThere) {
            journal.begun(connection, step.number(), 0);
            connection.commit();
            connection.setAutoCommit(true);
            executeAll(connection, step);
            begin(connection);
        }
        journal.done(connection, step.number(), 0);
        connection.commit();
    }

    private void executeAll(Connection connection, Step step) throws IOException {
        for (SchemaStatement statement : step.statements()) {
            if (statement.kind() == SchemaStatement.Type.FOREIGN_KEY) {
                addForeignKey(connection, statement);
            } else {
                execute(connection, statement);
            }
        }
    }

    private void execute(Connection connection, SchemaStatement statement) throws IOException {
        try {
            for (String sql : dialect.steps(connection, statement)) {
                Dialect.execute(connection, sql);
            }
        } catch (SQLException e) {
            throw new DatabaseException("executing " + statement.title(), e);
        }
    }

    /** Checks the rows; where the source itself had rows that refer to none, a whole restore keeps them. */
    private void addForeignKey(Connection connection, SchemaStatement statement) throws IOException {
        String checked = dialect.checked(statement);
        try {
            Dialect.execute(connection, checked);
        } catch (SQLException e) {
            boolean isBroken = String.valueOf(e.getSQLState()).startsWith("23");
            if (!isBroken || checked.equals(statement.sql())) {
                throw new DatabaseException("executing " + statement.title(), e);
            }
            broken.accept(statement.title());
            execute(connection, statement);
        }
    }
}
