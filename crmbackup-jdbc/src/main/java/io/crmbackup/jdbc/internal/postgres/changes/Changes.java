package io.crmbackup.jdbc.internal.postgres.changes;

import io.crmbackup.jdbc.internal.dialect.RowCursor.Failures;
import io.crmbackup.jdbc.internal.postgres.rows.PostgresTable;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells what changed in tables since a former snapshot, by the transactions that wrote the rows; or why it can't be told. Used by the thread of the view.
 */
public final class Changes {
    private final Connection connection;
    private final Position position;
    private final Failures failures;
    private @Nullable Lineages lineages;

    /** Creates it for the snapshot of a connection's transaction, which was taken at a position. */
    public Changes(Connection connection, Position position, Failures failures) {
        this.connection = connection;
        this.position = position;
        this.failures = failures;
    }

    public ChangeDetection since(FormerCapture former, PostgresTable table) throws IOException {
        Optional<Position> then = Lineage.position(former);
        if (then.isEmpty()) {
            return ChangeDetection.readAll("the base does not say where the server stood");
        }
        Optional<String> reason = position.difference(then.get());
        if (reason.isEmpty()) {
            reason = lineage(table).difference(former);
        }
        if (reason.isPresent()) {
            return ChangeDetection.readAll(reason.get());
        }
        WrittenRows written = new WrittenRows(
                connection, table, then.get().oldest(), lineage(table).hasProbablyRemoved(former), failures);
        boolean isKeyed = table.table().schema().isKeyed();
        return isKeyed || written.isEmpty() && written.count() == former.records()
                ? ChangeDetection.found(written)
                : ChangeDetection.readAll("rows changed, and have no key by which they could be told apart");
    }

    public MarkCursor marks(PostgresTable table) throws IOException {
        return position.isStandby()
                ? MarkCursor.none()
                : Mark.cursor(lineage(table).marks(position));
    }

    private Lineage lineage(PostgresTable table) throws IOException {
        try {
            if (lineages == null) {
                lineages = Lineages.read(connection);
            }
            return lineages.of(table);
        } catch (SQLException e) {
            throw failures.of("reading the definitions of types and columns", e);
        }
    }
}
