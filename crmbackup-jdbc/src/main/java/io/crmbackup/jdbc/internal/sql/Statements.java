package io.crmbackup.jdbc.internal.sql;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Lists of statements as attributes: {@code statement.00000} and so on. */
public final class Statements {
    private static final String TABLE = "statement";

    private Statements() {}

    /** The name of a table's n-th statement. */
    public static String name(int n) {
        return name(TABLE, n);
    }

    public static String name(String list, int n) {
        return String.format(Locale.ROOT, "%s.%05d", list, n);
    }

    public static void put(Map<String, String> attributes, String list, List<String> statements) {
        for (int i = 0; i < statements.size(); i++) {
            attributes.put(name(list, i), statements.get(i));
        }
    }

    /** A table's statements. */
    public static List<String> of(Map<String, String> attributes) {
        return of(attributes, TABLE);
    }

    /** A list's statements in order. */
    public static List<String> of(Map<String, String> attributes, String list) {
        Map<String, String> sorted = new TreeMap<>();
        attributes.forEach((name, sql) -> {
            if (name.startsWith(list + ".")) {
                sorted.put(name, sql);
            }
        });
        return List.copyOf(sorted.values());
    }
}
