package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.spi.FieldContent;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a target keeps the rules of {@link Target}, by their numbers. Extend it and bring a place to restore into and a source whose
 * records fit there, contents and at least two records included. Every test asks for places of its own, as JUnit makes an object for every
 * test. What a target can't be put to is skipped, and says so.
 */
public abstract class TargetTck {
    private static final int MOST_AT_ONCE = 64 << 10;

    @TempDir
    private Path workDirectory;

    /** For subclasses. */
    protected TargetTck() {}

    /** What is restored. */
    protected abstract Source example() throws Exception;

    /** A target that is an empty place; called several times in a test, always for the same place. */
    protected abstract Target target() throws Exception;

    /** A target that is another place, in which something is that the example must not be restored over. */
    protected abstract Target occupied() throws Exception;

    /** What is in the place of {@link #target()}, as it can be told without the target: anything that is equal if it is the same. */
    protected abstract Object state() throws Exception;

    /** Whether it can be seen in the place of {@link #target()} that a restore was not finished. */
    protected boolean isVisiblyUnfinished() throws Exception {
        return false;
    }

    /** A target that {@linkplain Target#replaces() replaces} what is in the place of {@link #target()}; null if it can't. */
    protected @Nullable Target replacing() throws Exception {
        return null;
    }

    /**
     * Writes into the place of {@link #target()}, which holds the example, as somebody else does who knows nothing of the restore: something that
     * {@link #state()} tells. Fails soon if it would have to wait. Needed with {@link #replacing()} only.
     */
    protected void writeAsAnother() throws Exception {
        throw new UnsupportedOperationException("with replacing() comes writeAsAnother()");
    }

    /** What {@link #writeAsAnother()} has written, as it is there now; all of the place if a restore that has failed leaves no trace. */
    protected Object writtenByAnother() throws Exception {
        return state();
    }

    /** Records that try to get out of the target; null if it has nothing to get out of. */
    protected @Nullable Source hostile() throws Exception {
        return null;
    }

    /** What lies around the place of {@link #target()}, without the place: anything that is equal if it is the same. */
    protected Object surroundings() throws Exception {
        return "";
    }

    @Test
    void must01_openAndPreviewChangeNothing() throws Exception {
        Object before = state();
        try (TargetSession session = open(target())) {
            session.preview();
        }
        assertThat(state()).as("the target after a preview").isEqualTo(before);
    }

    @Test
    void must02_previewOfAnEmptyPlaceNamesNoBlocker() throws Exception {
        try (TargetSession session = open(target())) {
            assertThat(session.preview().blockers()).isEmpty();
        }
    }

    @Test
    void must02_previewOfAnOccupiedPlaceNamesABlocker() throws Exception {
        try (TargetSession session = open(occupied())) {
            assertThat(session.preview().blockers()).as("blockers").isNotEmpty();
        }
    }

    @Test
    void must03_everyRecordReadsBackEqual() throws Exception {
        SourceReading example = SourceReading.of(example(), workDirectory);
        List<RestoredCollection> collections = RestoredRecords.of(example, UnaryOperator.identity());
        try (TargetSession session = target().open(example.attributes(), collections)) {
            session.preview();
            session.begin();
            for (RestoredCollection collection : collections) {
                assertThat(session.write(collection).written())
                        .as("records of %s written", collection.name())
                        .isEqualTo(collection.records());
            }
            session.finish();
        }
        Source back = target().readBack(example.attributes()).orElse(null);
        assumeTrue(back != null, "the target can't be read back");
        SourceReading after = SourceReading.of(back, workDirectory);
        assertThat(after.collections())
                .containsKeys(example.collections().keySet().toArray(new String[0]));
        Map<String, List<List<Object>>> restored = sorted(after);
        restored.keySet().retainAll(example.collections().keySet());
        assertThat(restored).isEqualTo(sorted(example));
        assertThat(after.problems()).isEmpty();
    }

    private static Map<String, List<List<Object>>> sorted(SourceReading reading) {
        Map<String, List<List<Object>>> sorted = new TreeMap<>();
        reading.collections().forEach((name, collected) -> {
            List<SourceReading.Read> records = new ArrayList<>(collected.records());
            records.sort(Comparator.comparing(TargetTck::sortText));
            sorted.put(name, new ArrayList<>());
            records.forEach(
                    r -> sorted.get(name).add(r.key() == null ? List.of(r.values()) : List.of(r.key(), r.values())));
        });
        return sorted;
    }

