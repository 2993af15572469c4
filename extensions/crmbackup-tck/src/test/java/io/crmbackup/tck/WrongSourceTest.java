package io.crmbackup.tck;

import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule of {@link SourceTck} finds a source that breaks it. */
class WrongSourceTest extends WrongSources {
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
