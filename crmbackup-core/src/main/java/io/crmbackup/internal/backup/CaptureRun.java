package io.crmbackup.internal.backup;

import io.crmbackup.BackupPlan;
import io.crmbackup.error.SourceException;
import io.crmbackup.internal.capture.RunContext;
import io.crmbackup.internal.manifest.SchemaDocuments;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.ReadMeter;
import io.crmbackup.internal.store.StoreSession;
import io.crmbackup.report.StrategyKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** What all captures of one backup share. */
record CaptureRun(
        RunContext context,
        StoreSession session,
        FormerSnapshot former,
        BackupPlan plan,
        ReadMeter meter,
        PlainBytes plainBytes,
        CountedChanges counted,
        Readings readings,
        StrategyKind kind,
        SchemaDocuments documents,
        Path workDirectory,
        InstantSource clock) {
    /** Work on a source. */
    @FunctionalInterface
    interface Work<T> {
        /** Does the work. */
        T run() throws IOException;
    }

    /** Does work on a source; its failures become those of the operation. */
    <T> T faults(String source, String what, Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            Interruption.check(e);
            throw new SourceException("source " + source + " can't be " + what + ": " + e.getMessage(), e);
        }
    }
}
