package io.crmbackup.jdbc.internal.sqlite;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Virtual tables and the tables that hold their content, which begin with their names. They are made as SQLite's own dump does it: the
 * tables with the content first, then the virtual table by its line in the schema alone, as to create it would make those tables anew.
 */
final class VirtualTables {
    private static final String NAME =
            "(\"(?:[^\"]|\"\"){1,400}\"|`(?:[^`]|``){1,400}`|'(?:[^']|''){1,400}'|\\[[^\\]]{1,400}\\]|[^\\s\"'`\\[(]+)";
    private static final Pattern DEFINITION = Pattern.compile(
            "CREATE\\s+VIRTUAL\\s+TABLE\\s+" + NAME + "\\s+USING\\s.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    private final List<String> virtual;
    private final List<String> shadows;

    /**
     * Of one database.
     *
     * @param shadows the tables that hold content
     */
    VirtualTables(List<String> virtual, List<String> shadows) {
        this.virtual = virtual;
        this.shadows = shadows;
    }

    /** The virtual table whose content a table holds. */
    Optional<String> of(String table) {
        return shadows.contains(table)
                ? virtual.stream()
                        .filter(name -> table.startsWith(name + "_"))
                        .max(Comparator.comparingInt(String::length))
                : Optional.empty();
    }

    static boolean isDefinition(String sql) {
        return DEFINITION.matcher(sql).matches();
    }

    /** What is executed for a statement of a backup. */
    static List<String> steps(String sql) {
        Matcher definition = DEFINITION.matcher(sql);
        if (!definition.matches()) {
            return List.of(sql);
        }
        String name = literal(plain(definition.group(1)));
        return List.of(
                "PRAGMA writable_schema = ON",
                "INSERT INTO main.sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('table', " + name + ", "
                        + name + ", 0, " + literal(sql) + ")",
                "PRAGMA writable_schema = RESET");
    }

    private static String plain(String name) {
        String quote = name.substring(0, 1);
        return switch (quote) {
            case "\"", "`", "'" -> name.substring(1, name.length() - 1).replace(quote + quote, quote);
            case "[" -> name.substring(1, name.length() - 1);
            default -> name;
        };
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
