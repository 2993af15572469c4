package io.crmbackup.jdbc.internal.sql;

import java.util.List;
import java.util.Map;

/**
 * When a table is made.
 *
 * @param after after how many statements of the list {@code before}
 * @param needs its name and what it needs
 */
public record TablePlace(int after, Needs needs) {
    /** The list of attributes that holds them, in the order of the tables. */
    public static final String LIST = "tableOrder";

    /** The places that a capture's attributes tell. */
    public static List<TablePlace> all(Map<String, String> attributes) {
        return Statements.of(attributes, LIST).stream().map(TablePlace::parse).toList();
    }

    private static TablePlace parse(String text) {
        int end = text.indexOf(' ');
        if (end < 1 || end > 9 || !text.substring(0, end).chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("not the place of a table: " + text);
        }
        return new TablePlace(Integer.parseInt(text.substring(0, end)), Needs.parse(text.substring(end + 1)));
    }

    /** As an attribute's value. */
    public String text() {
        return after + " " + needs.text();
    }
}
