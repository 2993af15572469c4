package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.sql.References;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Reference;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statements that make a database, in the server's own words wherever it has a function that gives them. A partition or a table that
 * inherits is made as a table of its own with all its columns, and attached afterwards.
 */
final class Definitions {
    private static final String OF_USERS = " n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
    private static final String NOT_OF_EXTENSION =
            " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = '$'::pg_catalog.regclass AND e.objid = %.oid"
                    + " AND e.deptype = 'e')";
    private static final String SCHEMAS = "SELECT 'CREATE SCHEMA ' || pg_catalog.quote_ident(n.nspname)"
            + " FROM pg_catalog.pg_namespace n WHERE n.nspname <> 'public' AND" + OF_USERS
            + notOfExtension("pg_namespace", "n") + " ORDER BY n.nspname";
    /** The column with the locale has had several names. */
    private static final String COLLATIONS = "SELECT 'CREATE COLLATION ' || pg_catalog.quote_ident(n.nspname) || '.'"
            + " || pg_catalog.quote_ident(c.collname) || ' (provider = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin'"
            + " ELSE 'libc' END || ', locale = ' || pg_catalog.quote_literal(coalesce(pg_catalog.to_jsonb(c) ->> 'colllocale',"
            + " pg_catalog.to_jsonb(c) ->> 'colliculocale', c.collcollate)) || ', deterministic = ' || c.collisdeterministic || ')'"
            + " FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace WHERE"
            + OF_USERS
            + notOfExtension("pg_collation", "c") + " ORDER BY n.nspname, c.collname";

    private static final String ENUMS_AND_DOMAINS =
            "SELECT CASE t.typtype WHEN 'e' THEN 'CREATE TYPE ' || pg_catalog.format_type(t.oid, NULL)"
                    + " || ' AS ENUM (' || coalesce((SELECT pg_catalog.string_agg(pg_catalog.quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder)"
                    + " FROM pg_catalog.pg_enum v WHERE v.enumtypid = t.oid), '') || ')'"
                    + " WHEN 'c' THEN 'CREATE TYPE ' || pg_catalog.format_type(t.oid, NULL) || ' AS (' || coalesce((SELECT pg_catalog.string_agg("
                    + "pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)"
                    + " FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')'"
                    + " WHEN 'r' THEN (SELECT 'CREATE TYPE ' || pg_catalog.format_type(t.oid, NULL) || ' AS RANGE (SUBTYPE = '"
                    + " || pg_catalog.format_type(r.rngsubtype, NULL) || ')' FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid)"
                    + " ELSE 'CREATE DOMAIN ' || pg_catalog.format_type(t.oid, NULL) || ' AS ' || pg_catalog.format_type(t.typbasetype, t.typtypmod)"
                    + " || CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE ' || t.typcollation::pg_catalog.regcollation ELSE '' END"
                    + " || coalesce(' DEFAULT ' || pg_catalog.pg_get_expr(t.typdefaultbin, 0), '')"
                    + " || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END || coalesce((SELECT pg_catalog.string_agg(' CONSTRAINT '"
                    + " || pg_catalog.quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid), '' ORDER BY k.conname)"
                    + " FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '') END"
                    + " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
                    + " LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid"
                    + " WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c') AND" + OF_USERS
                    + notOfExtension("pg_type", "t") + " ORDER BY t.oid";
    /** Whether a function refers to a table, or its parameters or results are rows of one; tables may need all other functions. */
    private static final String NEEDS_TABLES =
            "EXISTS (SELECT FROM pg_catalog.pg_depend d LEFT JOIN pg_catalog.pg_type y ON y.oid = d.refobjid"
                    + " AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass LEFT JOIN pg_catalog.pg_type e ON e.oid = y.typelem"
                    + " LEFT JOIN pg_catalog.pg_class c ON c.oid IN (y.typrelid, e.typrelid)"
                    + " WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid"
                    + " AND (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass OR c.relkind <> 'c'))";

