package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.translate.NeutralType.Kind;
import io.crmbackup.spi.FieldType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB and MySQL. Text is compared character by character, as other products do, not without regard to capitals. Keys take
 * 3072 bytes, and less in small pages; text of more than a key can take lies outside of the row, and more of it where a {@linkplain MySqlRow row} would be too long otherwise.
 */
class MySqlWords extends Vocabulary {
    private static final int KEY_BYTES = 3072;
    private static final int KEY_CHARACTERS = KEY_BYTES / 4;
    private static final int DIGITS = 6;

    private final String collation;
    private final InnoDbPage page;

    MySqlWords(String collation, InnoDbPage page) {
        this.collation = collation;
        this.page = page;
    }

    @Override
    Vocabulary of(Connection connection) throws SQLException {
        return new MySqlWords(collation, InnoDbPage.of(connection));
    }

    @Override
    boolean asks(NeutralType type, boolean indexed) {
        boolean inKey = indexed
                && (type.kind() == Kind.TEXT || type.kind() == Kind.OTHER || type.kind() == Kind.BYTES)
                && (!type.isBounded() || type.size() > KEY_CHARACTERS);
        return inKey || type.kind() == Kind.INSTANT || super.asks(type, indexed);
    }

    @Override
    TargetColumn column(SourceColumn column) {
        NeutralType type = column.type();
        return switch (type.kind()) {
            case BOOLEAN -> made(column, FieldType.INTEGER, "tinyint(1)", Writings::truthAsNumber);
            case INTEGER -> made(column, FieldType.INTEGER, integer(type.size()), Writings.integer(type.size()));
            case DECIMAL ->
                type.isBounded() && type.size() <= 65 && type.scale() <= 30
                        ? made(
                                column,
                                FieldType.DECIMAL,
                                "decimal(" + type.size() + "," + type.scale() + ")",
                                Writings.decimal(type.size(), type.scale()))
                        : longText(column).changed("has more digits than decimal(65,30), so it becomes text");
            case FLOAT -> made(column, FieldType.FLOAT, type.size() == 32 ? "float" : "double", Writings.finite());
            case FIXED_TEXT ->
                type.size() <= 255
                        ? made(column, FieldType.TEXT, "char(" + type.size() + ")", Writings.text(type.size()))
                        : text(column, type.size());
            case TEXT -> text(column, type.size());
            case BYTES -> bytes(column, type.size());
            case DATE -> made(column, FieldType.DATE, "date", Writings.moment(0, 9999, 0));
            case TIME -> made(column, FieldType.TIME, "time(6)", MySqlWords::time);
            case ZONED_TIME ->
                made(column, FieldType.TEXT, "varchar(40)", Writings.text(40))
                        .changed("is a time with a zone, so it becomes text");
            case TIMESTAMP -> made(column, FieldType.TIMESTAMP, "datetime(6)", Writings.moment(0, 9999, DIGITS));
            case INSTANT -> instant(column);
            case UUID -> made(column, FieldType.TEXT, "char(36)", Writings.text(36));
            case JSON -> made(column, FieldType.JSON, "json", Writing.AS_IT_IS);
            case OTHER -> text(column, type.size());
        };
    }

    private static TargetColumn instant(SourceColumn column) {
        if (column.found().isBefore2038()) {
            return made(
                    column,
                    FieldType.TIMESTAMP_WITH_ZONE,
                    "timestamp(6)",
                    "timestamp(6)",
                    Writings.moment(1970, 2038, DIGITS).then(MySqlWords::withoutZone));
        }
        return made(
                        column,
                        FieldType.TIMESTAMP,
                        "datetime(6)",
                        Writings.moment(0, 9999, DIGITS).then(MySqlWords::withoutZone))
                .changed("has moments before 1970 or after 2038, so it becomes a date and time in UTC");
    }

    private static byte[] withoutZone(byte[] instant) {
        return Arrays.copyOf(instant, instant.length - 1);
    }

