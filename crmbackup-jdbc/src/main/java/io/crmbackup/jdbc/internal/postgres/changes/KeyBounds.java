package io.crmbackup.jdbc.internal.postgres.changes;

import io.crmbackup.jdbc.internal.postgres.rows.Column;
import io.crmbackup.jdbc.internal.postgres.rows.PostgresTable;
import io.crmbackup.jdbc.internal.postgres.rows.TableRead;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.RecordKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keys of a table's rows as expressions, for keys whose order is the server's. */
final class KeyBounds {
    private final PostgresTable table;

    KeyBounds(PostgresTable table) {
        this.table = table;
    }

    /** A condition that a row's key is in a range; empty if all are. A bound that is no whole key lets all rows pass. */
    String condition(KeyRange range) {
        List<String> conditions = new ArrayList<>();
        add(conditions, " >= ", range.from());
        add(conditions, " < ", range.to());
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private void add(List<String> conditions, String comparison, @Nullable RecordKey bound) {
        if (bound != null && isWhole(bound)) {
            conditions.add(columns() + comparison + literal(bound));
        }
    }

    /** Whether the bounds of a range are keys, so that no row passes that is not in it. */
    boolean isWhole(KeyRange range) {
        return (range.from() == null || isWhole(range.from())) && (range.to() == null || isWhole(range.to()));
    }

    /** Whether a bound is a key: where keys are very long, their places are cut off ones. */
    boolean isWhole(RecordKey bound) {
        try {
            return bound.fields(table.table().schema()).stream().noneMatch(FieldValue::isNull);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** How many of some ascending keys are not above a row's. */
    String bucket(List<RecordKey> bounds) {
        return "pg_catalog.width_bucket(" + columns() + ", ARRAY["
                + bounds.stream().map(this::literal).collect(Collectors.joining(", ")) + "])";
    }

    private String columns() {
        return row(table.key().stream()
                .map(column -> TableRead.quote(column.name()) + cast(column))
                .toList());
    }

    private String literal(RecordKey key) {
        List<FieldValue> values = key.fields(table.table().schema());
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Column column = table.key().get(i);
            literals.add(literal(column.field().type(), values.get(i)) + cast(column));
        }
        return row(literals);
    }

    private static String literal(FieldType type, FieldValue value) {
        return type == FieldType.BYTES
                ? "'\\x" + HexFormat.of().formatHex(value.bytes()) + "'"
                : "'" + String.valueOf(value.text()).replace("'", "''") + "'";
    }

    /** Domains compare as what they are made of. */
    private static String cast(Column column) {
        return "::pg_catalog." + column.base().name();
    }

    private static String row(List<String> expressions) {
        return expressions.size() == 1 ? expressions.get(0) : "ROW(" + String.join(", ", expressions) + ")";
    }
}