    private static final String AGGREGATES = "SELECT 'CREATE AGGREGATE ' || pg_catalog.quote_ident(n.nspname) || '.'"
            + " || pg_catalog.quote_ident(p.proname) || '(' || coalesce(nullif(pg_catalog.pg_get_function_identity_arguments(p.oid), ''), '*')"
            + " || ') (SFUNC = ' || g.aggtransfn || ', STYPE = ' || pg_catalog.format_type(g.aggtranstype, NULL) || ', SSPACE = ' || g.aggtransspace"
            + " || CASE WHEN g.aggfinalfn <> 0 THEN ', FINALFUNC = ' || g.aggfinalfn ELSE '' END"
            + " || CASE WHEN g.aggfinalextra THEN ', FINALFUNC_EXTRA' ELSE '' END"
            + " || CASE WHEN g.aggcombinefn <> 0 THEN ', COMBINEFUNC = ' || g.aggcombinefn ELSE '' END"
            + " || CASE WHEN g.aggserialfn <> 0 THEN ', SERIALFUNC = ' || g.aggserialfn || ', DESERIALFUNC = ' || g.aggdeserialfn ELSE '' END"
            + " || coalesce(', INITCOND = ' || pg_catalog.quote_literal(g.agginitval), '')"
            + " || ', PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END || ')'"
            + " FROM pg_catalog.pg_aggregate g JOIN pg_catalog.pg_proc p ON p.oid = g.aggfnoid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
            + " WHERE g.aggkind = 'n' AND g.aggmtransfn = 0 AND g.aggsortop = 0 AND"
            + OF_USERS
            + notOfExtension("pg_proc", "p") + " ORDER BY p.oid";
    private static final String VIEWS =
            "SELECT CASE c.relkind WHEN 'v' THEN 'CREATE VIEW ' ELSE 'CREATE MATERIALIZED VIEW ' END"
                    + " || c.oid::pg_catalog.regclass || ' AS ' || pg_catalog.pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND"
                    + OF_USERS
                    + notOfExtension("pg_class", "c") + " ORDER BY c.oid";
    private static final String TRIGGERS =
            "SELECT pg_catalog.pg_get_triggerdef(t.oid) FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND"
                    + OF_USERS
                    + notOfExtension("pg_trigger", "t") + " ORDER BY t.oid";
    private static final String PARTITIONED = "SELECT 'CREATE TABLE ' || c.oid::pg_catalog.regclass || ' ('"
            + " || coalesce((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' '"
            + " || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a"
            + " WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') || ') PARTITION BY '"
            + " || pg_catalog.pg_get_partkeydef(c.oid) FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'p' AND" + OF_USERS
            + " ORDER BY c.oid";
    private static final String ATTACHED =
            "SELECT CASE WHEN c.relispartition THEN 'ALTER TABLE ' || i.inhparent::pg_catalog.regclass"
                    + " || ' ATTACH PARTITION ' || c.oid::pg_catalog.regclass || ' ' || pg_catalog.pg_get_expr(c.relpartbound, c.oid)"
                    + " ELSE 'ALTER TABLE ' || c.oid::pg_catalog.regclass || ' INHERIT ' || i.inhparent::pg_catalog.regclass END"
                    + " FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND"
                    + OF_USERS
                    + " ORDER BY c.relkind = 'r', c.oid, i.inhseqno";
    /** Of a foreign key to a table that is divided the server has one more for each part, and makes them itself. */
    private static final String NOT_OF_A_PARTITION =
            " NOT EXISTS (SELECT FROM pg_catalog.pg_constraint w WHERE w.oid = k.conparentid AND w.conrelid = k.conrelid)";

    private static final String CONSTRAINTS = "SELECT k.conrelid, 'ALTER TABLE ' || k.conrelid::pg_catalog.regclass"
            + " || ' ADD CONSTRAINT ' || pg_catalog.quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid)"
            + " FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
            + " WHERE c.oid = ANY (%s) AND k.contype IN ('p', 'u', 'c', 'f', 'x') AND" + NOT_OF_A_PARTITION
            + " ORDER BY k.conrelid, pg_catalog.array_position('{p,u,x,c,f}'::\"char\"[], k.contype), k.conname";
    private static final String INDEXES =
            "SELECT i.indrelid, pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i"
                    + " JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid"
                    + " WHERE c.oid = ANY (%s) AND i.indisvalid AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k"
                    + " WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) ORDER BY i.indrelid, x.relname";
    private static final String COMMENTS = "SELECT d.objoid, 'COMMENT ON ' || CASE WHEN d.objsubid = 0 THEN 'TABLE '"
            + " || c.oid::pg_catalog.regclass ELSE 'COLUMN ' || c.oid::pg_catalog.regclass || '.' || pg_catalog.quote_ident(a.attname) END"
            + " || ' IS ''' || pg_catalog.replace(d.description, '''', '''''') || '''' FROM pg_catalog.pg_description d"
            + " JOIN pg_catalog.pg_class c ON c.oid = d.objoid LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
            + " AND a.attnum = d.objsubid WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = ANY (%s)"
            + " ORDER BY d.objoid, d.objsubid";
    private static final String REFERENCES =
            "SELECT k.conrelid, k.conname, a.attname, tn.nspname, tc.relname, ta.attname"
                    + " FROM pg_catalog.pg_constraint k CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey))"
                    + " WITH ORDINALITY u(own, other, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.own"
                    + " JOIN pg_catalog.pg_class tc ON tc.oid = k.confrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace"
                    + " JOIN pg_catalog.pg_attribute ta ON ta.attrelid = k.confrelid AND ta.attnum = u.other"
                    + " WHERE k.contype = 'f' AND tc.relkind = 'r' AND k.conrelid = ANY (%s) AND"
                    + NOT_OF_A_PARTITION + " ORDER BY k.conrelid, k.conname, u.place";

    private final List<String> before = new ArrayList<>();
    private final List<String> after = new ArrayList<>();
    private final Map<Long, List<String>> ofTables = new HashMap<>();
    private final Map<Long, Map<String, Reference>> references = new HashMap<>();
    private final List<Sequence> sequences;

