package io.crmbackup.jdbc.internal.postgres.exchange;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.postgres.rows.TableRead;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tables in exchanged schemas that the source leaves out. They move into the new schemas as they are, with their indexes, types and own sequences;
 * which needs that nothing else in the schemas is bound to them, in either direction.
 *
 * <p>They are moved last, as that keeps readers out up to the commit.
 */
final class LeftOutTables {
    private final Connection connection;
    private final List<TableName> tables;

    LeftOutTables(Connection connection, List<TableName> tables) {
        this.connection = connection;
        this.tables = List.copyOf(tables);
    }

    /** The tables (t) that lie now in schemas with these names, and all that moves with them (own). */
    private String own(List<TableName> now) {
        return "WITH RECURSIVE t AS (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN ROWS FROM (pg_catalog.unnest("
                + Dependents.array(now.stream().map(TableName::schema).toList()) + "), pg_catalog.unnest("
                + Dependents.array(now.stream().map(TableName::table).toList())
                + ")) v (schema, name) ON v.schema = n.nspname AND v.name = c.relname),"
                + " own AS (SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS class, oid AS id FROM t"
                + " UNION SELECT d.classid, d.objid FROM pg_catalog.pg_depend d JOIN own ON d.refclassid = own.class AND d.refobjid = own.id"
                + " WHERE d.deptype IN ('a', 'i') AND d.classid <> 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass"
                + " AND NOT (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND EXISTS (SELECT FROM pg_catalog.pg_class c"
                + " WHERE c.oid = d.objid AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))))";
    }

    /**
     * What binds them to the rest of schemas, in words; nothing if all can be moved.
     *
     * @param schemas the names of those that are exchanged
     */
    List<String> bonds(List<String> schemas) throws SQLException {
        if (tables.isEmpty()) {
            return List.of();
        }
        return Dialect.strings(
                connection,
                own(tables) + ", x AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY ("
                        + Dependents.array(schemas) + ")), o AS (" + Dependents.objects() + ")"
                        + " SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) || ' needs '"
                        + " || pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) AS line"
                        + " FROM pg_catalog.pg_depend d LEFT JOIN own a ON a.class = d.classid AND a.id = d.objid"
                        + " LEFT JOIN own b ON b.class = d.refclassid AND b.id = d.refobjid"
                        + " LEFT JOIN o r ON r.class = d.refclassid AND r.id = d.refobjid"
                        + " WHERE a.id IS NULL AND b.id IS NOT NULL OR a.id IS NOT NULL AND b.id IS NULL"
                        + " AND r.schema IN (SELECT oid FROM x)"
                        + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = d.refclassid AND e.objid = d.refobjid"
                        + " AND e.deptype = 'e') ORDER BY line LIMIT 20");
    }

    /**
     * Fails if something in the new schemas has the name of one of them, or of what moves with it.
     *
     * @param aside what the old schemas are called, by the names of the new ones
     */
    void checkNames(Map<String, String> aside) throws IOException, SQLException {
        if (tables.isEmpty()) {
            return;
        }
        List<String> taken = Dialect.strings(
                connection,
                own(asides(aside)) + ", v AS (SELECT b.oid AS new, a.oid AS old FROM ROWS FROM (pg_catalog.unnest("
                        + Dependents.array(List.copyOf(aside.keySet())) + "), pg_catalog.unnest("
                        + Dependents.array(List.copyOf(aside.values()))
                        + ")) v (name, aside) JOIN pg_catalog.pg_namespace b ON b.nspname = v.name"
                        + " JOIN pg_catalog.pg_namespace a ON a.nspname = v.aside)"
                        + " SELECT pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, n.oid, 0) FROM own"
                        + " JOIN pg_catalog.pg_class c ON own.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = own.id"
                        + " JOIN v ON v.old = c.relnamespace JOIN pg_catalog.pg_class n ON n.relnamespace = v.new AND n.relname = c.relname"
                        + " UNION ALL SELECT pg_catalog.pg_describe_object('pg_catalog.pg_type'::pg_catalog.regclass, n.oid, 0) FROM own"
                        + " JOIN pg_catalog.pg_type y ON own.class = 'pg_catalog.pg_type'::pg_catalog.regclass AND y.oid = own.id"
                        + " JOIN v ON v.old = y.typnamespace JOIN pg_catalog.pg_type n ON n.typnamespace = v.new AND n.typname = y.typname"
                        + " ORDER BY 1");
        if (!taken.isEmpty()) {
            throw new IOException(
                    "the backup has what is called as a table, or a part of one, that the source leaves out: "
                            + String.join(", ", taken));
        }
    }

    /** Where they lie while their schemas are out of the way. */
    List<TableName> asides(Map<String, String> aside) {
        return tables.stream()
                .map(table -> new TableName(
                        Objects.requireNonNull(aside.get(table.schema()), "an exchanged schema"), table.table()))
                .toList();
    }

    /** Moves them into the new schemas. */
    void move(Map<String, String> aside) throws SQLException {
        for (TableName table : tables) {
            Dialect.execute(
                    connection,
                    "ALTER TABLE " + TableRead.quote(Objects.requireNonNull(aside.get(table.schema()))) + "."
                            + TableRead.quote(table.table()) + " SET SCHEMA " + TableRead.quote(table.schema()));
        }
    }
}
