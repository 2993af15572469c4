package io.crmbackup.jdbc.internal.mysql.statement;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A statement and the settings of the session in which it means what it says. Programs keep those of the session that made them: whether
 * double quotes hold a name, in which character set literals are, how they compare. As text it is a SET, a line break and the statement.
 */
public record SessionStatement(Map<String, String> settings, String sql) {
    /** The collation that the database had when the program was made; what else is named is a variable of the session. */
    public static final String DATABASE = "collation_database";

    public static final String CLIENT = "character_set_client";

    private static final Set<String> NAMES = Set.of("sql_mode", CLIENT, "collation_connection", DATABASE, "time_zone");

    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_,:+/ -]*");
    private static final Pattern SETTING = Pattern.compile("([a-z_]+) = '([^']*)'");
    private static final Pattern TEXT =
            Pattern.compile("SET SESSION (" + SETTING + "(?:, " + SETTING + "){0,9});\n(.+)", Pattern.DOTALL);

    public SessionStatement {
        settings = new LinkedHashMap<>(settings);
        settings.forEach((name, value) -> {
            if (!NAMES.contains(name) || !VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("not a setting of a program: " + name + " = " + value);
            }
        });
    }

    /** Reads what {@link #text} made; what is anything else is a statement without settings. */
    public static SessionStatement of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return new SessionStatement(Map.of(), text);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        Matcher each = SETTING.matcher(matcher.group(1));
        while (each.find()) {
            if (!NAMES.contains(each.group(1)) || !VALUE.matcher(each.group(2)).matches()) {
                return new SessionStatement(Map.of(), text);
            }
            settings.put(each.group(1), each.group(2));
        }
        return new SessionStatement(settings, matcher.group(matcher.groupCount()));
    }

    public String text() {
        return settings.isEmpty() ? sql : set(settings) + ";\n" + sql;
    }

    /** Names of the session's own variables that it needs. */
    List<String> variables() {
        return settings.keySet().stream().filter(name -> !name.equals(DATABASE)).toList();
    }

    /** A statement that gives variables of the session these values. */
    static String set(Map<String, String> values) {
        return values.entrySet().stream()
                .map(setting -> setting.getKey() + " = '" + setting.getValue() + "'")
                .collect(Collectors.joining(", ", "SET SESSION ", ""));
    }
}
