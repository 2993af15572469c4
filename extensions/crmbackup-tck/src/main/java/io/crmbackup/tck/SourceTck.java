package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a source keeps the rules of {@link Source}, by their numbers. Extend it and bring a small system: a few collections, each with a
 * few records, of all types that the source knows. Every test asks for a system of its own, as JUnit makes an object for every test. What a
 * source can't be put to is skipped, and says so.
 */
public abstract class SourceTck {
    @TempDir
    private Path workDirectory;

    /** For subclasses. */
    protected SourceTck() {}

    /** A source of the system; called several times in a test, always for the same system. */
    protected abstract Source source() throws Exception;

    /** How many records the system has, for every collection that is captured. */
    protected abstract Map<String, Integer> records() throws Exception;

    /** Changes values of at least one record, of contents too if there are any, and the number of no collection's records. */
    protected abstract void change() throws Exception;

    /**
     * Changes the system at random: adds, changes and removes some records, a few times perhaps none or nearly all. False if that can't be done,
     * which leaves it at {@link #change()}.
     */
    protected boolean changeAtRandom(Random random) throws Exception {
        return false;
    }

    /** What the system holds, as it can be told without the source: anything that is equal if it is the same. Null if it can't be told. */
    protected @Nullable Object state() throws Exception {
        return null;
    }

    /** Changes a record's content, which is being read; false if that can't be done. */
    protected boolean changeContent(String collection, RecordKey key) throws Exception {
        return false;
    }

    /** Brings it about that at least one record can't be read; false if that can't be done. */
    protected boolean makeUnreadable() throws Exception {
        return false;
    }

    /** How many contents have been opened so far; empty if that can't be told. */
    protected OptionalLong contentsOpened() {
        return OptionalLong.empty();
    }

    @Test
    void must01_captureChangesNothing() throws Exception {
        Object before = state();
        assumeTrue(before != null, "the system's state can't be told");
        read();
        assertThat(state()).as("the system after a capture").isEqualTo(before);
    }

    @Test
    void must02_everyRecordComesOnce() throws Exception {
        Map<String, Integer> counts = new HashMap<>();
        read().collections().forEach((name, collected) -> {
            counts.put(name, collected.records().size());
            if (collected.schema().isKeyed()) {
                assertThat(collected.records().stream().map(SourceReading.Read::key))
                        .as("keys of %s", name)
                        .doesNotHaveDuplicates();
            }
        });
        assertThat(counts).as("records of each collection").isEqualTo(records());
    }

    @Test
    void must02_recordsComeInTheOrderThatIsStated() throws Exception {
        read().collections().forEach((name, collected) -> {
            if (collected.order() == CapturedCollection.Order.BY_KEY) {
                assertThat(collected.records().stream()
                                .map(SourceReading.Read::key)
                                .toList())
                        .as("keys of %s", name)
                        .isSorted();
            }
        });
    }

    @Test
    void must03_valuesFitTheSchema() throws Exception {
        read().collections().forEach((name, collected) -> {
            for (SourceReading.Read read : collected.records()) {
                assertThat(read.values())
                        .as("values of %s", name)
                        .hasSameSizeAs(collected.schema().fields());
                for (int i = 0; i < read.values().size(); i++) {
                    expectFit(
                            name,
                            collected.schema().fields().get(i),
                            read.values().get(i));
                }
                if (collected.schema().keyForm() == RecordSchema.KeyForm.FIELDS) {
                    assertThat(read.key())
                            .as("key of a record of %s", name)
                            .isEqualTo(RecordKey.of(collected.schema(), read.values()));
                }
            }
        });
    }

    private static void expectFit(String collection, Field field, FieldValue value) {
        String what = collection + "." + field.name();
        if (value.isNull()) {
            assertThat(field.presence()).as("a missing value of %s", what).isEqualTo(Field.Presence.OPTIONAL);
        } else if (field.type() == FieldType.BOOLEAN) {
            assertThat(value.text()).as(what).isIn("true", "false");
        } else if (field.type() == FieldType.INTEGER) {
            assertThat(value.text()).as(what).matches("0|-?[1-9][0-9]*");
        } else if (!field.type().isBinary()) {
            assertThat(FieldValue.text(value.text()))
                    .as("%s must be UTF-8", what)
                    .isEqualTo(value);
        }
    }

    @Test
    void must03_encodedRowsAreTheirValuesEncoded() throws Exception {
        forEachRecord((collection, cursor) -> {
            byte[] row = cursor.encodedRow();
            if (row != null) {
                byte[] expected = new RecordCodec(collection.schema()).encode(cursor.values(), (field, value) -> {
                    throw new AssertionError("a row was given encoded though " + field.name() + " lies apart");
                });
                assertThat(row).as("a row of %s", collection.name()).isEqualTo(expected);
            }
        });
    }

