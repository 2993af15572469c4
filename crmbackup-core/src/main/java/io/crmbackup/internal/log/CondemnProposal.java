package io.crmbackup.internal.log;

import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import java.util.Optional;

/**
 * A condemn: every chunk of every live snapshot has a good copy outside the packs. Marking is dear, so after other
 * entries the
 * result is kept up instead: a commit can only have come to need what it relies on; an expire, a sweep, keys, a join
 * and a
 * reindex need nothing new; only another condemn may have taken the very copies that were counted on, and makes marking
 * necessary again.
 */
final class CondemnProposal implements Proposal {
    private final Marking marking;
    private Optional<LogEntry.Condemn> marked = Optional.empty();
    private boolean toBeMarked = true;

    CondemnProposal(Marking marking) {
        this.marking = marking;
    }

    @Override
    public Optional<LogEntry> entry(LogState before) {
        if (toBeMarked) {
            marked = marking.mark(before);
            toBeMarked = false;
        }
        marked.ifPresent(condemn -> check(condemn, before));
        return marked.filter(condemn ->
                        !condemn.packs().isEmpty() || !condemn.indexes().isEmpty())
                .map(condemn -> condemn);
    }

    @Override
    public void overtakenBy(LogEntry other) {
        if (other instanceof LogEntry.Condemn) {
            toBeMarked = true;
        } else if (other instanceof LogEntry.Commit commit) {
            marked = marked.map(
                    condemn -> new LogEntry.Condemn(condemn.packs().minus(commit.relies()), condemn.indexes()));
        }
    }

    private static void check(LogEntry.Condemn condemn, LogState before) {
        IdSet again = condemn.packs().intersect(before.condemned());
        if (!again.isEmpty()) {
            throw new IllegalArgumentException("packs are condemned already: " + again);
        }
        for (IndexRef index : condemn.indexes()) {
            ObjectId id = index.id();
            if (!index.packs().intersect(before.condemned()).isEmpty()
                    || !index.packs().intersect(condemn.packs()).isEmpty()
                    || before.dropped().contains(id)) {
                throw new IllegalArgumentException("index " + id + " lists packs that are condemned, or was dropped");
            }
        }
    }
}
