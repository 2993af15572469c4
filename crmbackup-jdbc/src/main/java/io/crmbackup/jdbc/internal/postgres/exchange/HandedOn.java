package io.crmbackup.jdbc.internal.postgres.exchange;

import java.util.List;

/**
 * Queries for the statements that give new objects the owners and rights of old ones with the same name in the schema whose place theirs has
 * taken. Rights of the owner himself are those that owners have.
 */
final class HandedOn {
    private static final String TO =
            " || ' TO ' || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END"
                    + " || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";
    private static final String FROM =
            " || ' FROM ' || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END";

    /** What is called how: catalog, columns of schema, owner and rights, which objects, the words in a statement, and the name. */
    private record Kind(
            String catalog, String schema, String owner, String rights, String which, String words, String name) {
        private static final String RELATION =
                "pg_catalog.quote_ident(s.new_name) || '.' || pg_catalog.quote_ident(n.relname)";
        static final Kind TABLE = new Kind(
                "pg_class",
                "relnamespace",
                "relowner",
                "relacl",
                "n.relname = o.relname AND n.relkind = o.relkind AND n.relkind IN ('r', 'p', 'v', 'm', 'f')",
                "CASE n.relkind WHEN 'v' THEN 'VIEW ' WHEN 'm' THEN 'MATERIALIZED VIEW ' WHEN 'f' THEN 'FOREIGN TABLE ' ELSE 'TABLE ' END",
                RELATION);
        static final Kind SEQUENCE = new Kind(
                "pg_class",
                "relnamespace",
                "relowner",
                "relacl",
                "n.relname = o.relname AND n.relkind = 'S' AND o.relkind = 'S'",
                "'SEQUENCE '",
                RELATION);
        static final Kind FUNCTION = new Kind(
                "pg_proc",
                "pronamespace",
                "proowner",
                "proacl",
                "n.proname = o.proname AND pg_catalog.pg_get_function_identity_arguments(n.oid) ="
                        + " pg_catalog.replace(pg_catalog.pg_get_function_identity_arguments(o.oid), pg_catalog.quote_ident(s.old_name) || '.',"
                        + " pg_catalog.quote_ident(s.new_name) || '.')",
                "'ROUTINE '",
                "pg_catalog.quote_ident(s.new_name) || '.' || pg_catalog.quote_ident(n.proname) || '('"
                        + " || pg_catalog.pg_get_function_identity_arguments(n.oid) || ')'");
        static final Kind TYPE = new Kind(
                "pg_type",
                "typnamespace",
                "typowner",
                "typacl",
                "n.typname = o.typname AND n.typtype = o.typtype AND (n.typtype IN ('e', 'd', 'r') OR n.typtype = 'c' AND EXISTS"
                        + " (SELECT FROM pg_catalog.pg_class c WHERE c.oid = n.typrelid AND c.relkind = 'c'))",
                "'TYPE '",
                "pg_catalog.quote_ident(s.new_name) || '.' || pg_catalog.quote_ident(n.typname)");

        private String pairs(String schemas) {
            return " FROM " + schemas + " s JOIN pg_catalog." + catalog + " o ON o." + schema
                    + " = s.old JOIN pg_catalog." + catalog + " n ON n." + schema + " = s.new AND " + which;
        }

        /** A sequence that belongs to a table has its owner. */
        String owners(String schemas) {
            return "SELECT 'ALTER ' || " + words + " || " + name
                    + " || ' OWNER TO ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o." + owner + "))"
                    + pairs(schemas) + " WHERE o." + owner + " <> n." + owner
                    + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog." + catalog
                    + "'::pg_catalog.regclass AND d.objid = n.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)";
        }

        private String on() {
            String granted = words.startsWith("CASE") ? "'TABLE '" : words;
            return " || ' ON ' || " + granted + " || " + name;
        }

        String revocations(String schemas) {
            return "SELECT 'REVOKE ' || a.privilege_type" + on() + FROM + pairs(schemas)
                    + " CROSS JOIN LATERAL pg_catalog.aclexplode(n." + rights + ") a WHERE a.grantee <> n." + owner;
        }

        String grants(String schemas) {
            return "SELECT 'GRANT ' || a.privilege_type" + on() + TO + pairs(schemas)
                    + " CROSS JOIN LATERAL pg_catalog.aclexplode(o." + rights + ") a WHERE a.grantee <> o." + owner;
        }

        /** What everybody may by default, and was taken away from him. */
        String withheld(String schemas) {
            return "SELECT 'REVOKE ALL'" + on() + " || ' FROM PUBLIC'" + pairs(schemas) + " WHERE o." + rights
                    + " IS NOT NULL AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(o." + rights
                    + ") a WHERE a.grantee = 0)";
        }
    }

