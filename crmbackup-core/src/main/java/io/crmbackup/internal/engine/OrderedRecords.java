package io.crmbackup.internal.engine;

/** Takes records in tree order. */
interface OrderedRecords {
    /** Takes a record; throws {@link IllegalArgumentException} if its place is not above the last one. */
    void add(byte[] place, byte[] value, byte[] fingerprint);
}
