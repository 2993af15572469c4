package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;

/**
 * PostgreSQL's values: each type's own text, as COPY has it, which the server reads back to the same bits; bytes as themselves. A text is sent
 * without a type, so that the server takes it for one of the column's.
 */
public enum PostgresValues implements ValueFormat {
    TEXTS {
        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            return FieldValue.text(row.getString(index));
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setObject(index, new String(Dialect.wholeValue(value), StandardCharsets.UTF_8), Types.OTHER);
        }
    },
    TRUTHS {
        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            String text = row.getString(index);
            return text == null ? FieldValue.NULL : FieldValue.text(Boolean.toString(text.equals("t")));
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            TEXTS.set(statement, index, value);
        }
    },
    BYTES {
        @Override
        public String selection(String column) {
            return column;
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            return FieldValue.of(row.getBytes(index));
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setBytes(index, Dialect.wholeValue(value));
        }
    };

    public static PostgresValues of(Field field) {
        return field.type() == FieldType.BOOLEAN ? TRUTHS : field.type() == FieldType.BYTES ? BYTES : TEXTS;
    }

    /**
     * The text as the type's output function makes it. A cast to text is something else for some types, as bpchar and inet, and may be one of the
     * users'. A row of nulls only is not null here, as it is with IS NULL.
     */
    @Override
    public String selection(String column) {
        return "CASE WHEN " + column + " IS DISTINCT FROM NULL THEN pg_catalog.format('%s', " + column + ") END";
    }

    @Override
    public void bind(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
        if (value.isNull()) {
            statement.setNull(index, Types.NULL);
        } else {
            set(statement, index, value);
        }
    }

    abstract void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException;
}
