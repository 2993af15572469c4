package io.crmbackup.jdbc.internal.mysql.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** One row that is too large to be held in memory: its long values are contents that are read from the server in pieces. */
final class LargeRow {
    /** Longer values are contents; more than what lies inside of records. */
    private static final int LONG = 1 << 16;

    private final Connection connection;
    private final Dialect dialect;
    private final Table table;
    private final String place;
    private final List<String> key;

    /**
     * Names a row.
     *
     * @param place what follows FROM and the table's name to select this row alone
     * @param key its key as literals; empty if it is not told by that
     */
    LargeRow(Connection connection, Dialect dialect, Table table, String place, List<String> key) {
        this.connection = connection;
        this.dialect = dialect;
        this.table = table;
        this.place = place;
        this.key = List.copyOf(key);
    }

    List<String> key() {
        return key;
    }

    List<FieldValue> values() throws IOException {
        List<Field> fields = table.schema().fields();
        List<String> selections = new ArrayList<>();
        for (Field field : fields) {
            String name = dialect.quote(field.name());
            ValueFormat format = dialect.format(field);
            selections.add(
                    MySqlValues.isLarge(field)
                            ? "LENGTH(" + name + "), "
                                    + format.selection("IF(LENGTH(" + name + ") > " + LONG + ", NULL, " + name + ")")
                            : format.selection(name));
        }
        String sql = "SELECT " + String.join(", ", selections) + from();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new IOException(
                        "a large row of table " + table.collection() + " is gone, which can't be within a snapshot");
            }
            List<FieldValue> values = new ArrayList<>();
            int index = 1;
            for (Field field : fields) {
                boolean isLong = MySqlValues.isLarge(field) && row.getLong(index++) > LONG;
                ValueFormat format = dialect.format(field);
                values.add(isLong ? FieldValue.content(() -> open(field), -1) : format.read(row, index));
                index += format.selected();
            }
            return values;
        } catch (SQLException e) {
            throw new DatabaseException("reading a large row of table " + table.collection(), e);
        }
    }

    private ValuePieces open(Field field) throws IOException {
        String what = table.collection() + "." + field.name();
        String name = dialect.quote(field.name());
        try {
            if (field.nativeType().contains(MySqlValues.CHARACTER_SET)) {
                check(field, name, what);
            }
            String bytes = field.type() == FieldType.BYTES
                    ? name
                    : "CONVERT(CONVERT(" + name + " USING utf8mb4) USING binary)";
            return new ValuePieces(connection, "SELECT " + bytes + from(), what);
        } catch (SQLException e) {
            throw new DatabaseException("reading " + what, e);
        }
    }

    /** Fails if a text has characters that Unicode doesn't tell apart. */
    private void check(Field field, String name, String what) throws IOException, SQLException {
        String type = field.nativeType();
        String characters =
                type.substring(type.lastIndexOf(MySqlValues.CHARACTER_SET) + MySqlValues.CHARACTER_SET.length());
        String sql = "SELECT CONVERT(CONVERT(CONVERT(" + name + " USING utf8mb4) USING " + characters
                + ") USING binary) <=> CONVERT(" + name + " USING binary)" + from();
        if (!Dialect.strings(connection, sql).equals(List.of("1"))) {
            throw new IOException("reading " + what + " failed: it holds characters of " + characters
                    + " that Unicode doesn't tell apart; convert the column to utf8mb4, or exclude the table");
        }
    }

    private String from() {
        return " FROM " + dialect.quote(table.name()) + place;
    }
}
