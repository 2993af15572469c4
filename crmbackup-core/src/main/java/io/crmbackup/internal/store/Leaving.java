package io.crmbackup.internal.store;

import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;

/** What is about to leave the repository, so that nothing new may rely on it, though the log does not say so yet. Thread-safe. */
public interface Leaving {
    /** Nothing leaves. */
    Leaving NOTHING = new Leaving() {
        @Override
        public boolean pack(ObjectId pack) {
            return false;
        }

        @Override
        public boolean base(BaseCopy base) {
            return false;
        }
    };

    /** Whether a pack leaves. */
    boolean pack(ObjectId pack);

    /** Whether no delta may keep this base any longer. */
    boolean base(BaseCopy base);
}
