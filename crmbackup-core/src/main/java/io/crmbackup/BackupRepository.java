package io.crmbackup;

import io.crmbackup.report.BackupReport;
import io.crmbackup.report.CopyReport;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.report.RepairReport;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.VerifyReport;
import io.crmbackup.spi.Sink;
import io.crmbackup.spi.Source;
import java.util.Collection;
import java.util.List;

/**
 * An open repository: snapshots of any number of plans under one sink. Thread-safe; several may be open on one sink at once, in one process
 * or many. Blocking methods end with {@link io.crmbackup.error.BackupCancelledException} soon after their thread is interrupted.
 *
 * <p>It does not lock, schedule, or keep threads after {@link #close()}; nothing has to be unlocked after a crash.
 */
public interface BackupRepository extends AutoCloseable {
    /** Begins to create or open the repository that is kept in a sink, which is closed together with the repository. */
    static BackupRepositoryBuilder on(Sink sink) {
        return new BackupRepositoryBuilder(sink);
    }

    /** The repository's id: 32 hexadecimal digits. */
    String id();

    /**
     * A short text that stands for everything in the repository as far as this handle has read its history. Kept outside of the store, as in the
     * application's own database, and given to {@link BackupRepositoryBuilder#expect}, it makes sure that the store was not rolled back to
     * an earlier state or exchanged for another.
     */
    String checkpoint();

    /** Backs up by the plan's own strategy; see {@link #backup(BackupPlan, BackupStrategy)}. */
    default BackupReport backup(BackupPlan plan) {
        return backup(plan, plan.strategy());
    }

    /**
     * Backs up all sources of a plan into one new snapshot. When it returns, the snapshot is durable. Damage of the snapshot that changes would be
     * measured against makes it a full backup, whose report gives the reason: what is damaged never keeps the system from being backed up.
     *
     * @throws IllegalArgumentException if the repository lies within a source
     * @throws io.crmbackup.error.IncompleteBackupException if something could not be read; a partial snapshot is kept
     * @throws io.crmbackup.error.SourceException if a source could not be captured at all; no snapshot is kept
     * @throws io.crmbackup.error.SinkException if the sink failed; no snapshot is kept
     * @throws io.crmbackup.error.CommitConflictException if what it builds on expired and was pruned away while it ran, with a quarantine shorter than
     *     the backup; no snapshot is kept
     * @throws io.crmbackup.error.CommitStateUnknownException if the sink did not tell whether the snapshot was kept
     * @throws io.crmbackup.error.BackupCancelledException if the thread was interrupted; no snapshot is kept
     */
    BackupReport backup(BackupPlan plan, BackupStrategy strategy);

    /** The snapshots of a plan, newest first: in the reverse of the order in which they were committed. */
    List<Snapshot> snapshots(String plan);

    /** All snapshots, newest first. */
    List<Snapshot> snapshots();

    /**
     * Finds a snapshot by the beginning of its id.
     *
     * @throws io.crmbackup.error.SnapshotNotFoundException if none or several begin so
     */
    Snapshot snapshot(String idPrefix);

    /** Restores at once: {@link #prepare} and {@link PreparedRestore#execute}. */
    default RestoreReport restore(RestorePlan plan) {
        try (PreparedRestore restore = prepare(plan)) {
            return restore.execute();
        }
    }

    /**
     * Thinks a restore through without any effect.
     *
     * @throws IllegalArgumentException if the plan names a source, collection or field that the snapshot doesn't have
     * @throws io.crmbackup.error.SnapshotNotFoundException if no snapshot fits
     */
    PreparedRestore prepare(RestorePlan plan);

    /**
     * Compares two snapshots, record by record and field by field.
     *
     * @throws io.crmbackup.error.SnapshotNotFoundException if there is no such snapshot
     */
    SnapshotDiff diff(SnapshotId older, SnapshotId newer);

    /**
     * Works out the {@link PortableDigest} of each collection of a snapshot: it is equal for equal data of any database system. Nothing is stored, as
     * it follows from the records, all of which are read.
     *
     * @throws io.crmbackup.error.SnapshotNotFoundException if there is no such snapshot
     * @throws io.crmbackup.error.DamagedObjectException if a record can't be read
     * @throws io.crmbackup.error.SinkException if the sink failed
     * @throws io.crmbackup.error.BackupCancelledException if the thread was interrupted
     */
    List<PortableDigest> portableDigests(SnapshotId snapshot);

    /**
     * The same for one collection; only that is read.
     *
     * @throws IllegalArgumentException if the snapshot has no such source or collection
     */
    PortableDigest portableDigest(SnapshotId snapshot, String source, String collection);

    /**
     * Works out the {@link PortableDigest} of each collection of a system as it is now, to be held against those of a snapshot. Nothing is stored; the
     * repository only lends its work directory.
     *
     * @param name what the source is called in the result
     * @throws io.crmbackup.error.SourceException if the source can't be captured, or something in it can't be read
     * @throws io.crmbackup.error.BackupCancelledException if the thread was interrupted
     */
    List<PortableDigest> portableDigests(String name, Source source);

