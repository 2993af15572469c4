package io.crmbackup.jdbc.internal.mysql.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the rows of a table that are too large to be held in memory, so that their large values can be read in pieces. Only tables with columns
 * of types without a practical limit are looked at; the server reads their rows once more for it.
 */
public final class LargeRows {
    /** The most bytes of a row that is read in one piece, as they are stored. */
    public static final long LARGEST = 4 << 20;

    private static final int COMMON_LENGTH = 1 << 10;
    private static final int TEXT_LENGTH = 1 << 16;

    private final Dialect dialect;
    private final Table table;
    private final String condition;

    /** Those for which a condition holds; all if it is empty. */
    public LargeRows(Dialect dialect, Table table, String condition) {
        this.dialect = dialect;
        this.table = table;
        this.condition = condition;
    }

    /** The most bytes that a row takes, about; above {@link #LARGEST} such rows are not read in one piece. */
    public static long length(Table table) {
        long length = 1;
        for (Field field : table.schema().fields()) {
            length += MySqlValues.isLarge(field) ? LARGEST : isText(field) ? TEXT_LENGTH : COMMON_LENGTH;
        }
        return length;
    }

    private static boolean isText(Field field) {
        return (field.type() == FieldType.TEXT || field.type() == FieldType.BYTES)
                && field.nativeType().matches("(?s)(text|blob|varchar|varbinary).*");
    }

    public boolean areThereNone() {
        return table.schema().fields().stream().noneMatch(MySqlValues::isLarge);
    }

    /**
     * Each large row, as what tells it from all others, with their keys' order if the table's rows have one. Rows without a key, or with one
     * that can't be written exactly, are told by their number: the server looks for each from the beginning.
     */
    public List<LargeRow> find(Connection connection) throws IOException, SQLException {
        List<Field> key = key();
        List<ValueFormat> formats = key.stream().map(dialect::format).toList();
        List<String> selections = new ArrayList<>(List.of("1"));
        for (int i = 0; i < key.size(); i++) {
            selections.add(formats.get(i).selection(dialect.quote(key.get(i).name())));
        }
        String sql = "SELECT " + String.join(", ", selections) + " FROM " + dialect.quote(table.name()) + " WHERE "
                + isLarge() + (isOrdered() ? " ORDER BY " + names(key) : "");
        List<LargeRow> found = new ArrayList<>();
        ResultSet rows = dialect.stream(connection, sql);
        try {
            while (rows.next()) {
                List<String> literals = new ArrayList<>();
                int index = 2;
                for (int i = 0; i < key.size(); i++) {
                    literals.add(literal(key.get(i), formats.get(i).read(rows, index)));
                    index += formats.get(i).selected();
                }
                found.add(new LargeRow(connection, dialect, table, place(key, literals, found.size()), literals));
            }
        } finally {
            rows.getStatement().close();
        }
        return found;
    }

    private String place(List<Field> key, List<String> literals, int number) {
        if (key.isEmpty()) {
            return " WHERE " + isLarge() + " LIMIT " + number + ", 1";
        }
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            equal.add(dialect.quote(key.get(i).name()) + " = " + literals.get(i));
        }
        return " WHERE " + String.join(" AND ", equal);
    }

    private List<Field> key() {
        List<Field> key = table.schema().key().stream()
                .map(name -> table.schema().fields().get(table.schema().indexOf(name)))
                .toList();
        boolean exact = key.stream()
                .noneMatch(field -> field.type() == FieldType.FLOAT
                        || field.type() == FieldType.BYTES
                                && !field.nativeType().matches("(?s)(binary|varbinary).*"));
        return exact ? key : List.of();
    }

    private boolean isOrdered() {
        return table.order() == Order.BY_KEY;
    }

    private String names(List<Field> key) {
        return key.stream().map(field -> dialect.quote(field.name())).collect(Collectors.joining(", "));
    }

    /** A value as it is written in SQL; only digits of it go into a statement. */
    private static String literal(Field field, FieldValue value) {
        return switch (field.type()) {
            case INTEGER, DECIMAL -> new BigDecimal(String.valueOf(value.text())).toPlainString();
            case BYTES -> "X'" + HexFormat.of().formatHex(value.bytes()) + "'";
            default -> "_utf8mb4 X'" + HexFormat.of().formatHex(value.bytes()) + "'";
        };
    }

    private String isLarge() {
        return (condition.isEmpty() ? "" : "(" + condition + ") AND ") + lengths() + " > " + LARGEST;
    }

    /** The condition that a row is not large. */
    String isSmall() {
        return (condition.isEmpty() ? "" : "(" + condition + ") AND ") + lengths() + " <= " + LARGEST;
    }

    private String lengths() {
        return table.schema().fields().stream()
                .filter(MySqlValues::isLarge)
                .map(field -> "IFNULL(LENGTH(" + dialect.quote(field.name()) + "), 0)")
                .collect(Collectors.joining(" + "));
    }

    /** The condition that a row's key lies between those of two large ones, of which each may be missing. */
    String between(List<LargeRow> large, int from, int to) {
        List<String> conditions = new ArrayList<>();
        if (!condition.isEmpty()) {
            conditions.add("(" + condition + ")");
        }
        if (from >= 0) {
            conditions.add(compared(">", large.get(from).key()));
        }
        if (to < large.size()) {
            conditions.add(compared("<", large.get(to).key()));
        }
        return String.join(" AND ", conditions);
    }

    /** Written out: servers find no range for rows of columns. */
    private String compared(String operator, List<String> literals) {
        List<Field> key = key();
        List<String> alternatives = new ArrayList<>();
        StringBuilder equal = new StringBuilder();
        for (int i = 0; i < key.size(); i++) {
            String name = dialect.quote(key.get(i).name());
            alternatives.add(equal + name + " " + operator + " " + literals.get(i));
            equal.append(name).append(" = ").append(literals.get(i)).append(" AND ");
        }
        return "(" + String.join(" OR ", alternatives) + ")";
    }
}
