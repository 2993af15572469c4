package io.crmbackup.jdbc.internal.sql;

import java.io.IOException;
import java.io.Serial;
import java.sql.SQLException;

/** A database refused something. The message says what was done, the database's code and its words. */
public final class DatabaseException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public DatabaseException(String doing, SQLException cause) {
        super(
                doing + " failed: " + firstLine(cause) + " [state " + cause.getSQLState() + ", code "
                        + cause.getErrorCode() + "]",
                cause);
    }

    private static String firstLine(SQLException cause) {
        String message = String.valueOf(cause.getMessage());
        int end = message.indexOf('\n');
        // H2 goes on with the statement, which may hold values.
        return (end < 0 ? message : message.substring(0, end)).replaceFirst("; SQL statement:$", "");
    }
}
