package io.crmbackup.internal.backup;

import io.crmbackup.BackupPlan;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.spi.Source;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Captures all sources of a plan. Where it has sources of one moment and sources that are a window, as a database and a directory, the windows
 * are walked twice: once before the moment, and once, reading only what changed, right after it. Every file that a record of that moment
 * refers to was then seen before the record or after it. Not thread-safe.
 */
final class PlanCapture {
    private final BackupPlan plan;
    private final CaptureRun run;
    private final Problems problems;
    private final FirstWalk firstWalk = new FirstWalk();

    PlanCapture(BackupPlan plan, CaptureRun run, Problems problems) {
        this.plan = plan;
        this.run = run;
        this.problems = problems;
    }

    FirstWalk firstWalk() {
        return firstWalk;
    }

    /** The sources in the plan's order; unchanged records are taken from the base, which may be empty. */
    Map<String, StoredSource> capture(List<StoredSource> base) {
        boolean walkTwice = plan.sources().values().stream().anyMatch(PlanCapture::isMoment);
        if (walkTwice) {
            windows((name, source) -> firstWalk.put(captureFirst(name, source, find(base, name))));
        }
        Map<String, StoredSource> captured = new HashMap<>();
        try (OpenCaptures moments = new OpenCaptures()) {
            plan.sources().forEach((name, source) -> {
                if (isMoment(source)) {
                    moments.add(name, open(name, source));
                }
            });
            windows((name, source) ->
                    captured.put(name, capture(name, source, walkTwice ? firstWalk.source(name) : find(base, name))));
            moments.forEach((name, moment) -> captured.put(name, moment.read(find(base, name))));
            moments.finish();
        }
        Map<String, StoredSource> ordered = new LinkedHashMap<>();
        plan.sources().keySet().forEach(name -> ordered.put(name, captured.get(name)));
        return ordered;
    }

    private void windows(Windows action) {
        plan.sources().forEach((name, source) -> {
            if (!isMoment(source)) {
                action.accept(name, source);
            }
        });
    }

    @FunctionalInterface
    private interface Windows {
        void accept(String name, Source source);
    }

    private StoredSource captureFirst(String name, Source source, @Nullable StoredSource base) {
        try (SourceCapture capture =
                SourceCapture.open(name, source, run, problem -> firstWalk.problem(name, problem))) {
            return capture.read(base);
        }
    }

    private StoredSource capture(String name, Source source, @Nullable StoredSource base) {
        try (SourceCapture capture = open(name, source)) {
            return capture.read(base);
        }
    }

    private SourceCapture open(String name, Source source) {
        return SourceCapture.open(name, source, run, problem -> problems.add(name, problem));
    }

    private static boolean isMoment(Source source) {
        return source.consistency() == Source.Consistency.MOMENT;
    }

    static @Nullable StoredSource find(List<StoredSource> sources, String name) {
        return sources.stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
