package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.RowStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams one after the other, each opened when the one before has ended. */
public final class Rows implements RowStream {
    private final Iterator<Opening> openings;
    private @Nullable RowStream open;

    public Rows(List<Opening> openings) {
        this.openings = openings.iterator();
    }

    /** A stream that is not open yet. */
    @FunctionalInterface
    public interface Opening {
        RowStream open() throws SQLException;
    }

    @Override
    public @Nullable Row next() throws IOException, SQLException {
        while (true) {
            if (open == null) {
                if (!openings.hasNext()) {
                    return null;
                }
                open = openings.next().open();
            }
            Row row = open.next();
            if (row != null) {
                return row;
            }
            open.close();
            open = null;
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        while (openings.hasNext()) {
            openings.next();
        }
        if (open != null) {
            RowStream last = open;
            open = null;
            last.close();
        }
    }
}
