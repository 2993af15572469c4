package io.crmbackup.jdbc.internal.dialect;

import java.util.List;

/**
 * What a database consists of.
 *
 * @param tables the tables that are captured
 * @param before statements that make what tables need: schemas, domains, sequences
 * @param after statements that make what needs tables: views, triggers
 * @param leftOut what is there and not captured, in words
 */
public record Catalog(List<Table> tables, List<String> before, List<String> after, List<String> leftOut) {
    public Catalog {
        tables = List.copyOf(tables);
        before = List.copyOf(before);
        after = List.copyOf(after);
        leftOut = List.copyOf(leftOut);
    }
}
