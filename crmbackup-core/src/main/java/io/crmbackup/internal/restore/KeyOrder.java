package io.crmbackup.internal.restore;

import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.RecordDecoder;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stored records by key. Trees have them by place, which is the same but for long keys: those that share their first bytes come one after the
 * other, but in any order, and are sorted in between, as {@code RecordFeed} does the other way round. Not thread-safe; close it in any case.
 */
final class KeyOrder implements RecordCursor {
    private final SelectedRecords.Places records;
    private final RecordDecoder decoder;
    private final Supplier<ExternalSorter> sorters;
    private @Nullable ExternalSorter sorter;
    private @Nullable SortedRecords sorted;
    /** Whether the record that the places are at, behind those that were sorted, is still to come. */
    private boolean ahead;

    KeyOrder(SelectedRecords.Places records, RecordDecoder decoder, Supplier<ExternalSorter> sorters) {
        this.records = records;
        this.decoder = decoder;
        this.sorters = sorters;
    }

    @Override
    public boolean next() {
        SortedRecords group = sorted;
        if (group != null) {
            Interruption.check();
            if (group.next()) {
                return true;
            }
            close();
        } else {
            ahead = records.next();
        }
        if (ahead && TreeKeys.mayBeOutOfOrder(records.place())) {
            return sort().next();
        }
        return ahead;
    }

    private SortedRecords sort() {
        ExternalSorter open = sorters.get();
        sorter = open;
        byte[] first = records.place();
        do {
            byte[] value = records.value();
            open.add(decoder.key(records.place(), value).bytes(), value);
            ahead = records.next();
        } while (ahead && TreeKeys.sharePrefix(first, records.place()));
        SortedRecords group = open.sorted();
        sorted = group;
        return group;
    }

    @Override
    public RecordKey key() {
        return sorted == null ? decoder.key(records.place(), records.value()) : RecordKey.of(sorted.key());
    }

    @Override
    public List<FieldValue> values() {
        return decoder.values(sorted == null ? records.value() : sorted.value());
    }

    @Override
    public void close() {
        sorted = null;
        if (sorter != null) {
            sorter.close();
            sorter = null;
        }
    }
}