    private static byte @Nullable [] time(byte[] time) {
        String text = Texts.text(time);
        String plain = text.startsWith("-") ? text.substring(1) : text;
        int colon = plain.indexOf(':');
        boolean fits = colon <= 3
                && Texts.fraction(time) <= DIGITS
                && ("0".repeat(3 - colon) + plain).compareTo("838:59:59") <= 0;
        return fits ? time : null;
    }

    private static String integer(int bits) {
        String name = bits <= 9
                ? "tinyint"
                : bits <= 17 ? "smallint" : bits <= 25 ? "mediumint" : bits <= 33 ? "int" : "bigint";
        return bits % 2 == 0 ? name : name + " unsigned";
    }

    private static TargetColumn text(SourceColumn column, int size) {
        if (size != NeutralType.UNBOUNDED && size <= KEY_CHARACTERS) {
            int declared = Math.max(1, size);
            return made(column, FieldType.TEXT, "varchar(" + declared + ")", Writings.text(declared));
        }
        if (!column.indexed() || column.found().longest() > KEY_CHARACTERS) {
            return longText(column);
        }
        int declared = column.found().longest() <= 255 ? 255 : KEY_CHARACTERS;
        return made(column, FieldType.TEXT, "varchar(" + declared + ")", Writings.text(declared))
                .noted("is part of a key or index, so it takes " + declared + " characters");
    }

    private static TargetColumn longText(SourceColumn column) {
        return made(column, FieldType.TEXT, "longtext", Writing.AS_IT_IS);
    }

    private static TargetColumn bytes(SourceColumn column, int size) {
        boolean isShort = size != NeutralType.UNBOUNDED && size <= KEY_BYTES / 4;
        if (isShort || column.indexed() && column.found().longest() <= KEY_CHARACTERS) {
            int declared = isShort ? Math.max(1, size) : KEY_CHARACTERS;
            return made(column, FieldType.BYTES, "varbinary(" + declared + ")", Writings.bytes(declared));
        }
        return made(column, FieldType.BYTES, "longblob", Writing.AS_IT_IS);
    }

    @Override
    String identity() {
        return "AUTO_INCREMENT";
    }

    /** The server counts on by itself behind every value that is given. */
    @Override
    Optional<String> counter(Counted column) {
        return Optional.empty();
    }

    @Override
    String tableOptions() {
        return " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=" + collation + " ROW_FORMAT=DYNAMIC";
    }

    @Override
    boolean hasSchemas() {
        return false;
    }

    @Override
    int mostColumns() {
        return 1_017;
    }

    @Override
    int longestName() {
        return 64;
    }

    @Override
    boolean definesKeysWithColumns() {
        return true;
    }

    @Override
    boolean ignoresCapitals() {
        return true;
    }

    @Override
    boolean namesIndexesByTable() {
        return true;
    }

    @Override
    boolean canIndex(Iterable<TargetColumn> columns) {
        long bytes = 0;
        for (TargetColumn column : columns) {
            String type = column.definition();
            if (type.startsWith("long") || type.equals("json")) {
                return false;
            }
            int size = type.contains("char(") || type.startsWith("varbinary(")
                    ? Integer.parseInt(type.replaceFirst(".*\\((\\d+)\\).*", "$1"))
                    : 8;
            bytes += type.contains("char(") ? 4L * size : size;
        }
        return bytes <= page.mostOfKey();
    }

    @Override
    List<TargetColumn> fitted(List<TargetColumn> columns, Set<String> key, Set<String> indexed) {
        return new MySqlRow(columns, key, page).fitted(indexed).columns();
    }

    @Override
    Optional<String> obstacle(List<TargetColumn> columns, Set<String> key) {
        return new MySqlRow(columns, key, page).obstacle();
    }

    @Override
    boolean takesDefault(TargetColumn column) {
        return !column.definition().startsWith("long");
    }

    @Override
    String now(TargetColumn column) {
        return "CURRENT_TIMESTAMP(6)";
    }
}
