package io.crmbackup.internal.capture;

import io.crmbackup.error.SourceException;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.RecordKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a collection's records into tree order. Records that come by key are passed on, but for those with long keys, whose places may be
 * ordered otherwise among their neighbours: these are sorted in between. Others are all sorted; those without keys by the hash of their
 * rows, and equal ones are numbered. Not thread-safe; close it in any case.
 */
public final class RecordFeed implements RecordIntake, AutoCloseable {
    private static final byte[] NONE = new byte[0];

    private final CapturedCollection collection;
    private final Supplier<ExternalSorter> sorters;
    private final OrderedRecords out;
    private final boolean ordered;
    private @Nullable ExternalSorter sorter;
    private byte @Nullable [] groupKey;
    private byte @Nullable [] lastHash;
    private long occurrence;

    public RecordFeed(CapturedCollection collection, Supplier<ExternalSorter> sorters, OrderedRecords out) {
        this.collection = collection;
        this.sorters = sorters;
        this.out = out;
        this.ordered = collection.order() == CapturedCollection.Order.BY_KEY;
    }

    @Override
    public void add(RecordKey key, byte[] place, byte[] value, byte[] fingerprint) {
        if (ordered && TreeKeys.mayBeOutOfOrder(key.bytes())) {
            if (groupKey == null || !TreeKeys.sharePrefix(groupKey, key.bytes())) {
                endGroup();
                groupKey = key.bytes();
            }
            sort(place, value, fingerprint);
        } else if (ordered) {
            endGroup();
            emit(place, value, fingerprint);
        } else {
            sort(place, value, fingerprint);
        }
    }

    @Override
    public void addKeyless(byte[] rowHash, byte[] value) {
        sort(rowHash, value, NONE);
    }

    /** Passes on what is still held back. */
    public void finish() {
        endGroup();
        drain();
    }

    private void endGroup() {
        if (groupKey != null) {
            drain();
            groupKey = null;
        }
    }

    private void sort(byte[] place, byte[] value, byte[] fingerprint) {
        ExternalSorter open = sorter;
        if (open == null) {
            open = sorters.get();
            sorter = open;
        }
        byte[] both = ByteBuffer.allocate(4 + value.length + fingerprint.length)
                .putInt(value.length)
                .put(value)
                .put(fingerprint)
                .array();
        open.add(place, both);
    }

    private void drain() {
        ExternalSorter open = sorter;
        if (open == null) {
            return;
        }
        boolean keyed = collection.schema().isKeyed();
        SortedRecords cursor = open.sorted();
        while (cursor.next()) {
            Interruption.check();
            byte[] both = cursor.value();
            int length = ByteBuffer.wrap(both).getInt();
            byte[] value = Arrays.copyOfRange(both, 4, 4 + length);
            byte[] fingerprint = Arrays.copyOfRange(both, 4 + length, both.length);
            emit(keyed ? cursor.key() : numbered(cursor.key()), value, fingerprint);
        }
        open.close();
        sorter = null;
    }

    private byte[] numbered(byte[] hash) {
        occurrence = lastHash != null && Arrays.equals(lastHash, hash) ? occurrence + 1 : 0;
        lastHash = hash;
        return ByteBuffer.allocate(hash.length + 8)
                .put(hash)
                .putLong(occurrence)
                .array();
    }

    private void emit(byte[] place, byte[] value, byte[] fingerprint) {
        try {
            out.add(place, value, fingerprint);
        } catch (IllegalArgumentException e) {
            String key = RecordText.key(collection.schema(), RecordKey.of(place));
            throw new SourceException(
                    "collection " + collection.name() + ", " + key
                            + ": the source delivered a key twice, or not in the order that it states",
                    e);
        }
    }

    @Override
    public void close() {
        if (sorter != null) {
            sorter.close();
            sorter = null;
        }
    }
}
