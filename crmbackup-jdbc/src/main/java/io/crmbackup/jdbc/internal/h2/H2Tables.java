package io.crmbackup.jdbc.internal.h2;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.References;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what a table consists of. */
final class H2Tables {
    private static final String SCHEMA = H2Catalog.SCHEMA;

    private H2Tables() {}

    /** A table with the statements that make it. */
    static Table table(Connection connection, TableName name, List<String> statements)
            throws IOException, SQLException {
        RecordSchema.Builder schema = RecordSchema.builder();
        Map<String, FieldType> types = new LinkedHashMap<>();
        String columns =
                "SELECT COLUMN_NAME, DATA_TYPE, DATA_TYPE_SQL(TABLE_SCHEMA, TABLE_NAME, 'TABLE', DTD_IDENTIFIER), IS_NULLABLE"
                        + " FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND IS_GENERATED = 'NEVER'"
                        + " ORDER BY ORDINAL_POSITION";
        try (PreparedStatement statement = connection.prepareStatement(columns)) {
            bind(statement, name);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String column = rows.getString(1);
                    FieldType type = H2Values.type(rows.getString(2)).orElse(null);
                    if (type == null) {
                        throw new IOException("column " + name.collection(SCHEMA) + "." + column
                                + " is of type " + rows.getString(2)
                                + ", which can't be captured without loss; exclude the table");
                    }
                    types.put(column, type);
                    schema.field(new Field(
                            column,
                            type,
                            rows.getString(3),
                            rows.getString(4).equals("NO") ? Presence.REQUIRED : Presence.OPTIONAL));
                }
            }
        }
        List<String> key = key(connection, name);
        if (!key.isEmpty() && types.keySet().containsAll(key)) {
            schema.key(key.toArray(String[]::new));
        }
        references(connection, name).stream()
                .filter(reference -> types.keySet().containsAll(reference.fields()))
                .forEach(schema::reference);
        for (int i = 0; i < statements.size(); i++) {
            schema.attribute(Statements.name(i), statements.get(i));
        }
        // A primary key of one whole number is the order of the table itself; sorting by it costs nothing.
        boolean ordered = key.size() == 1 && types.get(key.get(0)) == FieldType.INTEGER;
        return new Table(name, name.collection(SCHEMA), schema.build(), ordered ? Order.BY_KEY : Order.UNSORTED);
    }

    static void bind(PreparedStatement statement, TableName name) throws SQLException {
        statement.setString(1, name.schema());
        statement.setString(2, name.table());
    }

    private static List<String> key(Connection connection, TableName name) throws SQLException {
        String sql =
                "SELECT K.COLUMN_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS C JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE K"
                        + " ON K.CONSTRAINT_SCHEMA = C.CONSTRAINT_SCHEMA AND K.CONSTRAINT_NAME = C.CONSTRAINT_NAME"
                        + " AND K.TABLE_SCHEMA = C.TABLE_SCHEMA AND K.TABLE_NAME = C.TABLE_NAME"
                        + " WHERE C.CONSTRAINT_TYPE = 'PRIMARY KEY' AND C.TABLE_SCHEMA = ? AND C.TABLE_NAME = ? ORDER BY K.ORDINAL_POSITION";
        List<String> key = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, name);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    key.add(rows.getString(1));
                }
            }
        }
        return key;
    }

    private static List<Reference> references(Connection connection, TableName name) throws SQLException {
        String sql = "SELECT R.CONSTRAINT_NAME, F.COLUMN_NAME, U.TABLE_SCHEMA, U.TABLE_NAME, U.COLUMN_NAME"
                + " FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS R JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE F"
                + " ON F.CONSTRAINT_SCHEMA = R.CONSTRAINT_SCHEMA AND F.CONSTRAINT_NAME = R.CONSTRAINT_NAME"
                + " JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE U ON U.CONSTRAINT_SCHEMA = R.UNIQUE_CONSTRAINT_SCHEMA"
                + " AND U.CONSTRAINT_NAME = R.UNIQUE_CONSTRAINT_NAME AND U.ORDINAL_POSITION = F.POSITION_IN_UNIQUE_CONSTRAINT"
                + " WHERE F.TABLE_SCHEMA = ? AND F.TABLE_NAME = ? ORDER BY R.CONSTRAINT_NAME, F.ORDINAL_POSITION";
        Map<String, Reference> found = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, name);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Reference part = new Reference(
                            rows.getString(1),
                            List.of(rows.getString(2)),
                            new TableName(rows.getString(3), rows.getString(4)).collection(SCHEMA),
                            List.of(rows.getString(5)));
                    found.merge(part.name(), part, References::join);
                }
            }
        }
        return List.copyOf(found.values());
    }
}
