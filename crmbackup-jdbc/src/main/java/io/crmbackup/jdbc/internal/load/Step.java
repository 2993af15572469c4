package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Something that is done once in a restore.
 *
 * @param number by which it is known in the journal
 * @param statements what is executed, in this order
 */
record Step(int number, List<SchemaStatement> statements) {
    Step(int number, SchemaStatement statement) {
        this(number, List.of(statement));
    }

    /** What it locks: two steps that share a table must not be done at once. */
    Set<String> tables() {
        Set<String> tables = new HashSet<>();
        for (SchemaStatement statement : statements) {
            statement.table().ifPresent(table -> tables.add(table.toString()));
            statement.target().ifPresent(table -> tables.add(table.toString()));
        }
        return tables;
    }
}
