package io.crmbackup.jdbc.internal.postgres.exchange;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What would be lost, or could not be made again, if schemas were dropped. */
final class Dependents {
    private static final Map<String, String> SCHEMA_OF = schemaOf();

    private final Connection connection;
    private final String schemas;

    /** Asks about schemas with these names. */
    Dependents(Connection connection, List<String> names) {
        this.connection = connection;
        this.schemas = array(names);
    }

    /** An array of texts as a literal. */
    static String array(List<String> names) {
        List<String> literals = names.stream()
                .map(name -> "E'" + name.replace("\\", "\\\\").replace("'", "''") + "'")
                .toList();
        return "ARRAY[" + String.join(", ", literals) + "]::pg_catalog.name[]";
    }

    private static Map<String, String> schemaOf() {
        Map<String, String> schemaOf = new LinkedHashMap<>();
        schemaOf.put("pg_class", "o.relnamespace");
        schemaOf.put("pg_type", "o.typnamespace");
        schemaOf.put("pg_enum", "(SELECT y.typnamespace FROM pg_catalog.pg_type y WHERE y.oid = o.enumtypid)");
        schemaOf.put("pg_proc", "o.pronamespace");
        schemaOf.put("pg_constraint", "o.connamespace");
        schemaOf.put("pg_operator", "o.oprnamespace");
        schemaOf.put("pg_opclass", "o.opcnamespace");
        schemaOf.put("pg_opfamily", "o.opfnamespace");
        schemaOf.put("pg_collation", "o.collnamespace");
        schemaOf.put("pg_conversion", "o.connamespace");
        schemaOf.put("pg_statistic_ext", "o.stxnamespace");
        schemaOf.put("pg_ts_config", "o.cfgnamespace");
        schemaOf.put("pg_ts_dict", "o.dictnamespace");
        schemaOf.put("pg_ts_parser", "o.prsnamespace");
        schemaOf.put("pg_ts_template", "o.tmplnamespace");
        String ofTable = "(SELECT c.relnamespace FROM pg_catalog.pg_class c WHERE c.oid = o.%s)";
        schemaOf.put("pg_attrdef", ofTable.replace("%s", "adrelid"));
        schemaOf.put("pg_rewrite", ofTable.replace("%s", "ev_class"));
        schemaOf.put("pg_trigger", ofTable.replace("%s", "tgrelid"));
        schemaOf.put("pg_policy", ofTable.replace("%s", "polrelid"));
        String ofFamily = "(SELECT f.opfnamespace FROM pg_catalog.pg_opfamily f WHERE f.oid = o.%s)";
        schemaOf.put("pg_amop", ofFamily.replace("%s", "amopfamily"));
        schemaOf.put("pg_amproc", ofFamily.replace("%s", "amprocfamily"));
        return schemaOf;
    }

    /** Catalogs of what can lie in a schema. */
    static Set<String> catalogs() {
        return Collections.unmodifiableSet(SCHEMA_OF.keySet());
    }

    /** The schema of an object o in one of the {@link #catalogs()}. */
    static String schemaOf(String catalog) {
        return Objects.requireNonNull(SCHEMA_OF.get(catalog), catalog);
    }

    /** A query for all that lies in schemas: class, id, schema. */
    static String objects() {
        List<String> parts = new ArrayList<>();
        SCHEMA_OF.forEach((catalog, schema) -> parts.add("SELECT 'pg_catalog." + catalog
                + "'::pg_catalog.regclass::pg_catalog.oid AS class, o.oid AS id, " + schema
                + " AS schema FROM pg_catalog." + catalog + " o"));
        return String.join(" UNION ALL ", parts);
    }

    /** Objects outside of the schemas that need some within, as "view b.v needs table a.t". What belongs to an extension moves with it. */
    List<String> outside() throws SQLException {
        return Dialect.strings(
                connection,
                "WITH x AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY (" + schemas + ")), o AS ("
                        + objects()
                        + ") SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) || ' needs '"
                        + " || pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) AS line"
                        + " FROM pg_catalog.pg_depend d JOIN o r ON r.class = d.refclassid AND r.id = d.refobjid"
                        + " LEFT JOIN o ON o.class = d.classid AND o.id = d.objid"
                        + " WHERE r.schema IN (SELECT oid FROM x) AND (o.schema IS NULL OR o.schema NOT IN (SELECT oid FROM x))"
                        // Casts that come and go with types of ranges.
                        + " AND NOT (d.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND d.deptype = 'i')"
                        + " AND o.schema IS DISTINCT FROM 'pg_toast'::pg_catalog.regnamespace::pg_catalog.oid"
                        + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = d.refclassid AND e.objid = d.refobjid"
                        + " AND e.deptype = 'e') ORDER BY line LIMIT 20");
    }

