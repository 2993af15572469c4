package io.crmbackup.internal.sort;

/** Records in ascending order of their keys; those with equal keys in the order in which they were added. Not thread-safe. */
public interface SortedRecords {
    /**
     * Steps to the next record and tells whether there is one.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a temporary file was altered
     * @throws io.crmbackup.error.BackupException if the work directory can't be read
     */
    boolean next();

    /** The current record's key; not to be changed. */
    byte[] key();

    /** The current record's value; not to be changed. */
    byte[] value();
}
