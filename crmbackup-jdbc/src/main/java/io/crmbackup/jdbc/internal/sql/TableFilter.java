package io.crmbackup.jdbc.internal.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which tables are captured: those of the schemas, if any are given, that an include pattern fits, if there are any, and no exclude pattern.
 *
 * @param missing what is done if a schema or include pattern fits no table
 */
public record TableFilter(List<String> schemas, List<String> includes, List<String> excludes, Missing missing) {
    /** What becomes of a name that nothing is called. */
    public enum Missing {
        /** It is a mistake: a name that is misspelt must not give an empty backup. */
        FAILS,
        /** It is what has been lost. */
        IS_LEFT_OUT
    }

    public static final TableFilter ALL = new TableFilter(List.of(), List.of(), List.of());

    public TableFilter {
        schemas = List.copyOf(schemas);
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
    }

    public TableFilter(List<String> schemas, List<String> includes, List<String> excludes) {
        this(schemas, includes, excludes, Missing.FAILS);
    }

    /** The same for a database of which a part may be gone. */
    public TableFilter ofWhatIsLeft() {
        return new TableFilter(schemas, includes, excludes, Missing.IS_LEFT_OUT);
    }

    /**
     * The tables that are captured.
     *
     * @throws IOException if a schema or include pattern fits no table, and that fails
     */
    public Set<TableName> select(List<TableName> tables, String defaultSchema) throws IOException {
        Set<TableName> selected = new HashSet<>(tables);
        if (!schemas.isEmpty()) {
            keep(selected, schemas, "schema", (schema, table) -> schema.equalsIgnoreCase(table.schema()));
        }
        if (!includes.isEmpty()) {
            keep(selected, includes, "table", (pattern, table) -> fits(pattern, table, defaultSchema));
        }
        for (String pattern : excludes) {
            selected.removeIf(table -> fits(pattern, table, defaultSchema));
        }
        return selected;
    }

    @Override
    public String toString() {
        return part(", schemas ", schemas) + part(", tables ", includes) + part(" without ", excludes);
    }

    private static String part(String before, List<String> names) {
        return names.isEmpty() ? "" : before + String.join(", ", names);
    }

    private interface Match {
        boolean fits(String pattern, TableName table);
    }

    private void keep(Set<TableName> selected, List<String> patterns, String what, Match match) throws IOException {
        List<String> unused = new ArrayList<>(patterns);
        selected.removeIf(table -> {
            List<String> fitting =
                    patterns.stream().filter(p -> match.fits(p, table)).collect(Collectors.toList());
            unused.removeAll(fitting);
            return fitting.isEmpty();
        });
        if (!unused.isEmpty() && missing == Missing.FAILS) {
            throw new IOException("no " + what + " of the database is called " + String.join(", ", unused));
        }
    }

    private static boolean fits(String pattern, TableName table, String defaultSchema) {
        Pattern compiled = Pattern.compile(
                Pattern.compile("[^*]+")
                        .matcher(pattern)
                        .replaceAll(m -> java.util.regex.Matcher.quoteReplacement(Pattern.quote(m.group())))
                        .replace("*", ".*"),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
        return compiled.matcher(table.collection(defaultSchema)).matches()
                || compiled.matcher(table.collection("")).matches();
    }

    public static String checked(String pattern) {
        if (pattern.isBlank()) {
            throw new IllegalArgumentException("a table's pattern can't be empty; write for example \"crm.tmp_*\"");
        }
        return pattern.toLowerCase(Locale.ROOT);
    }
}
