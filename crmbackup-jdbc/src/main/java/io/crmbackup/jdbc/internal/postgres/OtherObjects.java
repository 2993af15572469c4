package io.crmbackup.jdbc.internal.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What users can make in a database besides what {@link Definitions} makes again. */
final class OtherObjects {
    /** The server's own objects have lower numbers. */
    private static final String OF_USERS = "x.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e"
            + " WHERE e.classid = x.catalog AND e.objid = x.oid AND e.deptype = 'e')";

    private static final String ALL = "SELECT x.what FROM ("
            + of("pg_operator", "'operator ' || o.oid::pg_catalog.regoperator", "")
            + " UNION ALL "
            + of("pg_opclass", "'operator class ' || o.opcname", "")
            + " UNION ALL "
            + of(
                    "pg_cast",
                    "'cast from ' || o.castsource::pg_catalog.regtype || ' to ' || o.casttarget::pg_catalog.regtype",
                    "")
            + " UNION ALL "
            + of(
                    "pg_type",
                    "'type ' || o.oid::pg_catalog.regtype",
                    " WHERE o.typtype = 'b' AND o.typoutput <> 'pg_catalog.array_out'::pg_catalog.regproc")
            + " UNION ALL "
            + of(
                    "pg_proc",
                    "'aggregate ' || o.oid::pg_catalog.regprocedure",
                    " JOIN pg_catalog.pg_aggregate g ON g.aggfnoid = o.oid"
                            + " WHERE g.aggkind <> 'n' OR g.aggmtransfn <> 0 OR g.aggsortop <> 0")
            + " UNION ALL "
            + of(
                    "pg_rewrite",
                    "'rule ' || o.rulename || ' of ' || o.ev_class::pg_catalog.regclass",
                    " WHERE o.rulename <> '_RETURN'")
            + " UNION ALL "
            + of("pg_ts_config", "'text search configuration ' || o.cfgname", "")
            + " UNION ALL "
            + of("pg_ts_dict", "'text search dictionary ' || o.dictname", "")
            + " UNION ALL "
            + of("pg_statistic_ext", "'statistics ' || o.stxname", "")
            + " UNION ALL "
            + of("pg_conversion", "'conversion ' || o.conname", "")
            + " UNION ALL "
            + of("pg_event_trigger", "'event trigger ' || o.evtname", "")
            + " UNION ALL "
            + of("pg_publication", "'publication ' || o.pubname", "")
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
