package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a row of a table of MariaDB or MySQL can become: the server refuses tables whose rows could be longer than 65,535 bytes without large objects, and
 * InnoDB those of which more than half a {@linkplain InnoDbPage page} could have to lie in one, with up to 40 bytes of each column that can lie outside. Columns that
 * are in the way become large objects, those first by which most is gained; not those of keys and indexes, which would need a length.
 */
final class MySqlRow {
    private static final int MOST_BYTES = 65_535;

    /** A pointer to a large object and its length. */
    private static final int OBJECT = 12;
    /** What lies in the page of what can lie outside of it, with its length: 20 bytes of longer values, but whole ones of 40. */
    private static final int OUTSIDE = 41;
    /** The longest value that has to lie in the page. */
    private static final int INSIDE = 255;
    /** The longest value whose length takes one byte of the page. */
    private static final int SHORT = 127;
    /** What InnoDB adds to each row, its own key among it. */
    private static final int PAGE_OVERHEAD = 24;

    private static final Pattern SIZED = Pattern.compile("(char|varchar|varbinary|decimal)\\((\\d+)(?:,(\\d+))?\\)");
    private static final int[] BYTES_OF_DIGITS = {0, 1, 1, 2, 2, 3, 3, 4, 4};

    private final List<TargetColumn> columns;
    private final Set<String> key;
    private final InnoDbPage page;

    /**
     * A row.
     *
     * @param key the columns by which rows are sorted into pages
     */
    MySqlRow(List<TargetColumn> columns, Set<String> key, InnoDbPage page) {
        this.columns = List.copyOf(columns);
        this.key = key;
        this.page = page;
    }

    /** A row that fits, as far as there are columns outside of indexes to be changed. */
    MySqlRow fitted(Set<String> indexed) {
        MySqlRow row = this;
        Optional<MySqlRow> shorter = Optional.of(row);
        while (shorter.isPresent()) {
            row = shorter.get();
            shorter = row.inServer() > MOST_BYTES
                    ? row.without(indexed, column -> serverBytes(column) - OBJECT)
                    : row.inPage() > page.mostOfRow()
                            ? row.without(indexed, column -> pageBytes(column) - OUTSIDE)
                            : Optional.empty();
        }
        return row;
    }

    List<TargetColumn> columns() {
        return columns;
    }

    /** Why a table of such rows would be refused; empty if it would not. */
    Optional<String> obstacle() {
        if (inServer() > MOST_BYTES) {
            return Optional.of(
                    "has rows of up to " + inServer() + " bytes besides large objects, and there can be " + MOST_BYTES);
        } else if (inPage() > page.mostOfRow()) {
            return Optional.of("has rows of which up to " + inPage() + " bytes would lie in a page, and there can be "
                    + page.mostOfRow());
        }
        return Optional.empty();
    }

    private Optional<MySqlRow> without(Set<String> indexed, ToIntFunction<TargetColumn> gain) {
        int best = -1;
        for (int i = 0; i < columns.size(); i++) {
            TargetColumn column = columns.get(i);
            boolean changes =
                    column.definition().contains("char(") || column.definition().startsWith("varbinary(");
            if (changes
                    && !indexed.contains(column.field().name())
                    && gain.applyAsInt(column) > 0
                    && (best < 0 || gain.applyAsInt(column) > gain.applyAsInt(columns.get(best)))) {
                best = i;
            }
        }
        if (best < 0) {
            return Optional.empty();
        }
        List<TargetColumn> changed = new ArrayList<>(columns);
        changed.set(best, asObject(columns.get(best)));
        return Optional.of(new MySqlRow(changed, key, page));
    }

    private static TargetColumn asObject(TargetColumn column) {
        String type = column.definition().startsWith("varbinary(") ? "longblob" : "longtext";
        Field field = new Field(
                column.field().name(),
                column.field().type(),
                type,
                column.field().presence());
        String note = (column.note().isEmpty() ? "" : column.note() + ", and ")
                + "lies outside of rows, which would be too long with it";
        return new TargetColumn(field, type, column.writing(), column.streamed(), note, column.likeness());
    }

    private int inServer() {
        return nullBytes() + columns.stream().mapToInt(this::serverBytes).sum();
    }

    private int inPage() {
        return PAGE_OVERHEAD
                + nullBytes()
                + columns.stream().mapToInt(this::pageBytes).sum();
    }

    private int nullBytes() {
        long nullable = columns.stream()
                .filter(column -> column.field().presence() == Presence.OPTIONAL)
                .count();
        return (int) (nullable + 8) / 8;
    }

    private int serverBytes(TargetColumn column) {
        int bytes = bytes(column.definition());
        boolean counted = column.definition().startsWith("var");
        return bytes + (!counted ? 0 : bytes <= INSIDE ? 1 : 2);
    }

    private int pageBytes(TargetColumn column) {
        String type = column.definition();
        int bytes = bytes(type);
        boolean varies = type.contains("char(") || type.startsWith("var");
        boolean inside =
                !varies || bytes <= INSIDE || key.contains(column.field().name());
        return isObject(type) || !inside ? OUTSIDE : bytes + (!varies ? 0 : bytes <= SHORT ? 1 : 2);
    }

    private static boolean isObject(String type) {
        return type.startsWith("long") || type.equals("json");
    }

    /** The most bytes of a value. */
    private static int bytes(String type) {
        if (isObject(type)) {
            return OBJECT;
        }
        Matcher sized = SIZED.matcher(type);
        if (sized.matches()) {
            int size = Integer.parseInt(sized.group(2));
            return switch (sized.group(1)) {
                case "decimal" ->
                    digits(size - Integer.parseInt(sized.group(3))) + digits(Integer.parseInt(sized.group(3)));
                case "varbinary" -> size;
                default -> 4 * size;
            };
        }
        String name = type.replaceFirst("[ (].*", "");
        return switch (name) {
            case "tinyint" -> 1;
            case "smallint" -> 2;
            case "mediumint", "date" -> 3;
            case "int", "float" -> 4;
            case "time" -> 6;
            case "timestamp" -> 7;
            default -> 8;
        };
    }

    /** Nine digits take four bytes. */
    private static int digits(int digits) {
        return digits / 9 * 4 + BYTES_OF_DIGITS[digits % 9];
    }
}