    /**
     * Reads them.
     *
     * @param locked the captured tables: others may be dropped meanwhile, which would fail the functions that show what belongs to them
     */
    Definitions(Connection connection, List<Relation> locked) throws SQLException {
        Set<TableName> selected = locked.stream().map(Relation::name).collect(Collectors.toSet());
        String tables = locked.stream()
                .map(table -> Long.toString(table.oid()))
                .collect(Collectors.joining(",", "'{", "}'::pg_catalog.oid[]"));
        this.sequences = Sequence.all(connection, selected);
        before.addAll(PostgresDialect.strings(connection, SCHEMAS));
        before.addAll(PostgresDialect.strings(connection, COLLATIONS));
        before.addAll(PostgresDialect.strings(connection, ENUMS_AND_DOMAINS));
        sequences.stream()
                .filter(sequence -> !sequence.isIdentity())
                .forEach(sequence -> before.add(sequence.create()));
        before.addAll(PostgresDialect.strings(connection, functions("NOT " + NEEDS_TABLES)));
        for (String sql : List.of(functions(NEEDS_TABLES), AGGREGATES, PARTITIONED, ATTACHED, VIEWS, TRIGGERS)) {
            after.addAll(PostgresDialect.strings(connection, sql));
        }
        try (Statement statement = connection.createStatement()) {
            for (String sql : List.of(CONSTRAINTS, INDEXES, COMMENTS)) {
                try (ResultSet rows = statement.executeQuery(sql.replace("%s", tables))) {
                    while (rows.next()) {
                        ofTables.computeIfAbsent(rows.getLong(1), table -> new ArrayList<>())
                                .add(rows.getString(2));
                    }
                }
            }
            readReferences(statement, tables);
        }
    }

    private static String functions(String condition) {
        return "SELECT pg_catalog.pg_get_functiondef(p.oid) FROM pg_catalog.pg_proc p"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'p', 'w') AND "
                + condition + " AND" + OF_USERS + notOfExtension("pg_proc", "p") + " ORDER BY p.oid";
    }

    private static String notOfExtension(String catalog, String alias) {
        return NOT_OF_EXTENSION.replace("$", "pg_catalog." + catalog).replace("%", alias);
    }

    private void readReferences(Statement statement, String tables) throws SQLException {
        try (ResultSet rows = statement.executeQuery(REFERENCES.replace("%s", tables))) {
            while (rows.next()) {
                Reference part = new Reference(
                        rows.getString(2),
                        List.of(rows.getString(3)),
                        new TableName(rows.getString(4), rows.getString(5)).collection(PostgresDialect.DEFAULT_SCHEMA),
                        List.of(rows.getString(6)));
                references
                        .computeIfAbsent(rows.getLong(1), table -> new java.util.TreeMap<>())
                        .merge(part.name(), part, References::join);
            }
        }
    }

    /** Statements that make what tables need. */
    List<String> before() {
        return before;
    }

    /** Statements that make what needs tables. */
    List<String> after() {
        return after;
    }

    /** What a table's rows refer to. */
    List<Reference> references(Relation table) {
        return List.copyOf(references.getOrDefault(table.oid(), Map.of()).values());
    }

    /** The statements that make a table, the table itself first. */
    List<String> statements(Relation table, List<Column> columns) {
        List<String> statements = new ArrayList<>();
        List<String> lines = columns.stream().map(column -> line(table, column)).toList();
        statements.add((table.unlogged() ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ") + quote(table.name()) + " ("
                + String.join(", ", lines) + ")");
        statements.addAll(ofTables.getOrDefault(table.oid(), List.of()));
        for (Sequence sequence : sequences) {
            if (sequence.table() == table.oid() && !sequence.isIdentity()) {
                statements.add(sequence.ownedBy(quote(table.name())));
            }
        }
        return statements;
    }

    private String line(Relation table, Column column) {
        StringBuilder line = new StringBuilder(quote(column.name())).append(' ').append(column.type());
        if (column.collation() != null) {
            line.append(" COLLATE ").append(column.collation());
        }
        if (column.isGenerated()) {
            line.append(" GENERATED ALWAYS AS (").append(column.expression()).append(')');
            line.append(column.generated().equals("s") ? " STORED" : " VIRTUAL");
        } else if (!column.identity().isEmpty()) {
            line.append(column.identity().equals("a") ? " GENERATED ALWAYS" : " GENERATED BY DEFAULT")
                    .append(" AS IDENTITY");
            sequences.stream()
                    .filter(sequence -> sequence.isIdentity()
                            && sequence.table() == table.oid()
                            && sequence.column().equals(column.name()))
                    .forEach(sequence -> line.append(" (SEQUENCE NAME ")
                            .append(quote(sequence.name()))
                            .append(sequence.options())
                            .append(')'));
        } else if (column.expression() != null) {
            line.append(" DEFAULT ").append(column.expression());
        }
        return line.append(column.required() ? " NOT NULL" : "").toString();
    }

    private static String quote(TableName name) {
        return quote(name.schema()) + "." + quote(name.table());
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
