package io.crmbackup.internal.capture;

import io.crmbackup.internal.snapshot.StoredCollection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds records of the base that did not change since: those with an equal fingerprint. Look-ups in ascending order are a merge that reads
 * each node once; others seek. Not thread-safe.
 */
public final class BaseRecords {
    private final RecordLookUp fingerprints;
    private final RecordLookUp content;

    public BaseRecords(StoredCollection base) {
        fingerprints = new RecordLookUp(base.trees().scan(base.manifest().fingerprints()));
        content = new RecordLookUp(base.records());
    }

    /** The value of the record at this place if its fingerprint is this one, else null. */
    byte @Nullable [] unchanged(byte[] place, byte[] fingerprint) {
        if (fingerprint.length == 0) {
            return null;
        }
        byte[] known = fingerprints.find(place);
        return known != null && Arrays.equals(known, fingerprint) ? content.find(place) : null;
    }
}
