package io.crmbackup.jdbc.internal.postgres.schema;

import java.util.Comparator;
import java.util.List;

/**
 * A statement that makes an object, or a part of one.
 *
 * @param id the object
 * @param part which part of it, as its comment; empty for the object itself
 * @param step when it is made at the latest
 * @param kind the place of its kind in the order of kinds
 * @param name what it is called; empty if nothing needs it by name
 * @param sql the statement; empty if there is nothing to be done
 * @param relations the numbers of tables, views and indexes that it needs besides the object
 * @param needs what else it needs that is not in the database
 */
record Definition(
        ObjectId id,
        String part,
        Step step,
        int kind,
        String name,
        String sql,
        List<Long> relations,
        List<String> needs) {
    /** An order that is the same for equal databases, whatever numbers their objects have. */
    static final Comparator<Definition> BY_KIND_AND_NAME = Comparator.comparing(Definition::step)
            .thenComparingInt(Definition::kind)
            .thenComparing(Definition::name)
            .thenComparing(Definition::part)
            .thenComparing(Definition::sql);

    /** When something is made. */
    enum Step {
        BEFORE,
        /** Constraints and indexes of tables: when rows are there, before all else. */
        KEYS,
        AFTER,
        REFRESH,
        RIGHTS,
        LAST
    }

    Definition {
        relations = List.copyOf(relations);
        needs = List.copyOf(needs);
    }

    boolean isObject() {
        return part.isEmpty();
    }
}
