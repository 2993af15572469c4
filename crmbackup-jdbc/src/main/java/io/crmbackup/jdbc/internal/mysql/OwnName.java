package io.crmbackup.jdbc.internal.mysql;

/**
 * The name of the database itself in definitions as the server writes them. It is left out, as a database goes by another name where it is
 * restored, and would then go on using what lies in the one of that name.
 */
final class OwnName {
    private OwnName() {}

    /** The definition without the database's quoted name where it stands before another name. */
    static String leftOut(String quotedDatabase, String sql) {
        StringBuilder result = new StringBuilder();
        int from = 0;
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int end = c == '`' || c == '\'' || c == '"' ? end(sql, at) : at + 1;
            boolean own = c == '`'
                    && end - at == quotedDatabase.length()
                    && sql.startsWith(quotedDatabase, at)
                    && (at == 0 || sql.charAt(at - 1) != '.');
            if (own && sql.startsWith(".`", end)) {
                result.append(sql, from, at);
                from = end + 1;
            } else if (own) {
                // A column, or another name for a table: then what stands before a dot may be that as well.
                return sql;
            }
            at = end;
        }
        return result.append(sql, from, sql.length()).toString();
    }

    /** Where what begins with a quote ends. */
    private static int end(String sql, int begin) {
        char quote = sql.charAt(begin);
        for (int at = begin + 1; at < sql.length(); at++) {
            char c = sql.charAt(at);
            if (c == '\\' && quote != '`') {
                at++;
            } else if (c == quote) {
                if (!sql.startsWith(String.valueOf(quote), at + 1)) {
                    return at + 1;
                }
                at++;
            }
        }
        return sql.length();
    }
}
