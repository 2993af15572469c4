package io.crmbackup.tck;

import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each rule of {@link SourceTck} about changes finds a source that breaks it. */
class WrongChangesTest extends WrongSources {
    /** Changes that are told as others are. */
    private static class Changes implements RecordChanges {
        final RecordChanges real;

        Changes(RecordChanges real) {
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

    private void expectChangesFound(UnaryOperator<RecordChanges> wrong, Rule rule, InMemorySource.Setting... more)
            throws Exception {
        List<InMemorySource.Setting> settings = new ArrayList<>(List.of(more));
        settings.add(InMemorySource.Setting.CHANGES);
        expectFound(
                (system, context) -> new Captured(system.capture(context), c -> c) {
                    @Override
                    public ChangeDetection changesSince(String collection, FormerCapture former) throws IOException {
                        ChangeDetection told = super.changesSince(collection, former);
                        return told instanceof ChangeDetection.Found found
                                ? ChangeDetection.found(wrong.apply(found.changes()))
                                : told;
                    }
                },
                rule,
                settings.toArray(InMemorySource.Setting[]::new));
    }

    @Test
    void changeThatIsNotToldIsFound() throws Exception {
        expectChangesFound(
                real -> new Changes(real) {
                    @Override
                    public RecordCursor changed() throws IOException {
                        RecordCursor changed = super.changed();
                        changed.next();
                        return changed;
                    }
                },
                SourceTck::must12_changesLeadFromTheFormerStateToTheOneNow);
    }

    @Test
    void changedRecordThatComesTwiceOrWithOtherValuesIsFound() throws Exception {
        expectChangesFound(
                real -> new Changes(real) {
                    @Override
                    public RecordCursor changed() throws IOException {
                        return new Cursor(super.changed()) {
                            private boolean again;

                            @Override
                            public boolean next() throws IOException {
                                again = !again;
                                return !again || super.next();
                            }
                        };
                    }
                },
                SourceTck::must12_changesLeadFromTheFormerStateToTheOneNow);
        expectChangesFound(
                real -> new Changes(real) {
                    @Override
                    public RecordCursor changed() throws IOException {
                        return replacing(FieldValue.number(777)).apply(super.changed());
                    }
                },
                SourceTck::must12_changesLeadFromTheFormerStateToTheOneNow);
    }

    @Test
    void wrongCountsAreFound() throws Exception {
        expectChangesFound(
                real -> new Changes(real) {
                    @Override
                    public long count() throws IOException {
                        return super.count() + 1;
                    }
                },
                SourceTck::must13_countsAndKeysTellWhatIsThere);
        expectChangesFound(
                real -> new Changes(real) {
                    @Override
                    public long[] counts(KeyRange range, List<RecordKey> bounds) throws IOException {
                        // The upper bound counted in.
                        long[] counts = super.counts(range, bounds);
                        counts[0] += counts.length > 1 && counts[1] > 0 ? 1 : 0;
                        return counts;
                    }
                },
                SourceTck::must13_countsAndKeysTellWhatIsThere);
        expectChangesFound(
                real -> new Changes(real) {
                    @Override
                    public long[] counts(KeyRange range, List<RecordKey> bounds) throws IOException {
                        return super.counts(KeyRange.ALL, bounds);
                    }
                },
                SourceTck::must13_countsAndKeysTellWhatIsThere);
    }

    @Test
    void wrongKeysAreFound() throws Exception {
        expectChangesFound(
                real -> new Changes(real) {
                    @Override
                    public KeyCursor keys(KeyRange range) throws IOException {
                        KeyCursor keys = super.keys(range);
                        keys.next();
                        return keys;
                    }
                },
                SourceTck::must13_countsAndKeysTellWhatIsThere,
                InMemorySource.Setting.UNSORTED);
        expectChangesFound(
                real -> new Changes(real) {
                    @Override
                    public KeyCursor keys(KeyRange range) throws IOException {
                        return super.keys(KeyRange.ALL);
                    }
                },
                SourceTck::must13_countsAndKeysTellWhatIsThere);
    }

    @Test
    void changesSinceAnotherCaptureThanAskedForAreFound() throws Exception {
        Map<String, List<FormerReading.Mark>> latest = new HashMap<>();
        expectFound(
                (system, context) -> new Captured(system.capture(context), c -> c) {
                    @Override
                    public ChangeDetection changesSince(String collection, FormerCapture former) throws IOException {
                        FormerReading asked = (FormerReading) former;
                        List<FormerReading.Mark> marks = latest.getOrDefault(collection, asked.allMarks());
                        return super.changesSince(
                                collection,
                                new FormerReading(asked.position(), asked.attributes(), asked.collected(), marks));
                    }

                    @Override
                    public MarkCursor marks(String collection) throws IOException {
                        MarkCursor marks = super.marks(collection);
                        marks.next();
                        latest.put(collection, List.of(new FormerReading.Mark(marks.key(), marks.value())));
                        return super.marks(collection);
                    }
                },
                SourceTck::must12_changesLeadFromTheFormerStateToTheOneNow,
                InMemorySource.Setting.CHANGES);
    }

    @Test
    void wrongMarksAreFound() throws Exception {
        for (int length : new int[] {0, 513}) {
            expectMarksFound(new byte[length], new byte[1]);
        }
        expectMarksFound(new byte[] {'z'}, new byte[0]);
        expectMarksFound(new byte[] {'z'}, new byte[4097]);
        expectMarksFound(new byte[] {'v'}, new byte[1]);
    }

    /** Finds a mark that is put behind the right one. */
    private void expectMarksFound(byte[] key, byte[] value) throws Exception {
        expectFound(
                (system, context) -> new Captured(system.capture(context), c -> c) {
                    @Override
                    public MarkCursor marks(String collection) throws IOException {
                        MarkCursor first = super.marks(collection);
                        OneMark second = new OneMark(key, value);
                        return new MarkCursor() {
                            private boolean isFirst = true;

                            @Override
                            public boolean next() throws IOException {
                                isFirst = isFirst && first.next();
                                return isFirst || second.next();
                            }

                            @Override
                            public byte[] key() throws IOException {
                                return isFirst ? first.key() : second.key();
                            }

                            @Override
                            public byte[] value() throws IOException {
                                return isFirst ? first.value() : second.value();
                            }

                            @Override
                            public void close() throws IOException {
                                first.close();
                            }
                        };
                    }
                },
                SourceTck::must14_marksAscendAndAreSmall,
                InMemorySource.Setting.CHANGES);
    }
}