    @Test
    void must04_twoCapturesAreEqual() throws Exception {
        SourceReading first = read();
        SourceReading second = read();
        assertThat(second.content()).isEqualTo(first.content());
        assertThat(second.attributes()).isEqualTo(first.attributes());
        second.collections()
                .forEach((name, collected) -> assertThat(collected.schema())
                        .as("schema of %s", name)
                        .isEqualTo(first.collection(name).schema()));
    }

    @Test
    void must04_captureCanBeReadTwice() throws Exception {
        SourceReading alone = read();
        SourceReading.Context context = new SourceReading.Context(workDirectory);
        try (Capture capture = source().capture(context)) {
            for (CapturedCollection collection : capture.collections()) {
                SourceReading.read(capture, collection);
                assertThat(SourceReading.read(capture, collection).values())
                        .as("records of %s, read once more", collection.name())
                        .isEqualTo(alone.collection(collection.name()).values());
            }
            assertThat(SourceReading.of(capture, context).content())
                    .as("all collections, read once more")
                    .isEqualTo(alone.content());
        }
    }

    @Test
    void must05_equalFingerprintsMeanEqualValues() throws Exception {
        SourceReading before = read();
        change();
        SourceReading after = read();
        assertThat(after.content()).as("the records after a change").isNotEqualTo(before.content());
        after.collections().forEach((name, collected) -> {
            Map<RecordKey, SourceReading.Read> old = new HashMap<>();
            before.collection(name).records().forEach(r -> old.put(r.key(), r));
            for (SourceReading.Read read : collected.records()) {
                SourceReading.Read was = old.get(read.key());
                if (read.key() != null
                        && was != null
                        && !read.fingerprint().isEmpty()
                        && read.fingerprint().equals(was.fingerprint())) {
                    assertThat(read.values())
                            .as("record %s of %s, whose fingerprint is as before", read.key(), name)
                            .isEqualTo(was.values());
                }
            }
        });
    }

    @Test
    void must06_valuesCanBeReadAgain() throws Exception {
        forEachRecord((collection, cursor) -> {
            List<FieldValue> first = SourceReading.inMemory(cursor.values());
            assertThat(SourceReading.inMemory(cursor.values()))
                    .as("values of %s, read again", collection.name())
                    .isEqualTo(first);
        });
    }

    @Test
    void must06_contentsAreOpenedWhenTheyAreOpened() throws Exception {
        long before = contentsOpened().orElse(0);
        forEachRecord((collection, cursor) -> cursor.values());
        assumeTrue(contentsOpened().isPresent(), "it can't be told how many contents were opened");
        assertThat(contentsOpened().getAsLong()).as("contents opened").isEqualTo(before);
    }

    @Test
    void must07_changeWhileReadingIsSaid() throws Exception {
        forEachRecord((collection, cursor) -> {
            for (int i = 0; i < collection.schema().fields().size(); i++) {
                FieldValue value = cursor.values().get(i);
                if (collection.schema().isKeyed() && value.isContent() && value.length() > 1) {
                    expectOneState(collection, cursor, i);
                }
            }
        });
    }

    private void expectOneState(CapturedCollection collection, RecordCursor cursor, int field) throws Exception {
        byte[] before = content(cursor, field);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (InputStream in = cursor.values().get(field).open()) {
            read.write(in.read());
            assumeTrue(changeContent(collection.name(), cursor.key()), "no content can be changed");
            in.transferTo(read);
        } catch (IOException e) {
            return;
        }
        if (cursor.isStable()) {
            byte[] mixed = read.toByteArray();
            byte[] after = content(cursor, field);
            assertThat(mixed)
                    .as("a content of %s that is said to be stable", collection.name())
                    .satisfiesAnyOf(
                            b -> assertThat(b).isEqualTo(before),
                            b -> assertThat(b).isEqualTo(after));
        }
    }

    private static byte[] content(RecordCursor cursor, int field) throws IOException {
        try (InputStream in = cursor.values().get(field).open()) {
            return in.readAllBytes();
        }
    }

    @Test
    void must08_unreadableIsReportedOrFails() throws Exception {
        int all = records().values().stream().mapToInt(Integer::intValue).sum();
        assumeTrue(makeUnreadable(), "nothing can be made unreadable");
        SourceReading reading;
        try {
            reading = read();
        } catch (IOException e) {
            return;
        }
        int come = reading.collections().values().stream()
                .mapToInt(c -> c.records().size())
                .sum();
        List<Problem> problems = reading.problems().stream()
                .filter(p -> p.kind() != Problem.Kind.UNSTABLE)
                .toList();
        assertThat(problems).as("problems reported").isNotEmpty();
        assertThat(come + problems.size()).as("records and problems").isGreaterThanOrEqualTo(all);
    }

