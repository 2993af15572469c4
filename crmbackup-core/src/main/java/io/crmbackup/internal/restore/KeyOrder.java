package io.crmbackup.internal.restore;

import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.RecordDecoder;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.Closeable;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is stored, by key. Trees have it by place, which is the same but for long keys: those that share their first bytes come one after the
 * other, but in any order, and are sorted in between, as {@code RecordFeed} does the other way round. Not thread-safe; close it in any case.
 */
final class KeyOrder implements Closeable {
    private final Entries records;
    private final BiFunction<byte[], byte[], RecordKey> keys;
    private final Supplier<ExternalSorter> sorters;
    private @Nullable ExternalSorter sorter;
    private @Nullable SortedRecords sorted;
    /** Whether the record that the places are at, behind those that were sorted, is still to come. */
    private boolean ahead;

    /** What is stored, in tree order. */
    interface Entries {
        boolean next();

        byte[] place();

        byte[] value();

        /** Whether {@link TreeKeys#mayBeOutOfOrder} holds for the place. */
        default boolean mayBeOutOfOrder() {
            return TreeKeys.mayBeOutOfOrder(place());
        }

        /** The row that the value holds, see {@link RecordDecoder#rowAtHand}. */
        default @Nullable EncodedRow rowAtHand(RecordDecoder decoder) {
            byte[] value = value();
            return decoder.rowAtHand(value, 0, value.length);
        }
    }

    /** The order by keys, which are made of places and values. */
    KeyOrder(Entries records, BiFunction<byte[], byte[], RecordKey> keys, Supplier<ExternalSorter> sorters) {
        this.records = records;
        this.keys = keys;
        this.sorters = sorters;
    }

    /** Stored records by key. */
    static RecordCursor records(Entries records, RecordDecoder decoder, Supplier<ExternalSorter> sorters) {
        KeyOrder order = new KeyOrder(records, decoder::key, sorters);
        return new RecordCursor() {
            @Override
            public boolean next() {
                return order.next();
            }

            @Override
            public RecordKey key() {
                return order.key();
            }

            @Override
            public List<FieldValue> values() {
                return decoder.values(order.value());
            }

            @Override
            public @Nullable EncodedRow rowAtHand() {
                return order.rowAtHand(decoder);
            }

            @Override
            public void close() {
                order.close();
            }
        };
    }

    boolean next() {
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
        if (ahead && records.mayBeOutOfOrder()) {
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
            open.add(keys.apply(records.place(), value).bytes(), value);
            ahead = records.next();
        } while (ahead && TreeKeys.sharePrefix(first, records.place()));
        SortedRecords group = open.sorted();
        sorted = group;
        return group;
    }

    RecordKey key() {
        return sorted == null ? keys.apply(records.place(), records.value()) : RecordKey.of(sorted.key());
    }

    byte[] value() {
        return sorted == null ? records.value() : sorted.value();
    }

    private @Nullable EncodedRow rowAtHand(RecordDecoder decoder) {
        if (sorted == null) {
            return records.rowAtHand(decoder);
        }
        byte[] value = sorted.value();
        return decoder.rowAtHand(value, 0, value.length);
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
