package io.crmbackup.internal.log;

import io.crmbackup.internal.object.IdSet;

/**
 * Why a commit can't follow the log as it has become.
 *
 * @param condemned packs that it relies on, its own new ones included, and that are condemned
 * @param parents snapshots that it shares subtrees with, and that are not live
 */
public record CommitConflict(IdSet condemned, IdSet parents) {
    boolean isNone() {
        return condemned.isEmpty() && parents.isEmpty();
    }
}
