package io.crmbackup.internal.restore;

import io.crmbackup.report.RestorePreview;
import io.crmbackup.spi.RestoredCollection;

/** A collection of a restore, which tells what it brings. */
interface RestoredPart extends RestoredCollection {
    /** What is to be said of it before the restore. */
    RestorePreview.Part preview(String source);
}
