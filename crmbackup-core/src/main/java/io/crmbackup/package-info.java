/**
 * The front door: a {@link io.crmbackup.BackupPlan} says what is backed up, a {@link io.crmbackup.BackupRepository} keeps the snapshots, a
 * {@link io.crmbackup.RestorePlan} says what is restored from which snapshot, and where to.
 *
 * <p>Three lifetimes: the repository is an open, thread-safe handle that is closed at the end; plans are immutable recipes without secrets
 * that do no I/O; snapshots and reports are results.
 */
@NullMarked
package io.crmbackup;

import org.jspecify.annotations.NullMarked;
