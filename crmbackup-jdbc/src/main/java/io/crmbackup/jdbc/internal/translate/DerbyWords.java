package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.dialect.JvmTime;
import io.crmbackup.spi.FieldType;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Apache Derby. Decimal numbers have 31 digits, times none of fractions, moments nine but no zone, and years four. Text of more than 32,672 characters is
 * a large object, which can't be part of a key; nor can text that a page can't hold. Characters are units of UTF-16.
 */
final class DerbyWords extends Vocabulary {
    private static final int LONGEST_IN_ROW = 32_672;
    private static final int LONGEST_IN_KEY = 2_000;
    private static final int LONGEST_FIXED = 254;
    private static final int MOST_PRECISION = 31;
    private static final int DIGITS = 9;

    /** Derby moves what the calendar reform dropped, and what clocks skip in the time zone of the JVM. */
    private static final Writing TIMESTAMPS = Writings.moment(1, 9999, DIGITS).then(text -> {
        LocalDateTime time = LocalDateTime.parse(Texts.text(text).replace(' ', 'T'));
        return JvmTime.isDropped(time) || JvmTime.isSkipped(time) ? null : text;
    });

    @Override
    boolean asks(NeutralType type, boolean indexed) {
        return indexed && type.kind().isStreamed() && !fits(type, LONGEST_IN_KEY) || super.asks(type, indexed);
    }

    @Override
    TargetColumn column(SourceColumn column) {
        NeutralType type = column.type();
        return switch (type.kind()) {
            case BOOLEAN -> made(column, FieldType.BOOLEAN, "BOOLEAN", Writing.AS_IT_IS);
            case INTEGER -> integer(column, type.size());
            case DECIMAL ->
                fits(type, MOST_PRECISION)
                        ? made(
                                column,
                                FieldType.DECIMAL,
                                "DECIMAL(" + type.size() + "," + type.scale() + ")",
                                Writings.decimal(type.size(), type.scale()))
                        : text(column).changed("has more digits than DECIMAL(31), so it becomes text");
            case FLOAT -> made(column, FieldType.FLOAT, "DOUBLE", Writings.finite());
            case FIXED_TEXT ->
                type.size() <= LONGEST_FIXED
                        ? made(column, FieldType.TEXT, "CHAR(" + type.size() + ")", Writings.units(type.size()))
                        : text(column);
            case TEXT, OTHER -> text(column);
            case JSON -> text(column).changed("becomes text");
            case BYTES -> bytes(column);
            case DATE -> made(column, FieldType.DATE, "DATE", Writings.moment(1, 9999, 0));
            case TIME -> made(column, FieldType.TIME, "TIME", Writings.timeOfDay(0));
            case ZONED_TIME ->
                made(column, FieldType.TEXT, "VARCHAR(40)", Writings.units(40))
                        .changed("is a time with a zone, so it becomes text");
            case TIMESTAMP -> made(column, FieldType.TIMESTAMP, "TIMESTAMP", TIMESTAMPS);
            case INSTANT ->
                made(
                                column,
                                FieldType.TIMESTAMP,
                                "TIMESTAMP",
                                Writings.moment(1, 9999, DIGITS)
                                        .then(instant -> Arrays.copyOf(instant, instant.length - 1))
                                        .then(TIMESTAMPS))
                        .changed("is a moment, so it becomes a date and time in UTC");
            case UUID -> made(column, FieldType.TEXT, "CHAR(36)", Writings.units(36));
        };
    }

    private static boolean fits(NeutralType type, int most) {
        return type.isBounded() && type.size() <= most;
    }

    private static TargetColumn integer(SourceColumn column, int bits) {
        Writing writing = Writings.integer(bits);
        if (bits > 64) {
            return made(column, FieldType.DECIMAL, "DECIMAL(20,0)", writing);
        }
        return made(column, FieldType.INTEGER, bits <= 16 ? "SMALLINT" : bits <= 32 ? "INTEGER" : "BIGINT", writing);
    }

    private static TargetColumn text(SourceColumn column) {
        int size = size(column);
        return size == NeutralType.UNBOUNDED
                ? made(column, FieldType.TEXT, "CLOB", Writing.AS_IT_IS)
                : made(column, FieldType.TEXT, "VARCHAR(" + size + ")", Writings.units(size));
    }

    private static TargetColumn bytes(SourceColumn column) {
        int size = size(column);
        return size == NeutralType.UNBOUNDED
                ? made(column, FieldType.BYTES, "BLOB", Writing.AS_IT_IS)
                : made(column, FieldType.BYTES, "VARCHAR (" + size + ") FOR BIT DATA", Writings.bytes(size));
    }

    /** How long text or bytes in the row are; unbounded if they have to lie outside. */
    private static int size(SourceColumn column) {
        NeutralType type = column.type();
        boolean sized = type.kind() == NeutralType.Kind.TEXT
                || type.kind() == NeutralType.Kind.FIXED_TEXT
                || type.kind() == NeutralType.Kind.BYTES;
        if (sized && fits(type, column.indexed() ? LONGEST_IN_KEY : LONGEST_IN_ROW)) {
            return Math.max(1, type.size());
        }
        return column.indexed() && column.found().longest() <= LONGEST_IN_KEY ? LONGEST_IN_KEY : NeutralType.UNBOUNDED;
    }

    @Override
    boolean canIndex(Iterable<TargetColumn> columns) {
        for (TargetColumn column : columns) {
            if (column.definition().equals("CLOB") || column.definition().equals("BLOB")) {
                return false;
            }
        }
        return true;
    }

    @Override
    List<String> actions() {
        return List.of("ON DELETE CASCADE", "ON DELETE SET NULL");
    }

    @Override
    String identity() {
        return "GENERATED BY DEFAULT AS IDENTITY";
    }

    /** Derby takes a number only, and goes on where it stood whatever values are given. */
    @Override
    boolean countsFromNumber() {
        return true;
    }

    @Override
    Optional<String> counter(Counted column) {
        return Optional.of("ALTER TABLE " + column.table() + " ALTER COLUMN " + column.column() + " RESTART WITH "
                + column.most().add(BigInteger.ONE));
    }

    @Override
    boolean hasSchemas() {
        return true;
    }

    @Override
    int longestName() {
        return 128;
    }

    @Override
    int mostColumns() {
        return 1_012;
    }
}
