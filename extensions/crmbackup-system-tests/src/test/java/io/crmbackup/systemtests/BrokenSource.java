package io.crmbackup.systemtests;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Delivers records exactly as a test gives them, whatever the rules say; each has its number as fingerprint. */
final class BrokenSource implements Source {
    private final CapturedCollection collection;
    private final List<Row> rows;
    int valuesRead;

    /** A record as it is delivered. */
    record Row(RecordKey key, byte[] fingerprint, List<FieldValue> values) {}

    BrokenSource(RecordSchema schema, CapturedCollection.Order order, List<Row> rows) {
        this.collection = new CapturedCollection("row", schema, order);
        this.rows = rows;
    }

    @Override
    public Consistency consistency() {
        return Consistency.MOMENT;
    }

    @Override
    public Capture capture(CaptureContext context) {
        return new Capture() {
            @Override
            public Instant moment() {
                return Instant.EPOCH;
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
                return List.of(collection);
            }

            @Override
            public RecordCursor read(String name) {
                return new Cursor();
            }

            @Override
            public void close() {}
        };
    }

    private final class Cursor implements RecordCursor {
        private int at = -1;

        @Override
        public boolean next() {
            return ++at < rows.size();
        }

        @Override
        public RecordKey key() {
            return rows.get(at).key();
        }

        @Override
        public byte[] fingerprint() {
            return rows.get(at).fingerprint();
        }

        @Override
        public List<FieldValue> values() {
            valuesRead++;
            return rows.get(at).values();
        }

        @Override
        public void close() {}
    }
}
