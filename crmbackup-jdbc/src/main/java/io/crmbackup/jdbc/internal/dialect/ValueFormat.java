package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How values of a column go between the database and a record, to the last bit. Never by {@code getObject}: drivers convert through types
 * of Java that can't hold what databases can (zero dates, times in a time zone's gap), and may deserialise. Stateless.
 */
public interface ValueFormat {
    /** What to select for a column whose quoted name is given: the column itself, unless a format needs more. */
    default String selection(String column) {
        return column;
    }

    /** How many result columns the selection has. */
    default int selected() {
        return 1;
    }

    /** Reads a value from a row; its content can be opened until the row is left. */
    FieldValue read(ResultSet row, int index) throws SQLException, IOException;

    /** What stands for the value in a statement that writes it: one parameter, unless a format needs more. */
    default String placeholder() {
        return "?";
    }

    /** How many parameters the placeholder has. */
    default int bound() {
        return 1;
    }

    /** Sets a value's parameters. */
    void bind(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException;
}
