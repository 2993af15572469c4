package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/** Holds what a source says of changes in one collection against what it delivers before and after. */
final class ChangeRules {
    private final CapturedCollection collection;
    private final SourceReading.Collected before;
    private final SourceReading.Collected now;

    ChangeRules(CapturedCollection collection, SourceReading.Collected before, SourceReading.Collected now) {
        this.collection = collection;
        this.before = before;
        this.now = now;
    }

    private List<SourceReading.Read> changed(RecordChanges changes) throws IOException {
        List<SourceReading.Read> changed = new ArrayList<>();
        try (RecordCursor cursor = changes.changed()) {
            while (cursor.next()) {
                changed.add(SourceReading.read(collection.schema(), cursor));
            }
        }
        return changed;
    }

    void expectComplete(RecordChanges changes) throws IOException {
        List<SourceReading.Read> changed = changed(changes);
        if (!collection.schema().isKeyed()) {
            assertThat(changed)
                    .as("changes told of %s, which has no key", collection.name())
                    .isEmpty();
            assertThat(now.values())
                    .as("records of %s, of which no changes were told", collection.name())
                    .containsExactlyInAnyOrderElementsOf(before.values());
            return;
        }
        Map<RecordKey, Object> known = new HashMap<>();
        before.records().forEach(record -> known.put(record.key(), record.values()));
        assertThat(changed.stream().map(SourceReading.Read::key))
                .as("keys of changed records of %s", collection.name())
                .doesNotHaveDuplicates();
        changed.forEach(record -> known.put(record.key(), record.values()));
        now.records()
                .forEach(record -> assertThat(known.get(record.key()))
                        .as("record %s of %s, as changes tell it", record.key(), collection.name())
                        .isEqualTo(record.values()));
    }

    void expectCounts(RecordChanges changes) throws IOException {
        // In the order in which the engine asks.
        changed(changes);
        assertThat(changes.count())
                .as("records of %s now", collection.name())
                .isEqualTo(now.records().size());
        if (!collection.schema().isKeyed()) {
            return;
        }
        List<RecordKey> there =
                now.records().stream().map(SourceReading.Read::key).sorted().toList();
        expectKeys(changes, KeyRange.ALL, there);
        if (collection.order() != CapturedCollection.Order.BY_KEY) {
            return;
        }
        Random random = new Random(there.size());
        TreeSet<RecordKey> known = new TreeSet<>(there);
        before.records().forEach(record -> known.add(record.key()));
        for (int i = 0; i < 10; i++) {
            List<RecordKey> bounds =
                    known.stream().filter(key -> random.nextInt(3) == 0).toList();
            expectCounts(changes, bounds, there);
        }
    }

    /** Counts between all bounds, then between those inside the first and the last, and the keys there. */
    private void expectCounts(RecordChanges changes, List<RecordKey> bounds, List<RecordKey> there) throws IOException {
        expectCounts(changes, KeyRange.ALL, bounds, there);
        expectKeys(changes, bounds, there);
        if (bounds.size() > 1) {
            KeyRange inside = new KeyRange(bounds.get(0), bounds.get(bounds.size() - 1));
            expectCounts(changes, inside, bounds.subList(1, bounds.size() - 1), there);
            expectKeys(changes, inside, there.stream().filter(inside::contains).toList());
            expectKeys(
                    changes,
                    new KeyRange(null, bounds.get(0)),
                    there.stream()
                            .filter(key -> key.compareTo(bounds.get(0)) < 0)
                            .toList());
        }
    }

    private void expectCounts(RecordChanges changes, KeyRange range, List<RecordKey> bounds, List<RecordKey> there)
            throws IOException {
        long[] expected = new long[bounds.size() + 1];
        there.stream().filter(range::contains).forEach(key -> {
            int above = (int)
                    bounds.stream().filter(bound -> bound.compareTo(key) <= 0).count();
            expected[above]++;
        });
        assertThat(changes.counts(range, bounds))
                .as("records of %s between bounds", collection.name())
                .isEqualTo(expected);
    }

    /** The keys in every other part, asked for at once. */
    private void expectKeys(RecordChanges changes, List<RecordKey> bounds, List<RecordKey> there) throws IOException {
        List<KeyRange> ranges = new ArrayList<>();
        for (int i = 0; i <= bounds.size(); i += 2) {
            ranges.add(new KeyRange(i == 0 ? null : bounds.get(i - 1), i == bounds.size() ? null : bounds.get(i)));
        }
        List<RecordKey> keys = new ArrayList<>();
        try (KeyCursor cursor = changes.keys(ranges)) {
            while (cursor.next()) {
                keys.add(cursor.key());
            }
        }
        assertThat(keys)
                .as("keys of %s in %s ranges, in order", collection.name(), ranges.size())
                .isEqualTo(there.stream()
                        .filter(key -> ranges.stream().anyMatch(range -> range.contains(key)))
                        .toList());
    }

    private void expectKeys(RecordChanges changes, KeyRange range, List<RecordKey> expected) throws IOException {
        List<RecordKey> keys = new ArrayList<>();
        try (KeyCursor cursor = changes.keys(range)) {
            while (cursor.next()) {
                keys.add(cursor.key());
            }
        }
        if (collection.order() == CapturedCollection.Order.BY_KEY) {
            assertThat(keys)
                    .as("keys of %s in a range, in order", collection.name())
                    .isEqualTo(expected);
        } else {
            assertThat(keys).as("keys of %s", collection.name()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    static void expectWellFormed(String collection, List<FormerReading.Mark> marks) {
        byte[] last = {};
        for (FormerReading.Mark mark : marks) {
            assertThat(mark.key().length)
                    .as("length of a mark's key of %s", collection)
                    .isBetween(1, MarkCursor.LONGEST_KEY);
            assertThat(mark.value().length)
                    .as("length of a mark's value of %s", collection)
                    .isBetween(1, MarkCursor.LONGEST_VALUE);
            assertThat(Arrays.compareUnsigned(last, mark.key()))
                    .as("order of marks of %s", collection)
                    .isNegative();
            last = mark.key();
        }
    }
}