    /** Publications of the schemas, which would publish them no more. */
    List<String> publications() throws SQLException {
        if (Dialect.strings(
                        connection,
                        "SELECT relname FROM pg_catalog.pg_class WHERE oid ="
                                + " pg_catalog.to_regclass('pg_catalog.pg_publication_namespace')")
                .isEmpty()) {
            return List.of();
        }
        return Dialect.strings(
                connection,
                "SELECT 'publication ' || p.pubname || ' publishes schema ' || n.nspname FROM pg_catalog.pg_publication_namespace r"
                        + " JOIN pg_catalog.pg_publication p ON p.oid = r.pnpubid JOIN pg_catalog.pg_namespace n ON n.oid = r.pnnspid"
                        + " WHERE n.nspname = ANY (" + schemas + ") ORDER BY 1");
    }

    /** Publications of everything, whatever comes and goes. */
    List<String> publicationsOfAll() throws SQLException {
        return Dialect.strings(
                connection,
                "SELECT 'publication ' || pubname FROM pg_catalog.pg_publication WHERE puballtables ORDER BY pubname");
    }

    /** Extensions that lie in the schemas and can't be moved. */
    List<String> extensions() throws SQLException {
        return Dialect.strings(
                connection,
                "SELECT 'extension ' || e.extname || ' lies in schema ' || n.nspname || ' and can''t be moved'"
                        + " || CASE WHEN e.extrelocatable THEN ' by this user' ELSE '' END"
                        + " FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
                        + " WHERE n.nspname = ANY (" + schemas
                        + ") AND NOT (e.extrelocatable AND pg_catalog.pg_has_role(e.extowner, 'USAGE')) ORDER BY e.extname");
    }

    /** Rights that the user needs and doesn't have. */
    List<String> rights() throws SQLException {
        List<String> missing = new ArrayList<>(Dialect.strings(
                connection,
                "SELECT 'the user has to own schema ' || nspname || ', which belongs to ' || pg_catalog.pg_get_userbyid(nspowner)"
                        + " FROM pg_catalog.pg_namespace WHERE nspname = ANY (" + schemas
                        + ") AND NOT pg_catalog.pg_has_role(nspowner, 'USAGE') ORDER BY nspname"));
        missing.addAll(Dialect.strings(
                connection,
                "SELECT 'the user needs the right CREATE on the database, to make schemas' WHERE NOT"
                        + " pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')"));
        missing.addAll(Dialect.strings(
                connection,
                "SELECT DISTINCT 'the user has to be a member of role ' || pg_catalog.pg_get_userbyid(c.relowner)"
                        + " || ', which owns ' || pg_catalog.min(c.oid::pg_catalog.regclass::text)"
                        + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = ANY (" + schemas
                        + ") AND NOT pg_catalog.pg_has_role(c.relowner, 'MEMBER') GROUP BY c.relowner"));
        return missing;
    }

    /**
     * Objects in the schemas of kinds that not every backup holds, and that this one doesn't.
     *
     * @param statements those of a backup of what is there
     */
    List<String> notInBackups(List<String> statements) throws SQLException {
        List<String> lost = new ArrayList<>();
        for (String kind : List.of(
                "operator|pg_operator|o.oprname",
                "operator class|pg_opclass|o.opcname",
                "conversion|pg_conversion|o.conname",
                "statistics|pg_statistic_ext|o.stxname",
                "text search configuration|pg_ts_config|o.cfgname",
                "text search dictionary|pg_ts_dict|o.dictname",
                "policy|pg_policy|o.polname",
                "rule|pg_rewrite|o.rulename",
                "foreign table|pg_class|o.relname")) {
            String[] parts = kind.split("\\|", -1);
            String condition = parts[1].equals("pg_rewrite")
                    ? " AND o.rulename <> '_RETURN'"
                    : parts[1].equals("pg_class") ? " AND o.relkind = 'f'" : "";
            String create = "CREATE " + parts[0].toUpperCase(Locale.ROOT) + " ";
            for (String name : Dialect.strings(
                    connection,
                    "SELECT " + parts[2] + " FROM pg_catalog." + parts[1] + " o WHERE "
                            + SCHEMA_OF.get(parts[1])
                            + " IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY ("
                            + schemas
                            + ")) AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog."
                            + parts[1] + "'::pg_catalog.regclass AND e.objid = o.oid AND e.deptype = 'e')" + condition
                            + " ORDER BY 1")) {
                if (statements.stream()
                        .noneMatch(sql -> sql.toUpperCase(Locale.ROOT).startsWith(create) && sql.contains(name))) {
                    lost.add(parts[0] + " " + name);
                }
            }
        }
        return lost;
    }
}
