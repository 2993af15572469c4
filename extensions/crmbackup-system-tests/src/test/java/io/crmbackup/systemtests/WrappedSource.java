package io.crmbackup.systemtests;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A source that does as another does, but for what subclasses say of changes. */
class WrappedSource implements Source {
    private final Source real;

    WrappedSource(Source real) {
        this.real = real;
    }

    /** What takes the place of changes that are found. */
    RecordChanges wrap(RecordChanges changes) {
        return changes;
    }

    /** What takes the place of marks. */
    MarkCursor marks(MarkCursor marks) {
        return marks;
    }

    /** What is said of changes; only called if overridden in place of {@link #wrap}. */
    ChangeDetection changes(String collection, FormerCapture former) throws IOException {
        throw new UnsupportedOperationException("nothing is said in the source's place");
    }

    @Override
    public Consistency consistency() {
        return real.consistency();
    }

    @Override
    public Capture capture(CaptureContext context) throws IOException {
        return new Captured(real.capture(context));
    }

    private final class Captured implements Capture {
        private final Capture capture;

        Captured(Capture capture) {
            this.capture = capture;
        }

        @Override
        public Instant moment() {
            return capture.moment();
        }

        @Override
        public String position() {
            return capture.position();
        }

        @Override
        public Map<String, String> attributes() {
            return capture.attributes();
        }

        @Override
        public List<CapturedCollection> collections() throws IOException {
            return capture.collections();
        }

        @Override
        public RecordCursor read(String collection) throws IOException {
            return capture.read(collection);
        }

        @Override
        public ChangeDetection changesSince(String collection, FormerCapture former) throws IOException {
            if (capture.changesSince(collection, former) instanceof ChangeDetection.Found found) {
                return ChangeDetection.found(wrap(found.changes()));
            }
            return changes(collection, former);
        }

        @Override
        public MarkCursor marks(String collection) throws IOException {
            return marks(capture.marks(collection));
        }

        @Override
        public void close() throws IOException {
            capture.close();
        }

        private MarkCursor marks(MarkCursor marks) {
            return WrappedSource.this.marks(marks);
        }

        private ChangeDetection changes(String collection, FormerCapture former) throws IOException {
            return WrappedSource.this.changes(collection, former);
        }

        private RecordChanges wrap(RecordChanges changes) {
            return WrappedSource.this.wrap(changes);
        }
    }

    /** Changes that are as others are. */
    static class WrappedChanges implements RecordChanges {
        private final RecordChanges real;

        WrappedChanges(RecordChanges real) {
            this.real = real;
        }

        @Override
        public String method() {
            return real.method();
        }

        @Override
        public RecordCursor changed() throws IOException {
            return real.changed();
        }

        @Override
        public long count() throws IOException {
            return real.count();
        }

        @Override
        public long[] counts(KeyRange range, List<RecordKey> bounds) throws IOException {
            return real.counts(range, bounds);
        }

        @Override
        public KeyCursor keys(KeyRange range) throws IOException {
            return real.keys(range);
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }

    /** Marks with these keys, and values that follow from them. */
    static final class Marks implements MarkCursor {
        private final Iterator<byte[]> keys;
        private byte[] key = {};

        Marks(List<byte[]> keys) {
            this.keys = keys.iterator();
        }

        static byte[] value(byte[] key) {
            return new byte[] {(byte) (key.length + key[0]), 1};
        }

        @Override
        public boolean next() {
            boolean next = keys.hasNext();
            if (next) {
                key = keys.next();
            }
            return next;
        }

        @Override
        public byte[] key() {
            return key;
        }

        @Override
        public byte[] value() {
            return key.length == 0 ? new byte[1] : value(key);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
