/**
 * What a repository does: each operation a class that goes straight from its plan to its report.
 *
 * <ul>
 *   <li>Open: {@code RepositoryOpener} creates and opens, {@code OpenRepository} starts operations, {@code Storage} is what they share, {@code
 *       Snapshots} finds restore points in the log, {@code StoredSource} and {@code StoredCollection} are what a snapshot holds.
 *   <li>Back up: {@code BackupRun} is the line. {@code StrategyChoice} says against which base; {@code PlanCapture} captures the sources, windows
 *       twice around a moment; {@code SourceCapture} and {@code CollectionCapture} read one, take what did not change from {@code BaseRecords}, and
 *       hand the rest to a {@code RecordFeed}, which brings it into tree order; {@code FileChecks} holds records against the files that they refer to;
 *       {@code RunChanges} counts; {@code Commit} makes it a snapshot.
 *   <li>Restore: {@code RestoreRun} is the line. {@code RestoreSelection} resolves what is asked for, with {@code SelectionResolver} and {@code RecordLinks};
 *       targets preview and write; {@code ReadBack} proves.
 *   <li>Copy: {@code CopyRun} is the line. {@code KnownCopies} recognises what the other repository has; {@code SnapshotCopy} copies, reads back and commits.
 *   <li>Compare: {@code DiffRun}. Expire: {@code ExpireRun}. Prune: package {@code prune}, and {@code SnapshotReader} for those who read meanwhile. Verify: {@code VerifyRun}, with {@code PackCheck} for what is stored and {@code Harm} for what damage does. Repair: {@code RepairRun}.
 * </ul>
 *
 * <p>Failures keep their side: what a source does is a {@link io.crmbackup.error.SourceException}, a sink a {@link
 * io.crmbackup.error.SinkException}, a target a {@link io.crmbackup.error.TargetException}. An {@link java.io.IOException} is only ever a source's or
 * a target's: the sink's are turned into unchecked ones where they arise.
 */
@NullMarked
package io.crmbackup.internal.engine;

import org.jspecify.annotations.NullMarked;
