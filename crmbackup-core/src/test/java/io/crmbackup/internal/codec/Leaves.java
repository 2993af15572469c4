package io.crmbackup.internal.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes leaves as the tree does. */
final class Leaves {
    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private int count;

    /** Adds a row; a field that is null has no value. */
    Leaves row(byte[] key, List<byte @Nullable []> fields) {
        ByteArrayOutputStream row = new ByteArrayOutputStream();
        row.write(0);
        for (byte[] field : fields) {
            number(row, field == null ? 0 : field.length + 2);
            row.writeBytes(field == null ? new byte[0] : field);
        }
        return entry(key, row.toByteArray());
    }

    Leaves entry(byte[] key, byte[] value) {
        number(entries, key.length);
        entries.writeBytes(key);
        number(entries, value.length);
        entries.writeBytes(value);
        count++;
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream leaf = new ByteArrayOutputStream();
        leaf.write(0);
        number(leaf, count);
        leaf.writeBytes(entries.toByteArray());
        return leaf.toByteArray();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void number(ByteArrayOutputStream out, long number) {
        byte[] bytes = new byte[NumberCursor.WIDEST];
        out.write(bytes, 0, NumberCursor.put(bytes, 0, number));
    }
}
