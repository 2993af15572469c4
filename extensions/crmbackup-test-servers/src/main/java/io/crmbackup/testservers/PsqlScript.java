package io.crmbackup.testservers;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/** Runs a script for psql without psql: its statements, {@code COPY … FROM stdin}, variables and conditions. Not thread-safe. */
final class PsqlScript {
    private static final Pattern COPY = Pattern.compile("(?is)COPY\\s.*\\sFROM\\s+STDIN\\b.*");
    private static final Pattern IS_SET = Pattern.compile(":\\{\\?(\\w+)}");
    private static final Pattern COMMAND = Pattern.compile("\\\\(\\w+)((?:[^\\\\])*)");

    private final Map<String, String> variables;
    private final Deque<Boolean> conditions = new ArrayDeque<>();

    /**
     * @param variables as given by {@code psql -v}
     */
    PsqlScript(Map<String, String> variables) {
        this.variables = new HashMap<>(variables);
    }

    /** Runs a script over one connection, which commits each statement unless the script begins a transaction. */
    void run(String script, Connection connection) throws SQLException {
        SqlSplitter splitter = new SqlSplitter(script, SqlSplitter.Dialect.POSTGRES, variables);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (Optional<String> sql = splitter.next(); sql.isPresent(); sql = splitter.next()) {
                if (sql.get().startsWith("\\")) {
                    commands(sql.get());
                } else if (COPY.matcher(sql.get()).matches()) {
                    splitter.line();
                    String lines = splitter.copiedLines();
                    if (active()) {
                        copy(sql.get(), lines, connection);
                    }
                } else if (active()) {
                    statement.execute(sql.get());
                }
            }
        }
    }

    private static void copy(String sql, String lines, Connection connection) throws SQLException {
        try {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new StringReader(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean active() {
        return !conditions.contains(false);
    }

    /** One line may hold several. */
    private void commands(String line) {
        Matcher matcher = COMMAND.matcher(line);
        while (matcher.find()) {
            command(matcher.group(1), matcher.group(2).strip());
        }
    }

    private void command(String name, String argument) {
        switch (name) {
            case "if" -> conditions.push(isTrue(argument));
            case "else" -> conditions.push(!conditions.pop());
            case "endif" -> conditions.pop();
            case "set" -> {
                if (active()) {
                    String[] parts = argument.split("\\s+", 2);
                    variables.put(parts[0], parts.length == 1 ? "" : parts[1]);
                }
            }
            default -> throw new IllegalArgumentException("\\" + name + " is none of \\if, \\else, \\endif and \\set");
        }
    }

    private boolean isTrue(String condition) {
        Matcher isSet = IS_SET.matcher(condition);
        return isSet.matches()
                ? variables.containsKey(isSet.group(1))
                : condition.equals("true") || condition.equals("on") || condition.equals("1");
    }
}
