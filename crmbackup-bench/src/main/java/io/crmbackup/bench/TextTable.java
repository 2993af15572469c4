package io.crmbackup.bench;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A table that lies in a file as PostgreSQL's COPY writes it: a line for each row, values separated by tabs, {@code \N} for none. Escapes stay as they are. Read as a cheap
 * source, so that what a run takes is what the engine takes.
 */
final class TextTable implements Source {
    private static final FieldType[] TYPES = {
        FieldType.INTEGER, FieldType.TEXT, FieldType.BOOLEAN, FieldType.TIMESTAMP_WITH_ZONE, FieldType.UUID
    };

    private final Path file;
    private final RecordSchema schema;
    private final Order order;

    /**
     * Names a table.
     *
     * @param types one letter for each column: i integer, t text, b boolean, w date with time zone, u UUID
     * @param keyFields how many of the first columns are the key
     */
    TextTable(Path file, String types, int keyFields, Order order) {
        RecordSchema.Builder builder = RecordSchema.builder();
        String[] key = new String[keyFields];
        for (int i = 0; i < types.length(); i++) {
            String name = "column" + i;
            builder.field(name, TYPES["itbwu".indexOf(types.charAt(i))]);
            if (i < keyFields) {
                key[i] = name;
            }
        }
        this.file = file;
        this.schema = builder.key(key).build();
        this.order = order;
    }

    @Override
    public Consistency consistency() {
        return Consistency.MOMENT;
    }

    @Override
    public Capture capture(CaptureContext context) {
        Instant moment = Instant.now();
        return new Capture() {
            @Override
            public Instant moment() {
                return moment;
            }

            @Override
            public String position() {
                return "";
            }

            @Override
            public Map<String, String> attributes() {
                return Map.of();
            }

            @Override
            public List<CapturedCollection> collections() {
                return List.of(new CapturedCollection("rows", schema, order));
            }

            @Override
            public RecordCursor read(String collection) throws IOException {
                return new Lines(new BufferedInputStream(Files.newInputStream(file), 1 << 16), schema);
            }

            @Override
            public void close() {}
        };
    }

    private static final class Lines implements RecordCursor {
        private final InputStream in;
        private final RecordSchema schema;
        private final int[] keyIndexes;
        private final FieldValue[] values;
        private byte[] buffer = new byte[1 << 16];
        private int from;
        private int to;

        Lines(InputStream in, RecordSchema schema) {
            this.in = in;
            this.schema = schema;
            this.keyIndexes = schema.keyIndexes();
            this.values = new FieldValue[schema.fields().size()];
        }

        @Override
        public boolean next() throws IOException {
            int field = 0;
            int at = from;
            int begin = from;
            while (true) {
                if (at == to) {
                    int kept = to - from;
                    at -= from;
                    begin -= from;
                    if (!fill()) {
                        if (kept > 0) {
                            throw new IOException("the last line does not end");
                        }
                        return false;
                    }
                }
                byte b = buffer[at++];
                if (b == '\t' || b == '\n') {
                    values[field++] = value(begin, at - 1);
                    begin = at;
                    if (b == '\n') {
                        from = at;
                        return true;
                    }
                }
            }
        }

        private FieldValue value(int begin, int end) {
            return end - begin == 2 && buffer[begin] == '\\' && buffer[begin + 1] == 'N'
                    ? FieldValue.NULL
                    : FieldValue.of(Arrays.copyOfRange(buffer, begin, end));
        }

        /** Moves the line that has begun to the front and reads on. */
        private boolean fill() throws IOException {
            int kept = to - from;
            byte[] target = kept > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
            System.arraycopy(buffer, from, target, 0, kept);
            buffer = target;
            from = 0;
            int read = in.read(buffer, kept, buffer.length - kept);
            to = kept + Math.max(0, read);
            return read > 0;
        }

        @Override
        public RecordKey key() {
            return RecordKey.of(schema, keyIndexes, values());
        }

        @Override
        public List<FieldValue> values() {
            return Arrays.asList(values);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    @Override
    public String toString() {
        return "the rows of a file";
    }
}
