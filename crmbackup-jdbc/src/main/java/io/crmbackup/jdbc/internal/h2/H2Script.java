package io.crmbackup.jdbc.internal.h2;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.SqlTokens;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What SCRIPT says of a database, which is for administrators only. */
final class H2Script {
    private static final int ADMIN_RIGHTS_REQUIRED = 90040;

    /** Of users, who may do what, and what is said of them. */
    private static final Set<String> OF_USERS =
            Set.of("CREATE USER", "CREATE ROLE", "GRANT", "COMMENT ON ROLE", "COMMENT ON USER");

    private H2Script() {}

    /** The statements that make the schema, without users and their rights, and without where counters stand. */
    static List<String> of(Connection connection) throws IOException, SQLException {
        List<String> result = new ArrayList<>();
        for (String line : lines(connection)) {
            String sql = line.strip();
            if (sql.endsWith(";")) {
                sql = sql.substring(0, sql.length() - 1);
            }
            if (!sql.isEmpty() && !sql.startsWith("--") && OF_USERS.stream().noneMatch(sql::startsWith)) {
                result.add(withoutPosition(executable(schemaWithoutOwner(sql))));
            }
        }
        return result;
    }

    private static List<String> lines(Connection connection) throws IOException, SQLException {
        try {
            return Dialect.strings(connection, "SCRIPT NODATA NOPASSWORDS NOSETTINGS");
        } catch (SQLException e) {
            if (e.getErrorCode() != ADMIN_RIGHTS_REQUIRED) {
                throw e;
            }
            throw new IOException(
                    "H2 shows definitions to administrators only: let the data source connect as a user with ADMIN rights",
                    e);
        }
    }

    /** What H2 writes but can't execute: a materialized view whether or not what it needs is there. */
    private static String executable(String sql) {
        String forced = "CREATE FORCE MATERIALIZED VIEW";
        return sql.startsWith(forced) ? "CREATE MATERIALIZED VIEW" + sql.substring(forced.length()) : sql;
    }

    private static String schemaWithoutOwner(String sql) {
        int owner = sql.lastIndexOf(" AUTHORIZATION ");
        return sql.startsWith("CREATE SCHEMA") && owner > 0 ? sql.substring(0, owner) : sql;
    }

    /** A statement without how selective columns are, which H2 finds out anew every now and then. */
    static String withoutStatistics(String sql) {
        if (!sql.contains(" SELECTIVITY ")) {
            return sql;
        }
        List<Token> tokens = SqlTokens.of(sql).orElse(List.of());
        StringBuilder result = new StringBuilder(sql);
        for (int i = tokens.size() - 1; i >= 2; i--) {
            if (tokens.get(i).kind() == Kind.NUMBER && tokens.get(i - 1).is("SELECTIVITY")) {
                result.delete(tokens.get(i - 2).end(), tokens.get(i).end());
            }
        }
        return result.toString();
    }

    /** Where counters stand changes with every row: it is told apart from the definition. */
    private static String withoutPosition(String sql) {
        if (!sql.contains(" RESTART WITH ") && !sql.contains(" EXHAUSTED")) {
            return sql;
        }
        List<Token> tokens = SqlTokens.of(sql).orElse(List.of());
        StringBuilder result = new StringBuilder(sql);
        for (int i = tokens.size() - 1; i >= 2; i--) {
            if (tokens.get(i).is("EXHAUSTED")) {
                result.delete(tokens.get(i - 1).end(), tokens.get(i).end());
            } else if (tokens.get(i).kind() == Kind.NUMBER) {
                int first = tokens.get(i - 1).is("-") ? i - 3 : i - 2;
                if (first > 0
                        && tokens.get(first).is("RESTART")
                        && tokens.get(first + 1).is("WITH")) {
                    result.delete(tokens.get(first - 1).end(), tokens.get(i).end());
                }
            }
        }
        return result.toString();
    }
}
