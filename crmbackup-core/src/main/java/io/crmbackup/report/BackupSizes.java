package io.crmbackup.report;

/**
 * How much a backup read, found changed, and stored, in bytes.
 *
 * @param bytesRead bytes of rows and file contents that the source delivered
 * @param bytesChanged plain bytes of the records, file contents included, that were added or changed since the base; all of them if there is
 *     no base
 * @param bytesRemoved plain bytes, as they were in the base, of the records that are gone
 * @param bytesStored length of all objects that were stored for it, padding included, but for the entry of a few hundred bytes in the log
 */
public record BackupSizes(long bytesRead, long bytesChanged, long bytesRemoved, long bytesStored) {}
