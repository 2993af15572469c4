package io.crmbackup.jdbc.internal.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What users can make in a database besides what the queries of definitions give. */
final class OtherObjects {
    /** The server's own objects have lower numbers. */
    private static final String OF_USERS = "x.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e"
            + " WHERE e.classid = x.catalog AND e.objid = x.oid AND e.deptype = 'e')";

    private static final String ALL = "SELECT x.what FROM ("
            + of(
                    "pg_type",
                    "'type ' || o.oid::pg_catalog.regtype",
                    " WHERE o.typtype = 'b' AND o.typoutput <> 'pg_catalog.array_out'::pg_catalog.regproc"
                            + " OR EXISTS (SELECT FROM pg_catalog.pg_range r WHERE r.rngtypid = o.oid AND r.rngcanonical <> 0)")
            + " UNION ALL "
            + of("pg_language", "'language ' || o.lanname", "")
            + " UNION ALL "
            + of("pg_am", "'access method ' || o.amname", "")
            + " UNION ALL "
            + of("pg_transform", "'transform for ' || o.trftype::pg_catalog.regtype", "")
            + " UNION ALL "
            + of("pg_ts_parser", "'text search parser ' || o.prsname", "")
            + " UNION ALL "
            + of("pg_ts_template", "'text search template ' || o.tmplname", "")
            + " UNION ALL "
            + of("pg_conversion", "'conversion ' || o.conname", "")
            + " UNION ALL "
            + of("pg_publication", "'publication ' || o.pubname", "")
            + " UNION ALL "
            + of(
                    "pg_subscription",
                    "'subscription ' || o.subname",
                    " JOIN pg_catalog.pg_database b ON b.oid = o.subdbid AND b.datname = pg_catalog.current_database()")
            + " UNION ALL "
            + of("pg_foreign_data_wrapper", "'foreign data wrapper ' || o.fdwname", "")
            + " UNION ALL "
            + of("pg_foreign_server", "'foreign server ' || o.srvname", "")
            + ") x WHERE " + OF_USERS + " ORDER BY x.what";

    private OtherObjects() {}

    private static String of(String catalog, String what, String rest) {
        return "SELECT 'pg_catalog." + catalog + "'::pg_catalog.regclass::pg_catalog.oid AS catalog, o.oid, " + what
                + " AS what FROM pg_catalog." + catalog + " o" + rest;
    }

    /** Their kinds and names. */
    static List<String> names(Connection connection) throws SQLException {
        return PostgresDialect.strings(connection, ALL);
    }
}
