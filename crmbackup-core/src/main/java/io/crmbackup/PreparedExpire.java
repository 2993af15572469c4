package io.crmbackup;

import java.util.List;

/** What an expire would do, thought through without any effect. Holds nothing that has to be released. Not thread-safe. */
public interface PreparedExpire {
    /** The snapshots that stay, newest first, each with the reasons why. */
    List<KeptSnapshot> kept();

    /** The snapshots that {@link #commit()} drops, newest first. */
    List<Snapshot> expired();

    /**
     * Drops the snapshots: from now on nobody finds them. Their data stays until a {@linkplain BackupRepository#prune(PruneOptions) prune}, and whoever reads one goes on until then.
     *
     * <p>The rule is asked again about the snapshots as they are at that very moment, however many clients work at once. Only what was shown by {@link #expired()} is dropped, and of that only what the rule still
     * doesn't keep: never more than was shown. Calling it again does no harm.
     *
     * @return what was dropped, newest first
     * @throws io.crmbackup.error.CommitStateUnknownException if the sink did not tell whether the snapshots were dropped
     */
    List<Snapshot> commit();
}
