/**
 * Snapshots: how they are found, what they hold, and how one comes to be.
 *
 * <p>Begin with {@code Storage}, what all operations on a repository share. {@code Snapshots} finds restore points in the log; {@code StoredSource} and
 * {@code StoredCollection} are what one holds, to be read; {@code SnapshotReader} reads while others prune. {@code SnapshotWalk} meets every chunk
 * that a snapshot consists of. {@code Commit} makes what was stored a snapshot.
 */
@NullMarked
package io.crmbackup.internal.snapshot;

import org.jspecify.annotations.NullMarked;
