package io.crmbackup.jdbc.internal.mysql.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LoadedRows;
import io.crmbackup.jdbc.internal.mysql.rows.MySqlValues;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows by LOAD DATA LOCAL. The server takes what a client sends as it can, skips rows whose key is there, cuts what is too long, and warns: so every
 * warning is a failure here, and so is a row that it did not count. Bytes are sent as hexadecimal digits, as all else is text that it converts to each column's
 * character set.
 */
public final class LoadData {
    private LoadData() {}

    /** Loads rows; how many the server took. */
    public static long run(Connection connection, Dialect dialect, TableName table, List<Field> fields, LoadedRows rows)
            throws IOException, SQLException {
        List<MySqlValues> formats = fields.stream().map(MySqlValues::format).toList();
        try (Statement statement = connection.createStatement();
                LoadText text = new LoadText(rows, formats, fields)) {
            LocalInfile.set(connection, statement, text);
            long taken;
            try {
                taken = statement.executeLargeUpdate(sql(dialect, table, fields));
            } catch (SQLException e) {
                text.throwFailure();
                throw e;
            }
            text.throwFailure();
            if (!text.isAtEnd()) {
                throw new IOException("the driver did not send all rows");
            }
            refuseWarnings(statement);
            return taken;
        }
    }

    /** The characters are written as numbers: how a backslash is written depends on the session. */
    private static String sql(Dialect dialect, TableName table, List<Field> fields) {
        List<String> columns = new ArrayList<>();
        List<String> converted = new ArrayList<>();
        for (Field field : fields) {
            String column = dialect.quote(field.name());
            if (field.type() == FieldType.BYTES) {
                String variable = "@crmbackup_" + converted.size();
                columns.add(variable);
                converted.add(column + " = UNHEX(" + variable + ")");
            } else {
                columns.add(column);
            }
        }
        return "LOAD DATA LOCAL INFILE 'crmbackup' INTO TABLE " + dialect.quote(table) + " CHARACTER SET utf8mb4"
                + " FIELDS TERMINATED BY 0x09 ESCAPED BY 0x5c LINES TERMINATED BY 0x0a (" + String.join(", ", columns)
                + ")" + (converted.isEmpty() ? "" : " SET " + String.join(", ", converted));
    }

    private static void refuseWarnings(Statement statement) throws IOException, SQLException {
        try (ResultSet warnings = statement.executeQuery("SHOW WARNINGS LIMIT 5")) {
            List<String> found = new ArrayList<>();
            while (warnings.next()) {
                if (!warnings.getString(1).equals("Note")) {
                    found.add(warnings.getString(3));
                }
            }
            if (!found.isEmpty()) {
                throw new IOException("the server would not take the rows as they are: " + String.join("; ", found));
            }
        }
    }
}
