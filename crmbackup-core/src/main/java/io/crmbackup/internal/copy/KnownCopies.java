package io.crmbackup.internal.copy;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.log.SnapshotSummary;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.Origin;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.snapshot.Storage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which snapshots of one plan two repositories have in common: those with the same origin. Only manifests of snapshots whose summaries agree are
 * read. Not thread-safe.
 */
final class KnownCopies {
    private final Storage from;
    private final String fromId;
    private final Storage to;
    private final String toId;
    private final List<LogState.Live> originals;
    private final Map<ObjectId, LogState.Live> copies = new HashMap<>();
    private final Map<ObjectId, Integer> order = new HashMap<>();
    private int newestKnown = -1;
    private Instant newestOther = Instant.MIN;

    /** Compares the snapshots of a plan, given in the order of their commits. */
    KnownCopies(
            Storage from,
            String fromId,
            List<LogState.Live> originals,
            Storage to,
            String toId,
            List<LogState.Live> there) {
        this.from = from;
        this.fromId = fromId;
        this.to = to;
        this.toId = toId;
        this.originals = originals;
        for (LogState.Live original : originals) {
            order.put(original.summary().id(), order.size());
        }
        there.forEach(this::recognise);
    }

    private void recognise(LogState.Live candidate) {
        for (LogState.Live original : originals) {
            if (agree(original.summary(), candidate.summary()) && haveSameOrigin(original, candidate)) {
                add(original, candidate);
                return;
            }
        }
        Instant moment = candidate.summary().moment();
        newestOther = moment.isAfter(newestOther) ? moment : newestOther;
    }

    private static boolean agree(SnapshotSummary one, SnapshotSummary other) {
        return one.moment().equals(other.moment())
                && one.strategy() == other.strategy()
                && one.state() == other.state()
                && one.sizes().bytesRead() == other.sizes().bytesRead();
    }

    private boolean haveSameOrigin(LogState.Live original, LogState.Live candidate) {
        Origin here = origin(from, fromId, original);
        return here != null && here.equals(origin(to, toId, candidate));
    }

    private static @Nullable Origin origin(Storage storage, String repository, LogState.Live live) {
        try {
            return origin(repository, storage.manifest(live.summary().id()));
        } catch (DamagedObjectException e) {
            return null; // It is nothing that could be shared with; what has to be read will be found damaged.
        }
    }

    static Origin origin(String repository, Manifest manifest) {
        Origin origin = manifest.origin();
        return origin == null ? new Origin(repository, manifest.id()) : origin;
    }

    /** Notes that a snapshot is there now. */
    void add(LogState.Live original, LogState.Live copy) {
        copies.put(original.summary().id(), copy);
        newestKnown = Math.max(newestKnown, index(original));
    }

    /** The copy of a snapshot. */
    Optional<LogState.Live> copy(ObjectId original) {
        return Optional.ofNullable(copies.get(original));
    }

    /** The last snapshot before this one that is there. */
    Optional<LogState.Live> before(LogState.Live original) {
        for (int i = index(original) - 1; i >= 0; i--) {
            if (copies.containsKey(originals.get(i).summary().id())) {
                return Optional.of(originals.get(i));
            }
        }
        return Optional.empty();
    }

    /** Whether a snapshot would come after newer ones of its plan, and so look like the latest. */
    boolean isLate(LogState.Live original) {
        return index(original) < newestKnown || original.summary().moment().isBefore(newestOther);
    }

    private int index(LogState.Live original) {
        return order.getOrDefault(original.summary().id(), -1);
    }
}
