package io.crmbackup.jdbc;

import io.crmbackup.Selection;

/** Names tables, or rows of them, for a restore. */
public final class Tables {
    private Tables() {}

    /**
     * All rows of a table; {@link Selection} narrows it to some rows and widens it to what belongs to them.
     *
     * @param name its name in the database, with its schema before a dot if that is not the default one; in any case if that is unambiguous
     */
    public static Selection table(String name) {
        return Selection.of(name);
    }
}
