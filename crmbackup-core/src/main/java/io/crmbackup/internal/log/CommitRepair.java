package io.crmbackup.internal.log;

import io.crmbackup.error.CommitConflictException;

/** Makes a commit good again after others changed the log. */
@FunctionalInterface
public interface CommitRepair {
    /** Gives up: what was uploaded stays behind unreferenced, for prune to reclaim. */
    CommitRepair NONE = (rejected, conflict, state) -> {
        throw new CommitConflictException("what the backup relies on was removed while it ran; nothing was committed");
    };

    /**
     * Returns a commit to try instead. For each chunk whose copy, or whose copy's base, lies in a condemned pack it
     * takes another good copy or stores the chunk again in a pack of a <em>new</em> name; for each parent that is
     * gone it takes
     * another live snapshot with these chunks, or looks every chunk up. New indexes, and a new manifest if it names
     * packs, are
     * stored before this returns.
     *
     * @param rejected the commit that does not hold
     * @param conflict what about it does not hold
     * @param state the log that it has to follow
     * @throws io.crmbackup.error.BackupException if there is nothing to store a chunk again from
     */
    LogEntry.Commit repair(LogEntry.Commit rejected, CommitConflict conflict, LogState state);
}
