package io.crmbackup.jdbc.internal.hsqldb;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.SqlTokens;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the statement SCRIPT says: definitions, and where counters stand. HSQLDB writes a foreign key into its table's own definition if the
 * other table comes before; it is taken out, as rows are restored before foreign keys.
 *
 * @param definitions statements that make the schema, without users, rights and settings
 * @param counters statements that set counters to where they stood
 */
record HsqldbScript(List<String> definitions, List<String> counters) {
    private static final int ACCESS_DENIED = -5501;

    static HsqldbScript of(Connection connection) throws IOException, SQLException {
        List<String> definitions = new ArrayList<>();
        List<String> foreignKeys = new ArrayList<>();
        List<String> counters = new ArrayList<>();
        for (String line : lines(connection)) {
            String sql = line.strip();
            List<Token> tokens = SqlTokens.of(sql).orElse(List.of());
            if (isCounter(tokens)) {
                counters.add(sql);
            } else if (sql.startsWith("CREATE SCHEMA ")) {
                schema(tokens, sql, definitions);
            } else if (isDefinition(sql)) {
                definitions.add(withoutForeignKeys(sql, tokens, foreignKeys));
            }
        }
        definitions.addAll(foreignKeys);
        return new HsqldbScript(List.copyOf(definitions), List.copyOf(counters));
    }

    private static List<String> lines(Connection connection) throws IOException, SQLException {
        try {
            return Dialect.strings(connection, "SCRIPT");
        } catch (SQLException e) {
            if (e.getErrorCode() != ACCESS_DENIED && !"42507".equals(e.getSQLState())) {
                throw e;
            }
            throw new IOException(
                    "HSQLDB shows definitions to administrators only: let the data source connect as a user with the role DBA",
                    e);
        }
    }

    private static boolean isDefinition(String sql) {
        boolean defined = sql.startsWith("CREATE ") || sql.startsWith("ALTER TABLE ") || sql.startsWith("COMMENT ON ");
        return defined
                && !sql.startsWith("CREATE USER ")
                && !sql.startsWith("CREATE ROLE ")
                && !sql.startsWith("CREATE GLOBAL TEMPORARY ")
                && !sql.startsWith("CREATE TEXT ")
                && !sql.startsWith("CREATE TEMP ");
    }

    private static boolean isCounter(List<Token> tokens) {
        int i = tokens.size()
                - (tokens.size() > 1 && tokens.get(tokens.size() - 2).is("-") ? 4 : 3);
        return i > 0
                && tokens.get(0).is("ALTER")
                && tokens.get(i).is("RESTART")
                && tokens.get(i + 1).is("WITH");
    }

    /** A schema of the same name may be there already; its owner may not. */
    private static void schema(List<Token> tokens, String sql, List<String> definitions) {
        if (tokens.size() > 2 && !tokens.get(2).text().equals("PUBLIC")) {
            definitions.add("CREATE SCHEMA IF NOT EXISTS "
                    + sql.substring(tokens.get(2).start(), tokens.get(2).end()));
        }
    }

    private static String withoutForeignKeys(String sql, List<Token> tokens, List<String> foreignKeys) {
        int open = 0;
        while (open < tokens.size() && !tokens.get(open).is("(")) {
            open++;
        }
        boolean isTable = open > 2 && tokens.subList(0, 3).stream().anyMatch(token -> token.is("TABLE"));
        if (!isTable || open >= tokens.size()) {
            return sql;
        }
        int name = 1;
        while (!tokens.get(name - 1).is("TABLE")) {
            name++;
        }
        String table =
                sql.substring(tokens.get(name).start(), tokens.get(open - 1).end());
        StringBuilder rest = new StringBuilder(sql.substring(0, tokens.get(open).end()));
        int depth = 0;
        int begin = open + 1;
        for (int i = open + 1; i < tokens.size(); i++) {
            boolean ends = depth == 0 && (tokens.get(i).is(",") || tokens.get(i).is(")"));
            if (ends) {
                String part = sql.substring(
                        tokens.get(begin).start(), tokens.get(i - 1).end());
                if (isForeignKey(tokens, begin)) {
                    foreignKeys.add("ALTER TABLE " + table + " ADD " + part);
                } else {
                    rest.append(begin == open + 1 ? "" : ",").append(part);
                }
                begin = i + 1;
                if (tokens.get(i).is(")")) {
                    return rest.append(sql.substring(tokens.get(i).start())).toString();
                }
            }
            depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
        }
        return sql;
    }

    private static boolean isForeignKey(List<Token> tokens, int begin) {
        int at = tokens.get(begin).is("CONSTRAINT") ? begin + 2 : begin;
        return tokens.get(at).is("FOREIGN") && tokens.get(at + 1).is("KEY");
    }
}
