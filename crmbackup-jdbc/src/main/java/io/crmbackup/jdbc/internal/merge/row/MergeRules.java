package io.crmbackup.jdbc.internal.merge.row;

import java.util.HashMap;
import java.util.Map;

/**
 * How rows are put into a database in service.
 *
 * @param others the policy of tables that have none of their own
 * @param policies by table, as it is called in the backup
 * @param tables tables that have another name now, by that in the backup
 * @param columns columns that have another name now, by table and name in the backup
 */
public record MergeRules(
        TablePolicy others,
        Map<String, TablePolicy> policies,
        Map<String, String> tables,
        Map<String, Map<String, String>> columns) {
    public MergeRules {
        policies = Map.copyOf(policies);
        tables = Map.copyOf(tables);
        columns = Map.copyOf(columns);
    }

    public static MergeRules of(TablePolicy others) {
        return new MergeRules(others, Map.of(), Map.of(), Map.of());
    }

    public MergeRules withPolicy(String table, TablePolicy policy) {
        return new MergeRules(others, with(policies, table, policy), tables, columns);
    }

    public MergeRules withTable(String before, String now) {
        return new MergeRules(others, policies, with(tables, before, now), columns);
    }

    public MergeRules withColumn(String table, String before, String now) {
        Map<String, String> ofTable = with(columns.getOrDefault(table, Map.of()), before, now);
        return new MergeRules(others, policies, tables, with(columns, table, ofTable));
    }

    public TablePolicy policy(String collection) {
        return policies.getOrDefault(collection, others);
    }

    /** The name that a table has now. */
    public String table(String collection) {
        return tables.getOrDefault(collection, collection);
    }

    /** The name that a column has now. */
    public String column(String collection, String field) {
        return columns.getOrDefault(collection, Map.of()).getOrDefault(field, field);
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> result = new HashMap<>(map);
        result.put(key, value);
        return Map.copyOf(result);
    }
}
