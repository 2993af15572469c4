package io.crmbackup.internal.log;

import io.crmbackup.error.CommitConflictException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectRole;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A commit: everything that it relies on is listed and not condemned, and its parents are live. */
final class CommitProposal implements Proposal {
    /** Repairs after which it gives up: only a prune that runs all the time makes that many necessary. */
    static final int MAX_REPAIRS = 3;

    private final CommitRepair repair;
    private LogEntry.Commit commit;
    private int repairs;

    CommitProposal(LogEntry.Commit commit, CommitRepair repair) {
        this.commit = commit;
        this.repair = repair;
    }

    @Override
    public Optional<LogEntry> entry(LogState before) {
        for (CommitConflict conflict = conflict(before); !conflict.isNone(); conflict = conflict(before)) {
            if (repairs++ == MAX_REPAIRS) {
                throw new CommitConflictException("what the backup relies on was removed " + repairs
                        + " times while it ran; nothing was committed. Run it again while no prune runs");
            }
            commit = repair.repair(commit, conflict, before);
        }
        List<IndexRef> unnamed = stillToName(before);
        return Optional.of(new LogEntry.Commit(commit.snapshot(), commit.parents(), unnamed, commit.relies()));
    }

    private CommitConflict conflict(LogState before) {
        IdSet relies = commit.relies();
        IdSet goneParents = IdSet.of(
                commit.parents().stream().filter(id -> !before.isLive(id)).toList());
        IdSet condemned = relies.intersect(before.condemned());
        // Only condemned packs ever stop being listed, so anything else was never put into an index.
        IdSet unlisted = relies.minus(condemned).minus(before.known()).minus(packs(commit.indexes()));
        if (!unlisted.isEmpty()) {
            throw new DamagedObjectException(
                    ObjectRole.PACK.name(unlisted.iterator().next()),
                    "is relied on, but no index that the log names lists it (" + unlisted.size()
                            + " such packs); nothing was committed");
        }
        return new CommitConflict(condemned, goneParents);
    }

    /**
     * An index may have been named by now by someone else, and even been dropped again: then its object may be gone. So
     * may that of an index whose packs are all condemned, and it has nothing to tell any more.
     */
    private List<IndexRef> stillToName(LogState before) {
        return commit.indexes().stream()
                .filter(index -> !before.indexes().containsKey(index.id()))
                .filter(index -> !before.dropped().contains(index.id()))
                .filter(index -> !before.condemned().containsAll(index.packs()))
                .toList();
    }

    private static IdSet packs(List<IndexRef> indexes) {
        Stream<IdSet> sets = indexes.stream().map(IndexRef::packs);
        return Fold.packs(sets.toList());
    }
}
