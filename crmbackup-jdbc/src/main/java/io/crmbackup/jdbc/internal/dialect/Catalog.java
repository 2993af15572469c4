package io.crmbackup.jdbc.internal.dialect;

import java.util.List;

/**
 * What a database consists of.
 *
 * @param tables the tables that are captured
 * @param before statements that make what tables need: schemas, domains, sequences
 * @param after statements that make what needs tables: views, triggers
 * @param leftOut what is there and not captured, in words
 * @param counters statements that set counters to where they stood when the catalog was read, if only reading it tells that
 */
public record Catalog(
        List<Table> tables, List<String> before, List<String> after, List<String> leftOut, List<String> counters) {
    public Catalog {
        tables = List.copyOf(tables);
        before = List.copyOf(before);
        after = List.copyOf(after);
        leftOut = List.copyOf(leftOut);
        counters = List.copyOf(counters);
    }

    /** One that tells nothing of counters. */
    public Catalog(List<Table> tables, List<String> before, List<String> after, List<String> leftOut) {
        this(tables, before, after, leftOut, List.of());
    }
}
