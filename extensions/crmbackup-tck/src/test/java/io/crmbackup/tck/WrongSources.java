package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;

/** Checks that a rule of {@link SourceTck} finds a source that breaks it; makes such sources of the right one. */
abstract class WrongSources {
    @TempDir
    private Path directory;

    @FunctionalInterface
    interface Rule {
        void test(SourceTck tck) throws Exception;
    }

    /** A cursor that does as another does. */
    static class Cursor implements RecordCursor {
        final RecordCursor real;

        Cursor(RecordCursor real) {
            this.real = real;
        }

        @Override
        public boolean next() throws IOException {
            return real.next();
        }

        @Override
        public RecordKey key() throws IOException {
            return real.key();
        }

        @Override
        public byte[] fingerprint() throws IOException {
            return real.fingerprint();
        }

        @Override
        public List<FieldValue> values() throws IOException {
            return real.values();
        }

        @Override
        public boolean isStable() throws IOException {
            return real.isStable();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }

    /** A capture whose cursors are wrong. */
    static class Captured implements Capture {
        final Capture real;
        private final UnaryOperator<RecordCursor> cursors;

        Captured(Capture real, UnaryOperator<RecordCursor> cursors) {
            this.real = real;
            this.cursors = cursors;
        }

        @Override
        public Instant moment() {
            return real.moment();
        }

        @Override
        public String position() {
            return real.position();
        }

        @Override
        public Map<String, String> attributes() {
            return real.attributes();
        }

        @Override
        public List<CapturedCollection> collections() throws IOException {
            return real.collections();
        }

        @Override
        public RecordCursor read(String collection) throws IOException {
            return cursors.apply(real.read(collection));
        }

        @Override
        public ChangeDetection changesSince(String collection, FormerCapture former) throws IOException {
            return real.changesSince(collection, former);
        }

        @Override
        public MarkCursor marks(String collection) throws IOException {
            return real.marks(collection);
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }

    @FunctionalInterface
    interface Captures {
        Capture of(InMemorySource system, CaptureContext context) throws IOException;
    }

    final void expectFound(Captures wrong, Rule rule, InMemorySource.Setting... settings) throws Exception {
        assertThatCode(() -> rule.test(tck((system, context) -> system.capture(context), settings)))
                .as("the rule passes what is right")
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> rule.test(tck(wrong, settings)))
                .isInstanceOfAny(AssertionError.class, IllegalStateException.class);
    }

    final void expectFound(UnaryOperator<RecordCursor> wrong, Rule rule, InMemorySource.Setting... settings)
            throws Exception {
        expectFound((system, context) -> new Captured(system.capture(context), wrong), rule, settings);
    }

    private SourceTck tck(Captures captures, InMemorySource.Setting... settings) throws ReflectiveOperationException {
        TicketsSourceTck tck = new TicketsSourceTck() {
            @Override
            protected Source source() {
                return new Source() {
                    @Override
                    public Consistency consistency() {
                        return system.consistency();
                    }

                    @Override
                    public Capture capture(CaptureContext context) throws IOException {
                        return captures.of(system, context);
                    }
                };
            }
        };
        for (InMemorySource.Setting setting : settings) {
            tck.system.with(setting);
        }
        var workDirectory = SourceTck.class.getDeclaredField("workDirectory");
        workDirectory.setAccessible(true);
        workDirectory.set(tck, directory);
        return tck;
    }

    /** The first of several values is another. */
    static UnaryOperator<RecordCursor> replacing(FieldValue value) {
        return real -> new Cursor(real) {
            @Override
            public List<FieldValue> values() throws IOException {
                List<FieldValue> values = new ArrayList<>(super.values());
                if (values.size() > 1) {
                    values.set(0, value);
                }
                return values;
            }
        };
    }
}
