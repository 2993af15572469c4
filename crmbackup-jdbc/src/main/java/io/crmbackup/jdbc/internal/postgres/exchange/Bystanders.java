package io.crmbackup.jdbc.internal.postgres.exchange;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Who else has a transaction open in the database, in words; of other roles only as much as the server shows. */
final class Bystanders {
    private static final int MOST = 10;

    private Bystanders() {}

    static List<String> of(Connection connection) throws SQLException {
        Dialect.strings(connection, "SELECT pg_catalog.pg_stat_clear_snapshot()");
        return Dialect.strings(
                connection,
                "SELECT 'process ' || a.pid || coalesce(' (' || nullif(a.application_name, '') || ')', '') || ' of '"
                        + " || coalesce(a.usename, 'somebody') || ' has a transaction open, ' || coalesce(a.state, 'in a state not shown')"
                        + " || coalesce(' since ' || pg_catalog.date_trunc('second', a.xact_start), '')"
                        + " FROM pg_catalog.pg_stat_activity a WHERE a.datname = pg_catalog.current_database()"
                        + " AND a.pid <> pg_catalog.pg_backend_pid() AND (a.xact_start IS NOT NULL OR a.backend_xmin IS NOT NULL)"
                        + " ORDER BY a.xact_start LIMIT " + MOST);
    }
}
