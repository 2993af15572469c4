package io.crmbackup.internal.log;

import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import java.util.Optional;
import java.util.function.Function;

/** An expire: the rule is asked again for every number, so that two expires can't each keep what the other drops. */
final class ExpireProposal implements Proposal {
    private final Function<LogState, IdSet> rule;

    ExpireProposal(Function<LogState, IdSet> rule) {
        this.rule = rule;
    }

    @Override
    public Optional<LogEntry> entry(LogState before) {
        IdSet expired = rule.apply(before);
        for (ObjectId id : expired) {
            if (!before.isLive(id)) {
                throw new IllegalArgumentException("snapshot " + id + " can't expire: it is not live");
            }
        }
        return expired.isEmpty() ? Optional.empty() : Optional.of(new LogEntry.Expire(expired));
    }
}