    private static String sortText(SourceReading.Read read) {
        StringBuilder text = new StringBuilder(String.valueOf(read.key()));
        read.values()
                .forEach(v ->
                        text.append(' ').append(v.isNull() ? "" : HexFormat.of().formatHex(v.bytes())));
        return text.toString();
    }

    @Test
    void must04_nothingIsWrittenOutside() throws Exception {
        Source hostile = hostile();
        assumeTrue(hostile != null, "there are no records that try to get out");
        SourceReading reading = SourceReading.of(hostile, workDirectory);
        List<RestoredCollection> collections = RestoredRecords.of(reading, UnaryOperator.identity());
        Object before = surroundings();
        try (TargetSession session = target().open(reading.attributes(), collections)) {
            if (session.preview().blockers().isEmpty()) {
                session.begin();
                for (RestoredCollection collection : collections) {
                    session.write(collection);
                }
                session.finish();
            }
        } catch (IOException | IllegalArgumentException e) {
            // Refused, which is right.
        }
        assertThat(surroundings()).as("what lies around the target").isEqualTo(before);
    }

    @Test
    void must05_restoreCutAfterItBeganIsSeen() throws Exception {
        Object before = state();
        try (TargetSession session = open(target())) {
            session.preview();
            session.begin();
        }
        expectBeforeOrUnfinished(before);
    }

    @Test
    void must05_restoreCutBeforeItWasFinishedIsSeen() throws Exception {
        Object before = state();
        SourceReading example = SourceReading.of(example(), workDirectory);
        List<RestoredCollection> collections = RestoredRecords.of(example, UnaryOperator.identity());
        try (TargetSession session = target().open(example.attributes(), collections)) {
            session.preview();
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
        }
        expectBeforeOrUnfinished(before);
    }

