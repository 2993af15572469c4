package io.crmbackup.jdbc.internal.replace;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** A restore that can't be, as its preview says: into a database of a product in which nothing can be replaced at once. */
final class RefusedRestore implements TargetSession {
    private final BorrowedConnection borrowed;
    private final String why;

    RefusedRestore(BorrowedConnection borrowed) {
        this.borrowed = borrowed;
        this.why = "all of a database in use can't be replaced at once in "
                + borrowed.dialect().product()
                + ": restore into an empty database and let the application use that one, or put rows back with JdbcTarget.merge";
    }

    @Override
    public TargetPreview preview() {
        return new TargetPreview(List.of(why), List.of(), List.of());
    }

    @Override
    public void begin() throws IOException {
        throw new IOException(why);
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        throw new IOException(why);
    }

    @Override
    public void finish() throws IOException {
        throw new IOException(why);
    }

    @Override
    public void close() throws IOException {
        try {
            borrowed.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing the restore", e);
        }
    }
}
