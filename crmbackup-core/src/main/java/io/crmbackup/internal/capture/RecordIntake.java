package io.crmbackup.internal.capture;

import io.crmbackup.spi.RecordKey;

/** Takes the records of a collection as they come. */
public interface RecordIntake {
    /** Takes a record with a key. */
    void add(RecordKey key, byte[] place, byte[] value, byte[] fingerprint);

    /** Takes a record without a key, by the hash of its row. */
    void addKeyless(byte[] rowHash, byte[] value);
}
