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
 * @param makes the definitions that are whole when it is done; the same, unless a table is made in several steps
 */
record Step(int number, List<SchemaStatement> statements, List<SchemaStatement> makes) {
    Step(int number, List<SchemaStatement> statements) {
        this(number, statements, statements);
    }

    Step(int number, SchemaStatement statement) {
        this(number, List.of(statement));
    }

    /** What the database has when it is done, and not before. */
    List<SchemaStatement> evidence() {
        return makes.isEmpty() ? statements : makes;
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