    private HandedOn() {}

    /** In the order in which they are to be executed. */
    static List<String> statements(String schemas) {
        String columns = " FROM " + schemas + " s JOIN pg_catalog.pg_class o ON o.relnamespace = s.old"
                + " JOIN pg_catalog.pg_class n ON n.relnamespace = s.new AND n.relname = o.relname AND n.relkind = o.relkind"
                + " JOIN pg_catalog.pg_attribute t ON t.attrelid = o.oid AND t.attnum > 0 AND NOT t.attisdropped"
                + " JOIN pg_catalog.pg_attribute m ON m.attrelid = n.oid AND m.attname = t.attname"
                + " CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) a";
        return List.of(
                Kind.TABLE.owners(schemas),
                Kind.SEQUENCE.owners(schemas),
                Kind.FUNCTION.owners(schemas),
                Kind.TYPE.owners(schemas),
                Kind.TABLE.revocations(schemas),
                Kind.SEQUENCE.revocations(schemas),
                Kind.TABLE.grants(schemas),
                Kind.SEQUENCE.grants(schemas),
                Kind.FUNCTION.withheld(schemas),
                Kind.FUNCTION.grants(schemas),
                Kind.TYPE.withheld(schemas),
                Kind.TYPE.grants(schemas),
                "SELECT 'GRANT ' || a.privilege_type || ' (' || pg_catalog.quote_ident(t.attname) || ') ON TABLE '"
                        + " || pg_catalog.quote_ident(s.new_name) || '.' || pg_catalog.quote_ident(n.relname)" + TO
                        + columns,
                "SELECT 'ALTER DEFAULT PRIVILEGES FOR ROLE ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(d.defaclrole))"
                        + " || ' IN SCHEMA ' || pg_catalog.quote_ident(s.new_name) || ' GRANT ' || a.privilege_type || ' ON '"
                        + " || CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' ELSE 'TYPES' END"
                        + TO + " FROM " + schemas + " s JOIN pg_catalog.pg_default_acl d ON d.defaclnamespace = s.old"
                        + " CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) a",
                "SELECT 'GRANT ' || a.privilege_type || ' ON SCHEMA ' || pg_catalog.quote_ident(s.new_name)" + TO
                        + " FROM " + schemas + " s JOIN pg_catalog.pg_namespace o ON o.oid = s.old"
                        + " CROSS JOIN LATERAL pg_catalog.aclexplode(o.nspacl) a WHERE a.grantee <> o.nspowner",
                "SELECT 'COMMENT ON SCHEMA ' || pg_catalog.quote_ident(s.new_name) || ' IS '"
                        + " || pg_catalog.quote_literal(pg_catalog.obj_description(s.old, 'pg_namespace')) FROM "
                        + schemas
                        + " s WHERE pg_catalog.obj_description(s.old, 'pg_namespace') IS NOT NULL",
                // Last, as the user may own the schema no more then.
                "SELECT 'ALTER SCHEMA ' || pg_catalog.quote_ident(s.new_name) || ' OWNER TO '"
                        + " || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o.nspowner)) FROM " + schemas
                        + " s JOIN pg_catalog.pg_namespace o ON o.oid = s.old JOIN pg_catalog.pg_namespace n ON n.oid = s.new"
                        + " WHERE o.nspowner <> n.nspowner");
    }

    /** Tables of which everybody could see all rows, and not so before. */
    static String unprotected(String schemas) {
        return "SELECT pg_catalog.quote_ident(s.new_name) || '.' || pg_catalog.quote_ident(n.relname) FROM " + schemas
                + " s JOIN pg_catalog.pg_class o ON o.relnamespace = s.old JOIN pg_catalog.pg_class n ON n.relnamespace = s.new"
                + " AND n.relname = o.relname WHERE o.relrowsecurity AND NOT n.relrowsecurity OR o.relforcerowsecurity AND NOT n.relforcerowsecurity"
                + " OR EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = o.oid AND NOT EXISTS"
                + " (SELECT FROM pg_catalog.pg_policy q WHERE q.polrelid = n.oid AND q.polname = p.polname))";
    }
}
