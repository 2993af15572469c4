package io.crmbackup.jdbc.internal.sql;

import java.util.Optional;

/**
 * When a table is made.
 *
 * @param after after how many statements of the list {@code before}
 * @param needs its name and what it needs
 */
public record TablePlace(int after, Needs needs) {
    /** The list of attributes that holds them, in the order of the tables. */
    public static final String LIST = "tableOrder";

    /** What {@link #text()} gave; empty if that is no such text. */
    static Optional<TablePlace> parse(String text) {
        int end = text.indexOf(' ');
        if (end < 1 || end > 9 || !text.substring(0, end).chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(
                new TablePlace(Integer.parseInt(text.substring(0, end)), Needs.parse(text.substring(end + 1))));
    }

    /** As an attribute's value. */
    public String text() {
        return after + " " + needs.text();
    }
}
