package io.crmbackup.jdbc.internal.postgres.catalog;

import io.crmbackup.jdbc.internal.dialect.Dialect;
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
            + " UNION ALL "
            + "SELECT o.classoid, o.objoid, 'security label of ' || o.provider || ' on '"
            + " || pg_catalog.pg_describe_object(o.classoid, o.objoid, o.objsubid) FROM pg_catalog.pg_seclabel o"
            + " UNION ALL "
            + of(
                    "pg_class",
                    "'index ' || o.oid::pg_catalog.regclass || ', which is not valid'",
                    " JOIN pg_catalog.pg_index i ON i.indexrelid = o.oid WHERE o.relkind = 'i' AND NOT i.indisvalid")
            + " UNION ALL "
            + rights("pg_class", "o.relacl", "o.relowner")
            + " UNION ALL "
            + rights("pg_proc", "o.proacl", "o.proowner")
            + " UNION ALL "
            + rights("pg_type", "o.typacl", "o.typowner")
            + " UNION ALL "
            + rights("pg_namespace", "o.nspacl", "o.nspowner")
            + " UNION ALL "
            + rights("pg_class", "a.attacl", "o.relowner", " JOIN pg_catalog.pg_attribute a ON a.attrelid = o.oid")
            + ") x WHERE " + OF_USERS + " GROUP BY x.what ORDER BY x.what";

    private OtherObjects() {}

    /** Rights that somebody else than the owner gave: who restores can't give them in that name. */
    private static String rights(String catalog, String items, String owner) {
        return rights(catalog, items, owner, "");
    }

    private static String rights(String catalog, String items, String owner, String join) {
        return of(
                catalog,
                "'rights on ' || pg_catalog.pg_describe_object('pg_catalog." + catalog
                        + "'::pg_catalog.regclass, o.oid, 0) || ' that ' || pg_catalog.pg_get_userbyid(e.grantor)"
                        + " || ' gave, who does not own it'",
                join + " CROSS JOIN LATERAL pg_catalog.aclexplode(" + items + ") e WHERE e.grantor <> " + owner);
    }

    private static String of(String catalog, String what, String rest) {
        return "SELECT 'pg_catalog." + catalog + "'::pg_catalog.regclass::pg_catalog.oid AS catalog, o.oid, " + what
                + " AS what FROM pg_catalog." + catalog + " o" + rest;
    }

    /** Their kinds and names. */
    static List<String> names(Connection connection) throws SQLException {
        return Dialect.strings(connection, ALL);
    }
}