    @Test
    void must05_restoreWhoseRecordsBreakOffIsSeen() throws Exception {
        Object before = state();
        SourceReading example = SourceReading.of(example(), workDirectory);
        List<RestoredCollection> collections = RestoredRecords.of(example, UnaryOperator.identity()).stream()
                .map(TargetTck::breakingOff)
                .toList();
        try (TargetSession session = target().open(example.attributes(), RestoredRecords.of(example, c -> c))) {
            session.preview();
            session.begin();
            assertThatThrownBy(() -> {
                        for (RestoredCollection collection : collections) {
                            session.write(collection);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        expectBeforeOrUnfinished(before);
    }

    private void expectBeforeOrUnfinished(Object before) throws Exception {
        if (!state().equals(before) && !isVisiblyUnfinished()) {
            try (TargetSession again = open(target())) {
                TargetPreview preview = again.preview();
                assertThat(preview.blockers())
                        .as("blockers of a second restore, the first of which left the target changed and unmarked")
                        .isNotEmpty();
            }
        }
    }

    @Test
    void must06_contentsAreStreamed() throws Exception {
        AtomicBoolean opened = new AtomicBoolean();
        AtomicBoolean atOnce = new AtomicBoolean();
        SourceReading example = SourceReading.of(example(), workDirectory);
        List<RestoredCollection> collections = RestoredRecords.of(example, content -> () -> {
            opened.set(true);
            return watched(content, atOnce);
        });
        try (TargetSession session = target().open(example.attributes(), collections)) {
            session.preview();
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            session.finish();
        }
        assumeTrue(opened.get(), "the example has no contents");
        assertThat(atOnce).as("whether a content was read into memory at once").isFalse();
    }

    private static InputStream watched(FieldContent content, AtomicBoolean atOnce) throws IOException {
        return new FilterInputStream(content.open()) {
            @Override
            public byte[] readAllBytes() throws IOException {
                return noted(super.readAllBytes());
            }

            @Override
            public byte[] readNBytes(int length) throws IOException {
                return noted(super.readNBytes(length));
            }

            private byte[] noted(byte[] bytes) {
                if (bytes.length > MOST_AT_ONCE) {
                    atOnce.set(true);
                }
                return bytes;
            }
        };
    }

    @Test
    void must07_closeIsIdempotent() throws Exception {
        TargetSession unused = open(target());
        unused.close();
        unused.close();
        TargetSession begun = open(target());
        begun.preview();
        begun.begin();
        begun.close();
        begun.close();
    }

    @Test
    void must08_whatOthersWriteAfterItIsHeldIsNotLostInSilence() throws Exception {
        Target replacing = filledAndReplacing();
        SourceReading example = SourceReading.of(example(), workDirectory);
        List<RestoredCollection> collections = RestoredRecords.of(example, UnaryOperator.identity());
        Object before = state();
        Object after;
        Object written;
        boolean replaced;
        try (TargetSession session = replacing.open(example.attributes(), collections)) {
            session.preview();
            session.hold();
            after = afterAttempt();
            written = after.equals(before) ? before : writtenByAnother();
            replaced = replace(session, collections);
        }
        if (!after.equals(before)) {
            assertThat(replaced)
                    .as("whether the restore replaced what somebody wrote after it was held")
                    .isFalse();
            assertThat(writtenByAnother())
                    .as("what somebody wrote, after the restore has failed")
                    .isEqualTo(written);
        } else {
            assertThat(replaced)
                    .as("whether the restore succeeded, as writers waited")
                    .isTrue();
        }
    }

    /** What is there after somebody has written, or was kept from it. */
    private Object afterAttempt() throws Exception {
        try {
            writeAsAnother();
        } catch (UnsupportedOperationException e) {
            throw e;
        } catch (Exception e) {
            // Has to wait, which is right.
        }
        return state();
    }

    private static boolean replace(TargetSession session, List<RestoredCollection> collections) {
        try {
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            session.staged();
            session.finish();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void must08_whatIsStagedIsSeenByNobodyBeforeItIsFinished() throws Exception {
        Target replacing = filledAndReplacing();
        writeAsAnother();
        SourceReading example = SourceReading.of(example(), workDirectory);
        List<RestoredCollection> collections = RestoredRecords.of(example, UnaryOperator.identity());
        Object before = state();
        try (TargetSession session = replacing.open(example.attributes(), collections)) {
            session.preview();
            session.hold();
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            assumeTrue(session.staged().isPresent(), "what is written is not staged");
            assertThat(state()).as("what others see before it is finished").isEqualTo(before);
            session.finish();
        }
        assertThat(state()).as("what others see when it is finished").isNotEqualTo(before);
    }

    /** With the example in its place. */
    private Target filledAndReplacing() throws Exception {
        Target replacing = replacing();
        assumeTrue(replacing != null, "the target doesn't replace");
        assertThat(replacing.replaces()).as("whether it says that it replaces").isTrue();
        SourceReading example = SourceReading.of(example(), workDirectory);
        List<RestoredCollection> collections = RestoredRecords.of(example, UnaryOperator.identity());
        try (TargetSession session = target().open(example.attributes(), collections)) {
            session.preview();
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            session.finish();
        }
        return replacing;
    }

    private TargetSession open(Target target) throws Exception {
        SourceReading example = SourceReading.of(example(), workDirectory);
        return target.open(example.attributes(), RestoredRecords.of(example, UnaryOperator.identity()));
    }

    /** The same records, the last of which can't be read. */
    private static RestoredCollection breakingOff(RestoredCollection whole) {
        return new RestoredCollection() {
            @Override
            public String name() {
                return whole.name();
            }

            @Override
            public RecordSchema schema() {
                return whole.schema();
            }

            @Override
            public Extent extent() {
                return whole.extent();
            }

            @Override
            public long records() {
                return whole.records();
            }

            @Override
            public RecordCursor open() {
                return new BreakingCursor(whole.open(), whole.records() - 1);
            }
        };
    }

    private static final class BreakingCursor implements RecordCursor {
        private final RecordCursor cursor;
        private long left;

        BreakingCursor(RecordCursor cursor, long left) {
            this.cursor = cursor;
            this.left = left;
        }

        @Override
        public boolean next() throws IOException {
            if (left-- <= 0) {
                throw new IOException("the records break off, as the test wants it");
            }
            return cursor.next();
        }

        @Override
        public RecordKey key() throws IOException {
            return cursor.key();
        }

        @Override
        public List<FieldValue> values() throws IOException {
            return cursor.values();
        }

        @Override
        public void close() throws IOException {
            cursor.close();
        }
    }
}
