package io.crmbackup.internal.manifest;

import io.crmbackup.report.SnapshotId;

/**
 * Where a copied snapshot was made: copies of copies have the same origin.
 *
 * @param repository the id of the repository in which the backup ran
 * @param snapshot its id there
 */
public record Origin(String repository, SnapshotId snapshot) {}
