package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule of {@link SourceTck} finds a source that breaks it. */
class WrongSourceTest {
    @TempDir
    private Path directory;

    @FunctionalInterface
    private interface Rule {
        void test(SourceTck tck) throws Exception;
    }

    /** A cursor that does as another does. */
    private static class Cursor implements RecordCursor {
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
    private static class Captured implements Capture {
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
        public void close() throws IOException {
            real.close();
        }
    }

    @FunctionalInterface
    private interface Captures {
        Capture of(InMemorySource system, CaptureContext context) throws IOException;
    }

    private void expectFound(Captures wrong, Rule rule, InMemorySource.Setting... settings) throws Exception {
        assertThatCode(() -> rule.test(tck((system, context) -> system.capture(context), settings)))
                .as("the rule passes what is right")
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> rule.test(tck(wrong, settings)))
                .isInstanceOfAny(AssertionError.class, IllegalStateException.class);
    }

    private void expectFound(UnaryOperator<RecordCursor> wrong, Rule rule, InMemorySource.Setting... settings)
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

    @Test
    void captureThatChangesTheSystemIsFound() throws Exception {
        expectFound(
                (system, context) -> {
                    SupportTickets.ticket(system, 3, "seen");
                    return system.capture(context);
                },
                SourceTck::must01_captureChangesNothing);
    }

    @Test
    void recordLeftOutIsFound() throws Exception {
        expectFound(
                real -> new Cursor(real) {
                    private boolean begun;

                    @Override
                    public boolean next() throws IOException {
                        boolean first = !begun;
                        begun = true;
                        return super.next() && (!first || super.next());
                    }
                },
                SourceTck::must02_everyRecordComesOnce);
    }

    @Test
    void wrongOrderIsFound() throws Exception {
        expectFound(
                (system, context) -> new Captured(system.capture(context), c -> c) {
                    @Override
                    public List<CapturedCollection> collections() throws IOException {
                        List<CapturedCollection> all = new ArrayList<>();
                        for (CapturedCollection c : super.collections()) {
                            all.add(new CapturedCollection(
                                    c.name(),
                                    c.schema(),
                                    c.schema().isKeyed() && system.is(InMemorySource.Setting.UNSORTED)
                                            ? CapturedCollection.Order.BY_KEY
                                            : c.order()));
                        }
                        return all;
                    }
                },
                SourceTck::must02_recordsComeInTheOrderThatIsStated,
                InMemorySource.Setting.UNSORTED);
    }

    @Test
    void valueThatDoesNotFitIsFound() throws Exception {
        expectFound(replacing(FieldValue.text("+7")), SourceTck::must03_valuesFitTheSchema);
        expectFound(replacing(FieldValue.NULL), SourceTck::must03_valuesFitTheSchema);
        expectFound(replacing(FieldValue.number(777)), SourceTck::must03_valuesFitTheSchema);
        expectFound(
                real -> new Cursor(real) {
                    @Override
                    public List<FieldValue> values() throws IOException {
                        List<FieldValue> values = super.values();
                        return values.subList(1, values.size());
                    }
                },
                SourceTck::must03_valuesFitTheSchema);
    }

