package io.crmbackup.jdbc.internal.product;

import io.crmbackup.jdbc.internal.derby.DerbyDialect;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.h2.H2Dialect;
import io.crmbackup.jdbc.internal.hsqldb.HsqldbDialect;
import io.crmbackup.jdbc.internal.mysql.MariaDbDialect;
import io.crmbackup.jdbc.internal.mysql.MySqlDialect;
import io.crmbackup.jdbc.internal.postgres.PostgresDialect;
import io.crmbackup.jdbc.internal.sqlite.SqliteDialect;
import io.crmbackup.jdbc.internal.standard.StandardDialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The databases that are known. */
public final class Dialects {
    private static final List<Dialect> KNOWN = List.of(
            new DerbyDialect(),
            new H2Dialect(),
            new HsqldbDialect(),
            new MariaDbDialect(),
            new MySqlDialect(),
            new PostgresDialect(),
            new SqliteDialect());

    private Dialects() {}

    /** The dialect of a product by its name, if it is known. */
    public static Optional<Dialect> named(String product) {
        return KNOWN.stream()
                .filter(dialect -> dialect.product().equals(product))
                .findFirst();
    }

    /** The dialect of a connection's database; of one that is not known, what its driver tells. Fails if that is not enough. */
    public static Dialect of(Connection connection) throws IOException, SQLException {
        DatabaseMetaData database = connection.getMetaData();
        for (Dialect dialect : KNOWN) {
            if (dialect.isOf(database)) {
                return dialect;
            }
        }
        return StandardDialect.of(connection);
    }
}
