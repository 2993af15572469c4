package io.crmbackup.fs;

import io.crmbackup.spi.TargetChanges;
import java.util.ArrayList;
import java.util.List;

/** Counts what changes; a preview and the restore that follows count alike. Not thread-safe. */
final class Tally {
    private final List<String> deletions = new ArrayList<>();
    private long created;
    private long changed;
    private long left;
    private long deleted;
    private long bytes;

    void count(Verdict verdict, RestoredEntry entry) {
        switch (verdict) {
            case CREATE -> created++;
            case REPLACE, EXCHANGE, ADJUST -> changed++;
            default -> left++;
        }
        if (verdict.writesContent() && entry.hardLink().length == 0) {
            bytes += Math.max(0, entry.content().length());
        }
    }

    void deleted(String path) {
        deleted++;
        if (deletions.size() < TargetChanges.MOST_DELETIONS) {
            deletions.add(path);
        }
    }

    TargetChanges changes() {
        return new TargetChanges(created, changed, left, deleted, bytes, deletions);
    }
}
