package io.crmbackup.internal.restore;

import io.crmbackup.BackupPlan;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Source;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The snapshot of what a restore replaces. It is one of a plan of its own: as one of the restored plan it would be the latest from then on, and a
 * restore that is repeated because it was cut short would restore what it was to replace.
 */
final class SafetySnapshot {
    private static final int LONGEST_NAME = 64;

    private final Function<BackupPlan, BackupReport> backups;
    private final String plan;
    private final Optional<BackupPlan> system;

    /**
     * Prepares one.
     *
     * @param backups backs up by a plan
     * @param plan the name of the plan whose snapshot is restored
     * @param system the plan of the sources, if it is known: for its limits, and for what may be unreadable
     */
    SafetySnapshot(Function<BackupPlan, BackupReport> backups, String plan, Optional<BackupPlan> system) {
        this.backups = backups;
        this.plan = name(plan);
        this.system = system;
    }

    private static String name(String plan) {
        int most = LONGEST_NAME - BackupPlan.BEFORE_RESTORE.length();
        return (plan.length() > most ? plan.substring(0, most) : plan) + BackupPlan.BEFORE_RESTORE;
    }

    /** The name of the plan whose snapshot it is. */
    String plan() {
        return plan;
    }

    /**
     * Takes it.
     *
     * @throws RestoreRefusedException if something could not be read
     */
    SnapshotId of(Map<String, Source> sources) {
        BackupPlan.Builder builder = BackupPlan.named(plan);
        sources.forEach((name, source) -> {
            builder.source(name, source);
            system.ifPresent(known -> {
                builder.compression(name, known.compression(name));
                known.tolerated().forEach((tolerant, globs) -> {
                    if (tolerant.equals(name)) {
                        globs.forEach(glob -> builder.tolerate(name, glob.toString()));
                    }
                });
            });
        });
        system.ifPresent(known -> builder.limits(known.limits()));
        try {
            return backups.apply(builder.build()).snapshot();
        } catch (IncompleteBackupException e) {
            throw new RestoreRefusedException(
                    "the restore is refused, nothing was written: it could not be undone, as " + e.getMessage(), e);
        }
    }
}
