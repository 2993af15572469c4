package io.crmbackup.internal.log;

import io.crmbackup.internal.object.IdSet;
import java.util.List;
import java.util.Optional;

/**
 * A reindex: what it drops is still there, and what it adds lists every pack in it that is not condemned. An index whose packs are all condemned by
 * then is not added: it has nothing to tell, and its object may be gone.
 */
final class ReindexProposal implements Proposal {
    private final LogEntry.Reindex reindex;

    ReindexProposal(LogEntry.Reindex reindex) {
        this.reindex = reindex;
    }

    @Override
    public Optional<LogEntry> entry(LogState before) {
        IdSet named = IdSet.of(before.indexes().keySet());
        if (!named.containsAll(reindex.drop())) {
            return Optional.empty(); // another reindex was faster
        }
        for (IndexRef index : reindex.add()) {
            if (named.contains(index.id()) || before.dropped().contains(index.id())) {
                throw new IllegalArgumentException("index " + index.id() + " is not new");
            }
        }
        IdSet added = Fold.packs(reindex.add().stream().map(IndexRef::packs).toList());
        IdSet replaced =
                Fold.packs(reindex.drop().stream().map(before.indexes()::get).toList());
        IdSet lost = replaced.minus(before.condemned()).minus(added);
        if (!lost.isEmpty()) {
            throw new IllegalArgumentException("packs would no longer be listed: " + lost);
        }
        List<IndexRef> useful = reindex.add().stream()
                .filter(index -> !before.condemned().containsAll(index.packs()))
                .toList();
        return useful.isEmpty() && reindex.drop().isEmpty()
                ? Optional.empty()
                : Optional.of(new LogEntry.Reindex(useful, reindex.drop()));
    }
}
