package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.translate.NeutralType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Literals of defaults, which come from backups: numbers are checked, all else goes in quotes. */
final class Literals {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

    private Literals() {}

    /** A default as a product writes it; empty if it has no equal. */
    static Optional<String> of(SourceDefault found, TranslatedField field, Vocabulary words) {
        Kind kind = field.reading().type().kind();
        if (found.kind() == SourceDefault.Kind.NOW) {
            return kind == Kind.TIMESTAMP || kind == Kind.INSTANT
                    ? Optional.of(words.now(field.column()))
                    : Optional.empty();
        }
        if (!words.takesDefault(field.column())) {
            return Optional.empty();
        }
        Reading plain = new Reading(field.reading().type(), false, StandardCharsets.UTF_8);
        byte[] neutral = kind == Kind.BOOLEAN
                ? truth(found.text())
                : plain.read(found.text().getBytes(StandardCharsets.UTF_8));
        if (neutral == null
                || field.column().writing().write(neutral) == null
                || found.text().indexOf(0) >= 0) {
            return Optional.empty();
        }
        String value = new String(neutral, StandardCharsets.UTF_8);
        return switch (kind) {
            case BOOLEAN ->
                Optional.of(
                        field.column().definition().equals("tinyint(1)")
                                ? value.equals("true") ? "1" : "0"
                                : value.toUpperCase(Locale.ROOT));
            case INTEGER, DECIMAL, FLOAT ->
                !NUMBER.matcher(value).matches()
                        ? Optional.empty()
                        : Optional.of(isNumber(field.column()) ? value : quoted(value));
            case FIXED_TEXT, TEXT, DATE, TIME, TIMESTAMP, UUID ->
                value.indexOf('\\') >= 0 ? Optional.empty() : Optional.of(quoted(value));
            case BYTES, ZONED_TIME, INSTANT, JSON, OTHER -> Optional.empty();
        };
    }

    /** Whether a column of numbers is one still: SQLite would round those that are kept as text. */
    private static boolean isNumber(TargetColumn column) {
        return switch (column.field().type()) {
            case INTEGER, DECIMAL, FLOAT -> true;
            case DYNAMIC -> !column.definition().contains("TEXT");
            default -> false;
        };
    }

    private static byte @Nullable [] truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> Texts.ascii("true");
            case "false", "f", "0" -> Texts.ascii("false");
            default -> null;
        };
    }

    /** Text in quotes, which holds no backslash. */
    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
