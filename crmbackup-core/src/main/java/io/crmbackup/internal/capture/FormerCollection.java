package io.crmbackup.internal.capture;

import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.record.ApartValues;
import io.crmbackup.internal.record.BlobStore;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.store.Likeness;
import io.crmbackup.internal.tree.FormerTree;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A collection as the plan's latest snapshot has it: what its new chunks resemble, each the one whose place it takes. Nothing is read before
 * there is something new. Not thread-safe.
 */
public final class FormerCollection {
    /** There is no such collection, or nothing new may resemble it. */
    public static final FormerCollection NONE = new FormerCollection(null);

    private final @Nullable StoredCollection stored;
    private @Nullable RecordLookUp records;

    public FormerCollection(@Nullable StoredCollection stored) {
        this.stored = stored;
    }

    /** What stores values that may resemble those of this collection. */
    BlobStore blobs(ChunkerParameters parameters, ChunkWriter writer) {
        return stored == null ? new BlobStore(parameters, writer) : new BlobStore(parameters, writer, stored.reader());
    }

    /**
     * The dictionary that its chunks were compressed with, if it has one.
     *
     * @param base the collection that unchanged records are taken from: if this one has no dictionary, an earlier walk of the same run may have
     */
    @Nullable
    public ChunkId dictionary(@Nullable StoredCollection base) {
        ChunkId dictionary = stored == null ? null : stored.manifest().dictionary();
        return dictionary != null || base == null ? dictionary : base.manifest().dictionary();
    }

    public Likeness schema() {
        return stored == null ? Likeness.NONE : () -> stored.manifest().schema();
    }

    FormerTree content() {
        return stored == null
                ? FormerTree.NONE
                : stored.former(stored.manifest().content());
    }

    FormerTree fingerprints() {
        return stored == null
                ? FormerTree.NONE
                : stored.former(stored.manifest().fingerprints());
    }

    /** What of the record at a place lies apart; looked up once, when it is asked for. */
    Supplier<ApartValues> record(byte[] place) {
        return stored == null ? () -> ApartValues.NONE : new FormerRecord(stored, place);
    }

    private final class FormerRecord implements Supplier<ApartValues> {
        private final StoredCollection collection;
        private final byte[] place;
        private @Nullable ApartValues found;

        FormerRecord(StoredCollection collection, byte[] place) {
            this.collection = collection;
            this.place = place;
        }

        @Override
        public ApartValues get() {
            ApartValues apart = found;
            if (apart == null) {
                byte[] value = lookUp(collection).find(place);
                apart = value == null ? ApartValues.NONE : collection.decoder().apartValues(value);
                found = apart;
            }
            return apart;
        }
    }

    private RecordLookUp lookUp(StoredCollection collection) {
        RecordLookUp open = records;
        if (open == null) {
            open = new RecordLookUp(collection.records());
            records = open;
        }
        return open;
    }
}
