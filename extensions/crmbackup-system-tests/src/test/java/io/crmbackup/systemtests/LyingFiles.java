package io.crmbackup.systemtests;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.Source;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A source of one file whose fingerprint never changes. */
final class LyingFiles implements Source {
    byte[] content;

    LyingFiles(byte[] content) {
        this.content = content;
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
                return List.of(new CapturedCollection("files", Crm.FILE, CapturedCollection.Order.BY_KEY));
            }

            @Override
            public RecordCursor read(String collection) {
                return new One();
            }

            @Override
            public void close() {}
        };
    }

    private final class One implements RecordCursor {
        private boolean read;

        @Override
        public boolean next() {
            boolean first = !read;
            read = true;
            return first;
        }

        @Override
        public RecordKey key() {
            return RecordKey.path("one");
        }

        @Override
        public byte[] fingerprint() {
            return new byte[] {1};
        }

        @Override
        public List<FieldValue> values() {
            return List.of(FieldValue.of(content));
        }

        @Override
        public void close() {}
    }
}
