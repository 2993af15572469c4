package io.crmbackup.internal.log;

import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import java.util.List;

/** What one entry of the log says. Immutable. */
public sealed interface LogEntry {
    /**
     * A new snapshot.
     *
     * @param snapshot the snapshot, whose manifest is stored
     * @param parents snapshots whose subtrees it shares without having looked up each chunk
     * @param indexes stored indexes that the log did not name before and that list packs of {@code relies}
     * @param relies the packs of all copies that were written or found by looking them up, and of those copies' bases
     */
    record Commit(SnapshotSummary snapshot, IdSet parents, List<IndexRef> indexes, IdSet relies) implements LogEntry {
        /** Copies the list. */
        public Commit {
            indexes = List.copyOf(indexes);
        }
    }

    /**
     * Snapshots that are no more.
     *
     * @param snapshots their ids
     */
    record Expire(IdSet snapshots) implements LogEntry {}

    /**
     * Packs that nothing may rely on from now on, and that are going to be deleted.
     *
     * @param packs the packs
     * @param indexes stored indexes that list the packs into which chunks were moved
     */
    record Condemn(IdSet packs, List<IndexRef> indexes) implements LogEntry {
        /** Copies the list. */
        public Condemn {
            indexes = List.copyOf(indexes);
        }
    }

    /**
     * Condemned packs that have been deleted. They stay condemned.
     *
     * @param packs the packs
     */
    record Swept(IdSet packs) implements LogEntry {}

    /**
     * Indexes that take the place of others.
     *
     * @param add stored indexes
     * @param drop named indexes, which are not to be named again
     */
    record Reindex(List<IndexRef> add, IdSet drop) implements LogEntry {
        /** Copies the list. */
        public Reindex {
            add = List.copyOf(add);
        }
    }

    /**
     * Key slots that came or went.
     *
     * @param added slots that were added
     * @param removed slots that were removed
     */
    record Keys(IdSet added, IdSet removed) implements LogEntry {}

    /**
     * A client that uses the repository for the first time. The first entry of every log is one.
     *
     * @param client the client's id
     */
    record Join(ObjectId client) implements LogEntry {}

    /** The indexes that this entry begins to name. */
    default List<IndexRef> named() {
        if (this instanceof Commit commit) {
            return commit.indexes();
        } else if (this instanceof Condemn condemn) {
            return condemn.indexes();
        } else if (this instanceof Reindex reindex) {
            return reindex.add();
        }
        return List.of();
    }
}
