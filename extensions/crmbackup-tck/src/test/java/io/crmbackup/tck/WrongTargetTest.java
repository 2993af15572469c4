package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule of {@link TargetTck} finds a target that breaks it. */
class WrongTargetTest {
    @TempDir
    private Path directory;

    private final Map<String, String> around = new HashMap<>();

    @FunctionalInterface
    private interface Rule {
        void test(TargetTck tck) throws Exception;
    }

    @FunctionalInterface
    private interface Sessions {
        TargetSession of(TargetSession real, InMemorySource system);
    }

    /** A session that does as another does. */
    private static class Session implements TargetSession {
        final TargetSession real;

        Session(TargetSession real) {
            this.real = real;
        }

        @Override
        public TargetPreview preview() throws IOException {
            return real.preview();
        }

        @Override
        public void begin() throws IOException {
            real.begin();
        }

        @Override
        public WriteResult write(RestoredCollection collection) throws IOException {
            return real.write(collection);
        }

        @Override
        public void finish() throws IOException {
            real.finish();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }

    private void expectFound(Sessions wrong, Rule rule) {
        assertThatCode(() -> rule.test(tck((real, system) -> real))).doesNotThrowAnyException();
        assertThatThrownBy(() -> rule.test(tck(wrong)))
                .isInstanceOfAny(AssertionError.class, IllegalStateException.class);
    }

    private TargetTck tck(Sessions sessions) throws ReflectiveOperationException {
        InMemorySource system = new InMemorySource();
        TargetTck tck = new TargetTck() {
            @Override
            protected Source example() {
                return SupportTickets.create();
            }

            @Override
            protected Target target() {
                return wrong(system);
            }

            @Override
            protected Target occupied() {
                return wrong(SupportTickets.create());
            }

            private Target wrong(InMemorySource into) {
                Target real = InMemoryTarget.into(into, OnConflict.FAIL);
                return new Target() {
                    @Override
                    public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections)
                            throws IOException {
                        return sessions.of(real.open(attributes, collections), into);
                    }

                    @Override
                    public Optional<Source> readBack(Map<String, String> attributes) {
                        return real.readBack(attributes);
                    }
                };
            }

            @Override
            protected Object state() {
                return system.copy();
            }

            @Override
            protected Source hostile() {
                return SupportTickets.create();
            }

            @Override
            protected Object surroundings() {
                return Map.copyOf(around);
            }
        };
        var workDirectory = TargetTck.class.getDeclaredField("workDirectory");
        workDirectory.setAccessible(true);
        workDirectory.set(tck, directory);
        return tck;
    }

    @Test
    void previewThatChangesTheTargetIsFound() {
        expectFound(
                (real, system) -> new Session(real) {
                    @Override
                    public TargetPreview preview() throws IOException {
                        TargetPreview preview = super.preview();
                        system.collection("ticket", SupportTickets.TICKET);
                        return preview;
                    }
                },
                TargetTck::must01_openAndPreviewChangeNothing);
    }

    @Test
    void blockerOfAnEmptyPlaceIsFound() {
        expectFound(previewing(List.of("I don't like it")), TargetTck::must02_previewOfAnEmptyPlaceNamesNoBlocker);
    }

    @Test
    void silenceAboutAnOccupiedPlaceIsFound() {
        expectFound(previewing(List.of()), TargetTck::must02_previewOfAnOccupiedPlaceNamesABlocker);
    }

    private static Sessions previewing(List<String> blockers) {
        return (real, system) -> new Session(real) {
            @Override
            public TargetPreview preview() {
                return new TargetPreview(blockers, List.of(), List.of());
            }
        };
    }

    @Test
    void recordThatIsLostOrChangedIsFound() {
        expectFound(
                (real, system) -> new Session(real) {
                    @Override
                    public void finish() throws IOException {
                        super.finish();
                        system.remove("ticket", SupportTickets.ticketKey(3));
                    }
                },
                TargetTck::must03_everyRecordReadsBackEqual);
        expectFound(
                (real, system) -> new Session(real) {
                    @Override
                    public void finish() throws IOException {
                        super.finish();
                        system.put("file", SupportTickets.file(2), FieldValue.of(new byte[10_000]));
                    }
                },
                TargetTck::must03_everyRecordReadsBackEqual);
        expectFound(
                (real, system) -> new Session(real) {
                    @Override
                    public WriteResult write(RestoredCollection collection) throws IOException {
                        return new WriteResult(super.write(collection).written() - 1, 1);
                    }
                },
                TargetTck::must03_everyRecordReadsBackEqual);
    }

    @Test
    void writingOutsideIsFound() {
        expectFound(
                (real, system) -> new Session(real) {
                    @Override
                    public WriteResult write(RestoredCollection collection) throws IOException {
                        around.put(collection.name(), "written");
                        return super.write(collection);
                    }
                },
                TargetTck::must04_nothingIsWrittenOutside);
    }

    @Test
    void partThatLooksWholeIsFound() {
        expectFound(
                (real, system) -> new Session(blind(real)) {
                    @Override
                    public void begin() throws IOException {
                        super.begin();
                        system.collection("ticket", SupportTickets.TICKET);
                    }
                },
                TargetTck::must05_restoreCutAfterItBeganIsSeen);
        Sessions writingAtOnce = (real, system) -> new Session(blind(real)) {
            @Override
            public WriteResult write(RestoredCollection collection) throws IOException {
                if (collection.name().equals("event")) {
                    SupportTickets.ticket(collectionOf(system), 777, "written at once");
                }
                return super.write(collection);
            }
        };
        expectFound(writingAtOnce, TargetTck::must05_restoreCutBeforeItWasFinishedIsSeen);
        expectFound(writingAtOnce, TargetTck::must05_restoreWhoseRecordsBreakOffIsSeen);
    }

    private static InMemorySource collectionOf(InMemorySource system) {
        return system.copy().containsKey("ticket") ? system : system.collection("ticket", SupportTickets.TICKET);
    }

    /** Sees no blockers. */
    private static TargetSession blind(TargetSession real) {
        return new Session(real) {
            @Override
            public TargetPreview preview() {
                return new TargetPreview(List.of(), List.of(), List.of());
            }
        };
    }

    @Test
    void swallowedReadErrorIsFound() {
        expectFound(
                (real, system) -> new Session(real) {
                    @Override
                    public WriteResult write(RestoredCollection collection) {
                        try {
                            return super.write(collection);
                        } catch (IOException e) {
                            return new WriteResult(collection.records(), 0);
                        }
                    }
                },
                TargetTck::must05_restoreWhoseRecordsBreakOffIsSeen);
    }

    @Test
    void contentReadAtOnceIsFound() {
        expectFound(
                (real, system) -> new Session(real) {
                    @Override
                    public WriteResult write(RestoredCollection collection) throws IOException {
                        try (RecordCursor cursor = collection.open()) {
                            while (cursor.next()) {
                                for (FieldValue value : new ArrayList<>(cursor.values())) {
                                    if (!value.isNull()) {
                                        try (InputStream in = value.open()) {
                                            in.readAllBytes();
                                        }
                                    }
                                }
                            }
                        }
                        return super.write(collection);
                    }
                },
                TargetTck::must06_contentsAreStreamed);
    }

    @Test
    void closeThatFailsTheSecondTimeIsFound() {
        expectFound(
                (real, system) -> new Session(real) {
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
                TargetTck::must07_closeIsIdempotent);
    }
}
