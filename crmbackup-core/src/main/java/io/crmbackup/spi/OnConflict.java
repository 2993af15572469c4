package io.crmbackup.spi;

/** What a restore does with a record that the target has already. */
public enum OnConflict {
    /** Refuse the whole restore before anything is written. */
    FAIL,
    /** Leave the target's record as it is. */
    SKIP,
    /** Put the restored record in its place. */
    REPLACE
}