    /** Proves that what is stored can be restored, as deep as asked for. Damage is reported, not thrown. */
    VerifyReport verify(VerifyDepth depth);

    /**
     * Makes damage good as far as can be: looks for damaged packs as {@link #verify} does, and in any case at those that were found damaged since the
     * repository was opened; stores anew what can be read of them, or of other copies of the same data; and gives up those that no snapshot needs
     * any more. A full backup that stores everything anew leaves such copies ({@link BackupStrategy#selfContained}). Nothing is deleted: what was given
     * up stays in the store until it is pruned.
     *
     * <p>What has no good copy stays damaged, and is reported. If the system still has the data, a {@link BackupStrategy#full() full} backup with this
     * handle stores them again, for the older snapshots too. Otherwise, {@link #copyTo} brings all snapshots of a second repository into a new one.
     *
     * @throws io.crmbackup.error.SinkException if the sink failed; what was stored by then does no harm
     * @throws io.crmbackup.error.BackupCancelledException if the thread was interrupted; as above
     */
    RepairReport repair(VerifyDepth depth);

    /** Thinks through which of a plan's snapshots its own rule drops; see {@link #expire(String, Retention)}. */
    default PreparedExpire expire(BackupPlan plan) {
        return expire(plan.name(), plan.retention());
    }

    /**
     * Thinks through which of a plan's snapshots a rule drops, without any effect: {@link PreparedExpire#commit()} drops them.
     *
     * @throws IllegalArgumentException if the rule would keep nothing
     */
    PreparedExpire expire(String plan, Retention retention);

    /**
     * Thinks through dropping exactly these snapshots, of whatever plans. No rule protects any: the only snapshot of a plan goes as well.
     *
     * @throws io.crmbackup.error.SnapshotNotFoundException if one of them is not there
     * @throws IllegalArgumentException if none is named
     */
    PreparedExpire expire(Collection<SnapshotId> snapshots);

    /** Copies as fast as it can; see {@link #copyTo(BackupRepository, SnapshotSelection, Limits)}. */
    default CopyReport copyTo(BackupRepository other, SnapshotSelection selection) {
        return copyTo(other, selection, Limits.none());
    }

    /**
     * Copies snapshots into another repository, which may have other keys and parameters: a second copy of the data that shares nothing with the
     * first. Each is read, stored by the rules of the other repository, read back from there, compared, and then committed; they come
     * oldest first, and but for the first of a plan only what changed is read; all of it if the one before is damaged in either of the two. Both
     * repositories stay in use meanwhile.
     *
     * <p>A copy has the plan, moment, strategy, state, problems, references and sizes of its original; but {@code bytesStored} tells what was stored
     * for the copy. It has an id of its own, and remembers its origin: what is there already is not copied again, so that a copy that was cut
     * off, or a new one after more backups, goes on where the last one ended, and a copy of a copy counts as one of the original. The snapshot that it
     * was measured against is named if that was copied too. A self-contained snapshot is copied whole, and is self-contained there.
     *
     * <p>Snapshots older than what the other repository has of their plan are passed over: they would look like the latest there, and those that were
     * expired there would come back each time. Two copies that run at the same time may copy a snapshot twice.
     *
     * @param limits what may be taken from the system; the rate limits reading from both repositories
     * @throws IllegalArgumentException if the other is the same repository or none of this library's, or a snapshot that is named by its id would be
     *     passed over; nothing was copied
     * @throws io.crmbackup.error.SnapshotNotFoundException if a snapshot that is named, or any snapshot of the plan that is named, does not exist
     * @throws io.crmbackup.error.DamagedObjectException if a snapshot can't be read; those copied before it are kept, and later ones can be copied by
     *     naming them
     * @throws io.crmbackup.error.VerificationFailedException if what was stored is not what was read; as above
     * @throws io.crmbackup.error.SinkException if one of the sinks failed; as above
     * @throws io.crmbackup.error.CommitStateUnknownException if the other sink did not tell whether a snapshot was kept
     * @throws io.crmbackup.error.BackupCancelledException if the thread was interrupted; as above
     */
    CopyReport copyTo(BackupRepository other, SnapshotSelection selection, Limits limits);

    /** Thinks a prune through as {@link #prune(PruneOptions)} does, with {@link PruneOptions#standard()}. */
    default PreparedPrune prune() {
        return prune(PruneOptions.standard());
    }

    /**
     * Thinks through what can be reclaimed: what only expired snapshots needed, and what backups left that did not end. Has no effect; {@link PreparedPrune#commit()} has. Backups, restores and other
     * prunes can go on meanwhile, in any process.
     *
     * @throws io.crmbackup.error.DamagedObjectException if something that a snapshot needs can't be found
     */
    PreparedPrune prune(PruneOptions options);

    /** Releases everything, the sink included; waits for nothing. Idempotent. Operations that are still running fail. */
    @Override
    void close();
}