    @Test
    void must09_momentShowsNoLaterChange() throws Exception {
        assumeTrue(source().consistency() == Source.Consistency.MOMENT, "the source shows a window");
        SourceReading before = read();
        SourceReading.Context context = new SourceReading.Context(workDirectory);
        try (Capture capture = source().capture(context)) {
            change();
            assertThat(SourceReading.of(capture, context).content()).isEqualTo(before.content());
        }
        assertThat(read().content()).as("the records after a change").isNotEqualTo(before.content());
    }

    @Test
    void must10_closeIsIdempotentAndLeavesNothing() throws Exception {
        Capture capture = source().capture(new SourceReading.Context(workDirectory));
        RecordCursor cursor = capture.read(capture.collections().get(0).name());
        cursor.next();
        cursor.close();
        cursor.close();
        RecordCursor open = capture.read(capture.collections().get(0).name());
        open.next();
        capture.close();
        capture.close();
        open.close();
        try (Stream<Path> left = Files.list(workDirectory)) {
            assertThat(left).as("files left behind").isEmpty();
        }
    }

    @Test
    void must10_captureAfterAnotherIsWhole() throws Exception {
        SourceReading before = read();
        Capture cut = source().capture(new SourceReading.Context(workDirectory));
        RecordCursor cursor = cut.read(cut.collections().get(0).name());
        cursor.next();
        cursor.close();
        cut.close();
        assertThat(read().content()).isEqualTo(before.content());
    }

    @Test
    void must03_recordsWithoutKeysHaveNone() throws Exception {
        forEachRecord((collection, cursor) -> {
            if (!collection.schema().isKeyed()) {
                assertThatThrownBy(cursor::key)
                        .as("key of a record of %s", collection.name())
                        .isInstanceOf(IllegalStateException.class);
            }
        });
    }

    @Test
    void should11_interruptedCaptureStops() throws Exception {
        Thread.currentThread().interrupt();
        try {
            read();
        } catch (IOException e) {
            return;
        } finally {
            Thread.interrupted();
        }
        fail("a capture went on to its end though its thread was interrupted");
    }

    @Test
    void must12_changesLeadFromTheFormerStateToTheOneNow() throws Exception {
        forEachChange((rules, changes) -> rules.expectComplete(changes));
    }

    @Test
    void must13_countsAndKeysTellWhatIsThere() throws Exception {
        forEachChange((rules, changes) -> rules.expectCounts(changes));
    }

    @Test
    void must14_marksAscendAndAreSmall() throws Exception {
        forEachChange((rules, changes) ->
                assertThat(changes.method()).as("how changes are found").isNotBlank());
    }

    @FunctionalInterface
    private interface ChangeVisit {
        void changes(ChangeRules rules, RecordChanges changes) throws Exception;
    }

    /** Changes the system a few times, and visits what the source tells of that, since the capture before or one before that. */
    private void forEachChange(ChangeVisit visit) throws Exception {
        assumeTrue(source().consistency() == Source.Consistency.MOMENT, "the source shows a window");
        Random random = new Random(12);
        Map<String, FormerReading> former = new HashMap<>();
        int told = 0;
        for (int round = 0; round < 12; round++) {
            if (round > 0 && !changeAtRandom(random)) {
                change();
            }
            SourceReading now = read();
            try (Capture capture = source().capture(new SourceReading.Context(workDirectory))) {
                for (CapturedCollection collection : capture.collections()) {
                    String name = collection.name();
                    if (visitChanges(capture, collection, former.get(name), now.collection(name), visit)) {
                        told++;
                    } else {
                        SourceReading.read(capture, collection);
                    }
                    FormerReading marked = FormerReading.of(capture, name, now.collection(name));
                    ChangeRules.expectWellFormed(name, marked.allMarks());
                    if (round % 3 != 2) {
                        former.put(name, marked);
                    }
                }
            }
        }
        assumeTrue(told > 0, "the source tells of no changes");
    }

    private static boolean visitChanges(
            Capture capture,
            CapturedCollection collection,
            @Nullable FormerReading before,
            SourceReading.Collected now,
            ChangeVisit visit)
            throws Exception {
        if (before == null
                || before.allMarks().isEmpty()
                || !before.collected().schema().equals(collection.schema())
                || !(capture.changesSince(collection.name(), before) instanceof ChangeDetection.Found found)) {
            return false;
        }
        try (RecordChanges changes = found.changes()) {
            visit.changes(new ChangeRules(collection, before.collected(), now), changes);
        }
        return true;
    }

    @FunctionalInterface
    private interface Visit {
        void record(CapturedCollection collection, RecordCursor cursor) throws Exception;
    }

    private void forEachRecord(Visit visit) throws Exception {
        try (Capture capture = source().capture(new SourceReading.Context(workDirectory))) {
            for (CapturedCollection collection : capture.collections()) {
                try (RecordCursor cursor = capture.read(collection.name())) {
                    while (cursor.next()) {
                        visit.record(collection, cursor);
                    }
                }
            }
        }
    }

    private SourceReading read() throws Exception {
        return SourceReading.of(source(), workDirectory);
    }
}
