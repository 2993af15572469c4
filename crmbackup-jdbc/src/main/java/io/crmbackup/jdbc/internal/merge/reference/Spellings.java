package io.crmbackup.jdbc.internal.merge.reference;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.merge.row.Values;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What columns may hold that refer to values of columns of other types: where only the application knows a reference, numbers and UUIDs are
 * often kept as text.
 */
final class Spellings {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,100}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,100}(\\.[0-9]{1,100})?");
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Spellings() {}

    /** All ways in which columns may refer to a row's values; none if they can't. */
    static List<List<FieldValue>> of(List<Field> from, List<FieldValue> values, List<Field> to) throws IOException {
        List<List<FieldValue>> rows = List.of(List.of());
        for (int i = 0; i < to.size(); i++) {
            List<List<FieldValue>> longer = new ArrayList<>();
            for (FieldValue value : of(from.get(i).type(), to.get(i).type(), values.get(i))) {
                for (List<FieldValue> row : rows) {
                    List<FieldValue> more = new ArrayList<>(row);
                    more.add(value);
                    longer.add(more);
                }
            }
            rows = longer;
        }
        return rows;
    }

    private static Set<FieldValue> of(FieldType from, FieldType to, FieldValue value) throws IOException {
        if (value.isNull()) {
            return Set.of();
        }
        if (from == to || from == FieldType.DYNAMIC || to == FieldType.DYNAMIC) {
            return Set.of(Values.converted(from, to, value));
        }
        boolean hex = from == FieldType.BYTES || from == FieldType.UUID;
        String text = from == FieldType.BYTES
                ? HexFormat.of().formatHex(Dialect.wholeValue(value))
                : new String(Dialect.wholeValue(value), StandardCharsets.UTF_8);
        return switch (to) {
            case INTEGER -> ifMatching(WHOLE, text);
            case DECIMAL, FLOAT -> ifMatching(NUMBER, text);
            case UUID -> ifMatching(UUID, text.toLowerCase(Locale.ROOT));
            case TEXT -> hex ? bothCases(text) : Set.of(FieldValue.text(text));
            case BYTES -> bytes(text);
            default -> Set.of();
        };
    }

    private static Set<FieldValue> ifMatching(Pattern pattern, String text) {
        return pattern.matcher(text).matches() ? Set.of(FieldValue.text(text)) : Set.of();
    }

    private static Set<FieldValue> bothCases(String text) {
        Set<FieldValue> both = new LinkedHashSet<>();
        both.add(FieldValue.text(text.toLowerCase(Locale.ROOT)));
        both.add(FieldValue.text(text.toUpperCase(Locale.ROOT)));
        return both;
    }

    private static Set<FieldValue> bytes(String text) {
        try {
            return Set.of(FieldValue.of(HexFormat.of().parseHex(text)));
        } catch (IllegalArgumentException e) {
            return Set.of();
        }
    }
}
