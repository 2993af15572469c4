package io.crmbackup.jdbc.internal.postgres.changes;

import io.crmbackup.spi.MarkCursor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Something to remember about a table, as {@link MarkCursor} has it. */
record Mark(byte[] key, byte[] value) {
    static byte[] key(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /** Goes through marks, which are in the order of their keys. */
    static MarkCursor cursor(List<Mark> marks) {
        return new MarkCursor() {
            private int next;

            @Override
            public boolean next() {
                return next < marks.size() && next++ >= 0;
            }

            @Override
            public byte[] key() {
                return marks.get(next - 1).key();
            }

            @Override
            public byte[] value() {
                return marks.get(next - 1).value();
            }

            @Override
            public void close() {
                next = marks.size();
            }
        };
    }
}
