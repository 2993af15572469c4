package io.crmbackup.jdbc.internal.h2;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.RowsAlone;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The references between tables, and the time in which H2 does not check them. Its switch is the whole database's, and stays as it is when the connection
 * that set it breaks off. So another connection sets it back then, which it can, as others are let in again when the one that kept them out is gone.
 */
final class H2References {
    private static final String CHECK = "SET REFERENTIAL_INTEGRITY TRUE";

    private final H2Dialect dialect;
    private final Connection connection;
    private boolean unchecked;

    H2References(H2Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
    }

    static boolean areIn(List<Table> tables) {
        return tables.stream().anyMatch(table -> !table.schema().references().isEmpty());
    }

    void uncheck() throws SQLException {
        unchecked = true;
        Dialect.execute(connection, "SET REFERENTIAL_INTEGRITY FALSE");
    }

    void check() throws SQLException {
        if (unchecked) {
            Dialect.execute(connection, CHECK);
            unchecked = false;
        }
    }

    /** Has them checked again if {@link #check} could not; fails if others used the time to write rows that refer to none. */
    void checkByAnother(@Nullable DataSource others, List<Table> tables) throws SQLException {
        if (!unchecked) {
            return;
        }
        List<String> broken;
        try (BorrowedConnection another = connect(others)) {
            Dialect.execute(another.connection(), CHECK);
            unchecked = false;
            broken = broken(another.connection(), tables);
        } catch (SQLException e) {
            throw unchecked
                    ? new SQLException(
                            "the connection broke off while the database did not check references, and it still does not: execute "
                                    + CHECK,
                            e.getSQLState(),
                            e)
                    : e;
        }
        if (!broken.isEmpty()) {
            throw new SQLException(
                    "the connection broke off while the database did not check references, which it does again; rows refer to none: "
                            + String.join(", ", broken));
        }
    }

    private BorrowedConnection connect(@Nullable DataSource others) throws SQLException {
        if (others == null) {
            throw new SQLException("there is no other connection");
        }
        try {
            return BorrowedConnection.from(others, any -> dialect);
        } catch (IOException e) {
            throw new SQLException("no other connection is to be had", e);
        }
    }

    /** Tables with rows that refer to none, in words. */
    List<String> broken(List<Table> tables) throws SQLException {
        return broken(connection, tables);
    }

    private List<String> broken(Connection through, List<Table> tables) throws SQLException {
        List<String> broken = new ArrayList<>();
        for (Table table : tables) {
            for (Reference reference : table.schema().references()) {
                RowsAlone.broken(through, dialect, table.name(), reference).ifPresent(broken::add);
            }
        }
        return broken;
    }
}
