package io.crmbackup.internal.repository;

import io.crmbackup.BackupRepository;
import io.crmbackup.internal.prune.PruneContext;

/** What tests may see of an open repository. */
public final class Inside {
    private Inside() {}

    /** What a prune of the repository works with. */
    public static PruneContext of(BackupRepository repository) {
        return ((OpenRepository) repository).forPrune();
    }
}
