package io.crmbackup.internal.store;

import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;

/** What is about to leave the repository, so that nothing new may rely on it, though the log does not say so yet. Thread-safe. */
public interface Leaving {
    /** Nothing leaves. */
    Leaving NOTHING = new Leaving() {
        @Override
        public boolean pack(ObjectId pack) {
            return false;
        }

        @Override
        public boolean copy(ChunkCopy copy) {
            return false;
        }

        @Override
        public boolean base(BaseCopy base) {
            return false;
        }
    };

    /** Whether a pack leaves. */
    boolean pack(ObjectId pack);

    /**
     * Whether another copy was chosen to stand for a chunk, so that this one may not: it may be damaged unseen, and have been stored again for that. It
     * stays where it is the base of others.
     */
    boolean copy(ChunkCopy copy);

    /** Whether no delta may keep this base any longer. */
    boolean base(BaseCopy base);
}
