package io.crmbackup.jdbc.internal.postgres.schema;

import io.crmbackup.jdbc.internal.sql.Needs;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TablePlace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The statements that make a database.
 *
 * @param before what is made before rows are written, besides the tables
 * @param places after how many of these each table is made
 * @param after what is made when rows are there
 * @param tables the statement that makes each table by itself, by its number
 * @param leftOut what is not among them, in words
 */
public record DatabaseSchema(
        List<Step> before, List<TablePlace> places, List<Step> after, Map<Long, String> tables, List<String> leftOut) {
    /** A statement and what it needs. */
    public record Step(String sql, Needs needs) {}

    public DatabaseSchema {
        before = List.copyOf(before);
        places = List.copyOf(places);
        after = List.copyOf(after);
        tables = Map.copyOf(tables);
        leftOut = List.copyOf(leftOut);
    }

    /** What a restore has to know of the lists {@code before} and {@code after}, as attributes of a capture. */
    public Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        put(attributes, "before", before);
        put(attributes, "after", after);
        Statements.put(
                attributes,
                TablePlace.LIST,
                places.stream().map(TablePlace::text).toList());
        return attributes;
    }

    private static void put(Map<String, String> attributes, String list, List<Step> steps) {
        for (int i = 0; i < steps.size(); i++) {
            Needs needs = steps.get(i).needs();
            if (!needs.equals(Needs.NONE)) {
                attributes.put(Needs.attribute(list, i), needs.text());
            }
        }
    }
}
