package io.crmbackup.internal.backup;

import io.crmbackup.BackupPlan;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.report.BackupReport;
import io.crmbackup.spi.PathGlob;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Collects what a backup could not read, and judges whether the plan allows it. Not thread-safe. */
final class Problems {
    private final BackupPlan plan;
    private final Progress progress;
    private final List<Problem> named = new ArrayList<>();
    private long count;
    private boolean complete = true;

    Problems(BackupPlan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    void add(String source, Problem problem) {
        count++;
        if (named.size() < BackupReport.MOST_PROBLEMS) {
            named.add(problem);
        }
        if (!isTolerated(source, problem)) {
            complete = false;
        }
        progress.problem(problem);
    }

    List<Problem> named() {
        return named;
    }

    long count() {
        return count;
    }

    boolean isComplete() {
        return complete;
    }

    private boolean isTolerated(String source, Problem problem) {
        List<PathGlob> globs = plan.tolerated().get(source);
        if (globs == null) {
            return false;
        }
        byte[] path = problem.item().replace('/', '\0').getBytes(StandardCharsets.UTF_8);
        return path.length > 0 && globs.stream().anyMatch(glob -> glob.matchesOrCovers(RecordKey.of(path)));
    }
}
