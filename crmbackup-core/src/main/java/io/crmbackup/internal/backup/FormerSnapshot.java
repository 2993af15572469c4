package io.crmbackup.internal.backup;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.capture.FormerCollection;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.snapshot.Snapshots;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.store.Likeness;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the new chunks of a run probably resemble: the plan's latest snapshot, whatever the run's base is. It only makes things smaller: a full
 * backup, which trusts nothing that is stored, reads and compares everything all the same.
 */
record FormerSnapshot(List<StoredSource> sources) {
    private static final Logger LOG = LoggerFactory.getLogger(FormerSnapshot.class);

    /** Nothing resembles anything. */
    static final FormerSnapshot NONE = new FormerSnapshot(List.of());

    /** The plan's latest snapshot; none if it can't be read, as a backup must not need it. */
    static FormerSnapshot of(
            Storage storage,
            LogState state,
            String plan,
            LogState.@Nullable Live base,
            List<StoredSource> baseSources) {
        LogState.Live latest = Snapshots.latest(state, plan, any -> true).orElse(null);
        if (latest == null) {
            return NONE;
        }
        if (latest.equals(base)) {
            return new FormerSnapshot(baseSources);
        }
        try {
            return new FormerSnapshot(
                    storage.sources(storage.manifest(latest.summary().id())));
        } catch (DamagedObjectException e) {
            LOG.warn("what is new is stored in full, as the latest snapshot can't be read: {}", e.getMessage());
            return NONE;
        }
    }

    FormerCollection collection(String source, String collection) {
        StoredSource former = PlanCapture.find(sources, source);
        return former == null
                ? FormerCollection.NONE
                : new FormerCollection(former.collection(collection).orElse(null));
    }

    Likeness attributes(String source) {
        StoredSource former = PlanCapture.find(sources, source);
        return former == null ? Likeness.NONE : () -> former.manifest().attributes();
    }
}
