package io.crmbackup;

import java.util.List;

/**
 * A snapshot that does not expire, and why.
 *
 * @param snapshot the snapshot
 * @param reasons what keeps it, as "last 3" or "daily 2026-11-21"; at least one
 */
public record KeptSnapshot(Snapshot snapshot, List<String> reasons) {
    /** Copies the list. */
    public KeptSnapshot {
        reasons = List.copyOf(reasons);
    }
}
