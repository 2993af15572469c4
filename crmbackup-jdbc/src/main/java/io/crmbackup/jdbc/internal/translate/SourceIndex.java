package io.crmbackup.jdbc.internal.translate;

import java.util.List;

/**
 * A unique key or an index of plain columns.
 *
 * @param name its name; may be empty
 */
record SourceIndex(String name, Uniqueness uniqueness, List<String> columns) {
    enum Uniqueness {
        UNIQUE,
        PLAIN
    }

    SourceIndex {
        columns = List.copyOf(columns);
    }

    boolean isUnique() {
        return uniqueness == Uniqueness.UNIQUE;
    }
}
