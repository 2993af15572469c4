package io.crmbackup.internal.restore;

import java.util.List;

/** What a restore brings, source by source, and what is to be said about it. */
interface RestoreChoice {
    /** What is restored of a source, parents before children; empty if nothing is. */
    List<? extends RestoredPart> of(String source);

    /** Whether what is given of a source are changes to be undone. */
    default boolean isUndone(String source) {
        return false;
    }

    /** What the user should know. */
    List<String> notes();

    /** Why it can't be restored, in the user's words. */
    default List<String> blockers() {
        return List.of();
    }
}
