package io.crmbackup.jdbc.internal.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays as text in the manner of PostgreSQL: {@code {"a","with \"quotes\"",NULL,{"nested"}}}, every element in quotes. Bytes are elements
 * of hexadecimal digits.
 */
public final class ArrayText {
    private static final int DEEPEST = 64;

    private final String text;
    private int at;

    private ArrayText(String text) {
        this.text = text;
    }

    /** The text of a list of strings, nulls and further lists. */
    public static String write(List<? extends @Nullable Object> items) {
        StringBuilder out = new StringBuilder();
        write(items, out);
        return out.toString();
    }

    private static void write(List<? extends @Nullable Object> items, StringBuilder out) {
        out.append('{');
        String separator = "";
        for (Object item : items) {
            out.append(separator);
            separator = ",";
            if (item == null) {
                out.append("NULL");
            } else if (item instanceof List<?> inner) {
                write(inner, out);
            } else {
                String escaped = item.toString().replace("\\", "\\\\").replace("\"", "\\\"");
                out.append('"').append(escaped).append('"');
            }
        }
        out.append('}');
    }

    /** The list that {@link #write} wrote. */
    public static List<@Nullable Object> read(String text) throws IOException {
        ArrayText reader = new ArrayText(text);
        List<@Nullable Object> items = reader.list(0);
        if (reader.at != text.length()) {
            throw reader.damaged();
        }
        return items;
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    public static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private List<@Nullable Object> list(int depth) throws IOException {
        if (depth > DEEPEST || !take("{")) {
            throw damaged();
        }
        List<@Nullable Object> items = new ArrayList<>();
        if (take("}")) {
            return items;
        }
        do {
            if (take("NULL")) {
                items.add(null);
            } else if (text.startsWith("{", at)) {
                items.add(list(depth + 1));
            } else {
                items.add(string());
            }
        } while (take(","));
        if (!take("}")) {
            throw damaged();
        }
        return items;
    }

    private String string() throws IOException {
        if (!take("\"")) {
            throw damaged();
        }
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            out.append(c);
        }
        throw damaged();
    }

    private boolean take(String expected) {
        boolean is = text.startsWith(expected, at);
        if (is) {
            at += expected.length();
        }
        return is;
    }

    private IOException damaged() {
        return new IOException("not the text of an array, at character " + at);
    }
}
