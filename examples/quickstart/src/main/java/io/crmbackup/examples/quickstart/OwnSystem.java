package io.crmbackup.examples.quickstart;

import io.crmbackup.BackupPlan;
import io.crmbackup.RestorePlan;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.SnapshotId;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A database, a folder, or both, as the user names them. */
record OwnSystem(@Nullable String jdbc, @Nullable Path dir) {
    static OwnSystem of(Arguments arguments) {
        return new OwnSystem(arguments.jdbc(), arguments.dir());
    }

    /** Parameters of the URL may be secret. */
    @Override
    public String toString() {
        return (jdbc == null ? "" : jdbc.replaceFirst("[;?].*", ""))
                + (jdbc == null || dir == null ? "" : " and ")
                + (dir == null ? "" : dir);
    }

    BackupPlan plan() {
        BackupPlan.Builder plan = BackupPlan.named("own");
        if (jdbc != null) {
            plan.source("db", JdbcSource.of(new UrlDataSource(jdbc)));
        }
        if (dir != null) {
            plan.source("files", DirectorySource.of(dir));
        }
        return plan.build();
    }

    /** Empty places of the same kind, below a directory. */
    OwnSystem emptyCopy(Path below) {
        return new OwnSystem(
                jdbc == null ? null : emptyDatabase(jdbc, below), dir == null ? null : below.resolve("files"));
    }

    private static String emptyDatabase(String url, Path below) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:sqlite:")) {
            return "jdbc:sqlite:" + below.resolve("restored.sqlite");
        }
        if (lower.startsWith("jdbc:h2:")) {
            return "jdbc:h2:file:" + below.resolve("restored");
        }
        throw new IllegalArgumentException(
                "this program restores H2 and SQLite databases; it has no empty place for " + url);
    }

    RestorePlan restoreOf(SnapshotId snapshot) {
        RestorePlan.Builder plan = RestorePlan.snapshot(snapshot).verify();
        if (jdbc != null) {
            // The user's own database: its views and triggers are as trusted here as they are there.
            plan.into("db", JdbcTarget.empty(new UrlDataSource(jdbc)).trustSchema());
        }
        if (dir != null) {
            plan.into("files", DirectoryTarget.at(Objects.requireNonNull(dir)));
        }
        return plan.build();
    }
}
