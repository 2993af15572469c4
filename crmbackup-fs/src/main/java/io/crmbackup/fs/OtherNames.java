package io.crmbackup.fs;

import java.util.HashSet;
import java.util.Set;

/**
 * Remembers files of several names that the restore has taken one from, moved one of, or given one to: that has set their time of change,
 * which then does not say that somebody else has changed them. Bounded: of more files it is said that somebody has, which is the safe side. Not thread-safe.
 */
final class OtherNames {
    private static final int MOST = 100_000;

    private final Set<Object> identities = new HashSet<>();

    /** To be told before one of its names changes. */
    void change(FileFacts facts) {
        Object identity = facts.identity();
        if (identity != null && identities.size() < MOST && facts.links() > 1) {
            identities.add(identity);
        }
    }

    boolean haveChanged(FileFacts facts) {
        Object identity = facts.identity();
        return identity != null && identities.contains(identity);
    }
}
