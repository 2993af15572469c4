package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.translate.NeutralType.Kind;
import io.crmbackup.spi.FieldType;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SQLite. Values bring their own types. Moments and the like are text; so are decimal numbers of more than 15 digits, which a double would not
 * hold: their columns are declared as {@code DECIMAL TEXT}, by which SQLite leaves them as they are.
 */
final class SqliteWords extends Vocabulary {
    private static final int EXACT_DIGITS = 15;

    @Override
    TargetColumn column(SourceColumn column) {
        NeutralType type = column.type();
        return switch (type.kind()) {
            case BOOLEAN -> dynamic(column, "BOOLEAN", ((Writing) Writings::truthAsNumber).then(letter('i')));
            case INTEGER -> integer(column, type.size());
            case DECIMAL -> decimal(column, type);
            case FLOAT -> dynamic(column, "DOUBLE", SqliteWords::real);
            case FIXED_TEXT ->
                dynamic(
                        column,
                        "CHARACTER(" + type.size() + ")",
                        Writings.text(type.size()).then(letter('t')));
            case TEXT ->
                type.isBounded()
                        ? dynamic(
                                column,
                                "VARCHAR(" + Math.max(1, type.size()) + ")",
                                Writings.text(type.size()).then(letter('t')))
                        : dynamic(column, "TEXT", letter('t'));
            case BYTES -> dynamic(column, "BLOB", letter('b'));
            case DATE -> dynamic(column, "DATE", letter('t'));
            case TIME -> dynamic(column, "TIME", letter('t'));
            case ZONED_TIME -> dynamic(column, "TIME TEXT", letter('t'));
            case TIMESTAMP -> dynamic(column, "TIMESTAMP", letter('t'));
            case INSTANT -> dynamic(column, "TIMESTAMPTZ", letter('t'));
            case UUID -> dynamic(column, "UUID", letter('t'));
            case JSON -> dynamic(column, "JSON TEXT", letter('t'));
            case OTHER -> dynamic(column, "TEXT", letter('t'));
        };
    }

    private static TargetColumn dynamic(SourceColumn column, String definition, Writing writing) {
        return made(column, FieldType.DYNAMIC, definition, writing);
    }

    /** The field that is a row's id has no type of its own; {@code TranslatedTable} makes it so. */
    private static TargetColumn integer(SourceColumn column, int bits) {
        if (bits > 64) {
            return dynamic(column, "DECIMAL TEXT(20,0)", Writings.integer(bits).then(letter('t')));
        }
        String name = bits <= 16 ? "SMALLINT" : bits <= 32 ? "INTEGER" : "BIGINT";
        return dynamic(column, name, Writings.integer(bits).then(letter('i')));
    }

    private static TargetColumn decimal(SourceColumn column, NeutralType type) {
        if (type.isBounded() && type.size() <= EXACT_DIGITS) {
            return dynamic(
                    column,
                    "DECIMAL(" + type.size() + "," + type.scale() + ")",
                    Writings.decimal(type.size(), type.scale()).then(SqliteWords::number));
        }
        String size = type.isBounded() ? "(" + type.size() + "," + type.scale() + ")" : "";
        return dynamic(column, "DECIMAL TEXT" + size, letter('t'))
                .noted("has more digits than SQLite's numbers, so it becomes text");
    }

    private static byte @Nullable [] number(byte[] decimal) {
        BigDecimal number = Texts.decimal(decimal);
        if (number == null) {
            return null;
        }
        BigDecimal shortest = number.stripTrailingZeros();
        return shortest.scale() <= 0
                ? Texts.ascii("i" + shortest.toBigInteger())
                : Texts.ascii("r" + shortest.doubleValue());
    }

    private static byte @Nullable [] real(byte[] number) {
        return Texts.text(number).equals("NaN") ? null : letter('r').write(number);
    }

    private static Writing letter(char letter) {
        return value -> {
            byte[] dynamic = new byte[value.length + 1];
            dynamic[0] = (byte) letter;
            System.arraycopy(value, 0, dynamic, 1, value.length);
            return dynamic;
        };
    }

    /** The letter before contents of a type. */
    static char letter(Kind kind) {
        return kind == Kind.BYTES ? 'b' : 't';
    }

    @Override
    String identity() {
        return "PRIMARY KEY AUTOINCREMENT";
    }

    /** SQLite counts on by itself behind every value that is given. */
    @Override
    Optional<String> counter(Counted column) {
        return Optional.empty();
    }

    @Override
    boolean hasSchemas() {
        return false;
    }

    /** More could be made, but not read in pieces. */
    @Override
    int mostColumns() {
        return 666;
    }

    @Override
    int longestName() {
        return Integer.MAX_VALUE;
    }

    @Override
    boolean definesAllAtOnce() {
        return true;
    }

    @Override
    boolean ignoresCapitals() {
        return true;
    }
}
