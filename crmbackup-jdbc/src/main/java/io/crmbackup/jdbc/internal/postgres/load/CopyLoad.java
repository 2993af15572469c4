package io.crmbackup.jdbc.internal.postgres.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LoadedRows;
import io.crmbackup.jdbc.internal.postgres.binary.ReceivedForm;
import io.crmbackup.jdbc.internal.postgres.rows.CopyRows;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.Field;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows by COPY: in its binary format where the server reads all columns' types in forms that are known here, which costs it less than text;
 * from a row on that has a value out of the ordinary, in text up to the end of the piece. Knows the driver, as {@link CopyRows} does.
 *
 * <p>A table that was emptied in the same transaction takes its rows frozen: nobody has to look again whether their transaction was committed,
 * and the server that archives no log need not log them. Nothing is deleted by that, as it was empty.
 */
public final class CopyLoad {
    private final Connection connection;
    private final LoadedRows rows;
    private final String sql;
    private boolean hasRow;
    private @Nullable EncodedRow row;

    private CopyLoad(Connection connection, LoadedRows rows, String sql) {
        this.connection = connection;
        this.rows = rows;
        this.sql = sql;
    }

    /** Loads rows; how many the server took. */
    public static long run(Connection connection, Dialect dialect, TableName table, List<Field> fields, LoadedRows rows)
            throws IOException, SQLException {
        String quoted = dialect.quote(table);
        if (rows.areFirst()) {
            Dialect.execute(connection, "TRUNCATE ONLY " + quoted);
        }
        String columns =
                fields.stream().map(field -> dialect.quote(field.name())).collect(Collectors.joining(", "));
        CopyLoad load = new CopyLoad(
                connection,
                rows,
                "COPY " + quoted + " (" + columns + ") FROM STDIN WITH (FREEZE " + rows.areFirst() + ", FORMAT ");
        Optional<List<ReceivedForm>> types = ReceivedForm.of(connection, quoted, fields);
        load.next();
        long taken = 0;
        if (types.isPresent()) {
            taken = load.copy("binary)", copy -> new BinaryRows(copy, types.get()));
        }
        return load.hasRow || types.isEmpty() ? taken + load.copy("text)", copy -> new TextRows(copy, fields)) : taken;
    }

    /** Begins to write rows in a form. */
    @FunctionalInterface
    private interface Beginning {
        RowForm of(CopyIn copy);
    }

    /** Loads rows up to the first one that can't be written in the form. */
    private long copy(String format, Beginning beginning) throws IOException, SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql + format);
        try {
            RowForm form = beginning.of(copy);
            while (hasRow && add(form)) {
                next();
            }
            form.end();
            return copy.endCopy();
        } catch (IOException | SQLException | RuntimeException e) {
            cancel(copy, e);
            throw e;
        }
    }

    private void next() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while writing");
        }
        hasRow = rows.next();
        row = hasRow ? rows.rowAtHand() : null;
    }

    private boolean add(RowForm form) throws IOException, SQLException {
        return row != null && form.add(row) || form.add(rows.values());
    }

    private static void cancel(CopyIn copy, Exception failure) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
