package io.crmbackup.jdbc.internal.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /** The same for a table's statements. */
    public static Optional<String> stray(Map<String, String> attributes) {
        return stray(attributes, TABLE);
    }

    /** A table's statements. */
    public static List<String> of(Map<String, String> attributes) {
        return of(attributes, TABLE);
    }

    /** A list's statements in order, up to the first number that is missing. */
    public static List<String> of(Map<String, String> attributes, String list) {
        List<String> statements = new ArrayList<>();
        for (String sql = attributes.get(name(list, 0));
                sql != null;
                sql = attributes.get(name(list, statements.size()))) {
            statements.add(sql);
        }
        return List.copyOf(statements);
    }

    /** An attribute that is named as one of a list's statements and is not among them; empty if there is none. */
    public static Optional<String> stray(Map<String, String> attributes, String list) {
        Set<String> names = new HashSet<>();
        for (int n = of(attributes, list).size(); n > 0; n--) {
            names.add(name(list, n - 1));
        }
        return attributes.keySet().stream()
                .filter(name -> name.startsWith(list + ".") && !names.contains(name))
                .min(Comparator.naturalOrder());
    }
}
