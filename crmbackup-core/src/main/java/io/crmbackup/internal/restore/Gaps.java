package io.crmbackup.internal.restore;

import io.crmbackup.internal.manifest.Manifest;

/** Whether a snapshot left out records that could not be read when it was made. */
enum Gaps {
    NONE,
    POSSIBLE;

    static Gaps of(Manifest manifest) {
        return manifest.problemCount() == 0 ? NONE : POSSIBLE;
    }
}
