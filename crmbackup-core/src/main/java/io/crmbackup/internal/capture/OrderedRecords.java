package io.crmbackup.internal.capture;

/** Takes records in tree order. */
public interface OrderedRecords {
    /** Takes a record; throws {@link IllegalArgumentException} if its place is not above the last one. */
    void add(byte[] place, byte[] value, byte[] fingerprint);
}