    /** The first of several values is another. */
    private static UnaryOperator<RecordCursor> replacing(FieldValue value) {
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

    @Test
    void keyOfRecordsWithoutKeysIsFound() throws Exception {
        expectFound(
                real -> new Cursor(real) {
                    @Override
                    public RecordKey key() {
                        return RecordKey.of(new byte[] {1});
                    }
                },
                SourceTck::must03_recordsWithoutKeysHaveNone);
    }

    @Test
    void capturesThatDifferAreFound() throws Exception {
        int[] count = {0};
        expectFound(
                real -> new Cursor(real) {
                    @Override
                    public List<FieldValue> values() throws IOException {
                        List<FieldValue> values = new ArrayList<>(super.values());
                        values.set(values.size() - 1, FieldValue.number(count[0]++));
                        return values;
                    }
                },
                SourceTck::must04_twoCapturesAreEqual);
    }

    @Test
    void fingerprintThatStaysIsFound() throws Exception {
        expectFound(
                real -> new Cursor(real) {
                    @Override
                    public byte[] fingerprint() {
                        return new byte[] {1};
                    }
                },
                SourceTck::must05_equalFingerprintsMeanEqualValues,
                InMemorySource.Setting.FINGERPRINTS);
    }

    @Test
    void valuesThatCanBeReadOnceAreFound() throws Exception {
        expectFound(
                real -> new Cursor(real) {
                    private boolean read;

                    @Override
                    public boolean next() throws IOException {
                        read = false;
                        return super.next();
                    }

                    @Override
                    public List<FieldValue> values() throws IOException {
                        if (read) {
                            throw new IllegalStateException("the stream has been read");
                        }
                        read = true;
                        return super.values();
                    }
                },
                SourceTck::must06_valuesCanBeReadAgain);
    }

    @Test
    void contentsOpenedTooEarlyAreFound() throws Exception {
        expectFound(
                real -> new Cursor(real) {
                    @Override
                    public List<FieldValue> values() throws IOException {
                        return SourceReading.inMemory(super.values());
                    }
                },
                SourceTck::must06_contentsAreOpenedWhenTheyAreOpened);
    }

    @Test
    void contentThatMixesTwoStatesIsFound() throws Exception {
        expectFound(
                (system, context) -> new Captured(system.capture(context), real -> new Cursor(real) {
                    @Override
                    public List<FieldValue> values() throws IOException {
                        List<FieldValue> values = new ArrayList<>(super.values());
                        values.replaceAll(
                                v -> v.isContent() ? FieldValue.content(() -> live(system, key()), v.length()) : v);
                        return values;
                    }
                }),
                SourceTck::must07_changeWhileReadingIsSaid);
    }

    /** A content as it is when each byte is read. */
    private static InputStream live(InMemorySource system, RecordKey key) {
        return new InputStream() {
            private int at;

            @Override
            public int read() {
                byte[] now = system.copy()
                        .get("file")
                        .rows()
                        .get(key)
                        .values()
                        .get(0)
                        .bytes();
                return at < now.length ? now[at++] & 0xff : -1;
            }
        };
    }

    @Test
    void silenceAboutTheUnreadableIsFound() throws Exception {
        expectFound(
                (system, context) -> system.capture(new SourceReading.Context(context.workDirectory())),
                SourceTck::must08_unreadableIsReportedOrFails);
    }

    @Test
    void momentThatShowsALaterChangeIsFound() throws Exception {
        expectFound(
                (system, context) -> new InMemoryCapture(system, null, new byte[0], Instant.EPOCH, context),
                SourceTck::must09_momentShowsNoLaterChange);
    }

    @Test
    void closeThatFailsTheSecondTimeIsFound() throws Exception {
        expectFound(
                (system, context) -> new Captured(system.capture(context), c -> c) {
                    private boolean closed;

                    @Override
                    public void close() throws IOException {
                        if (closed) {
                            throw new IllegalStateException("closed already");
                        }
                        closed = true;
                        super.close();
                    }
                },
                SourceTck::must10_closeIsIdempotentAndLeavesNothing);
    }

    @Test
    void fileLeftBehindIsFound() throws Exception {
        expectFound(
                (system, context) -> {
                    Files.createTempFile(context.workDirectory(), "spool", "");
                    return system.capture(context);
                },
                SourceTck::must10_closeIsIdempotentAndLeavesNothing);
    }

    @Test
    void captureThatSpoilsTheNextIsFound() throws Exception {
        expectFound(
                (system, context) -> new Captured(system.capture(context), c -> c) {
                    @Override
                    public void close() throws IOException {
                        super.close();
                        SupportTickets.ticket(system, 3, "spoilt");
                    }
                },
                SourceTck::must10_captureAfterAnotherIsWhole);
    }

    @Test
    void captureThatGoesOnWhenInterruptedIsFound() throws Exception {
        expectFound(
                real -> new Cursor(real) {
                    @Override
                    public boolean next() throws IOException {
                        Thread.interrupted();
                        return super.next();
                    }
                },
                SourceTck::should11_interruptedCaptureStops);
    }
}
