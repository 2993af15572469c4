package io.crmbackup.examples.quickstart;

import io.crmbackup.report.BackupListener;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.CollectionReport;
import io.crmbackup.report.FieldChange;
import io.crmbackup.report.RecordChange;
import io.crmbackup.report.ReferenceReport;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.spi.Problem;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Shows how things go. */
final class Screen implements BackupListener {
    private static final int MOST_CHANGES = 14;

    private final PrintStream out;
    private final Set<String> phases = new HashSet<>();
    private long records;
    private long bytes;

    Screen(PrintStream out) {
        this.out = out;
    }

    void title(String text) {
        phases.clear();
        out.printf("%n== %s%n", text);
    }

    void line(String format, Object... values) {
        out.printf(Locale.ROOT, "   " + format + "%n", values);
    }

    @Override
    public void progressed(String phase, long recordsSoFar, long bytesSoFar) {
        records = recordsSoFar;
        bytes = bytesSoFar;
    }

    @Override
    public void ended(String phase) {
        // Directories are walked before and after the databases' moment.
        String shown = phases.add(phase) ? phase : phase + ", second walk";
        line(
                "%-34s %,9d %-7s  %10s",
                shown, records, phase.contains(":") ? "records" : "", bytes == 0 ? "" : size(bytes));
    }

    @Override
    public void problem(Problem problem) {
        line("PROBLEM %s: %s: %s", problem.kind(), problem.item(), problem.message());
    }

    void show(BackupReport report) {
        line(
                "%s snapshot %s%s, %s, %.2f s",
                report.strategy(),
                report.snapshot().brief(),
                report.reason().isEmpty() ? "" : " (" + report.reason() + ")",
                report.state(),
                report.duration().toNanos() / 1e9);
        long added =
                report.collections().stream().mapToLong(CollectionReport::added).sum();
        long changed = report.collections().stream()
                .mapToLong(CollectionReport::changed)
                .sum();
        long removed = report.collections().stream()
                .mapToLong(CollectionReport::removed)
                .sum();
        line("%,d records: %,d added, %,d changed, %,d removed", report.records(), added, changed, removed);
        line(
                "read %s, changed %s, stored %s",
                size(report.bytesRead()), size(report.bytesChanged()), size(report.bytesStored()));
        for (ReferenceReport references : report.references()) {
            line(
                    "%,d references to files: %d dangling, %d mismatched; %d files are referred to by nothing",
                    references.referenced(),
                    references.danglingCount(),
                    references.mismatchedCount(),
                    references.orphanCount());
        }
    }

    void show(Iterable<RecordChange> diff) {
        Map<String, Map<RecordChange.Kind, Integer>> counts = new TreeMap<>();
        int shown = 0;
        for (RecordChange change : diff) {
            int count = counts.computeIfAbsent(
                            change.source() + "/" + change.collection(), any -> new EnumMap<>(RecordChange.Kind.class))
                    .merge(change.kind(), 1, Integer::sum);
            if (count == 1 && shown < MOST_CHANGES) {
                shown++;
                show(change);
            }
        }
        counts.forEach((collection, count) -> line(
                "%-28s %4d added %4d changed %4d removed",
                collection,
                count.getOrDefault(RecordChange.Kind.ADDED, 0),
                count.getOrDefault(RecordChange.Kind.CHANGED, 0),
                count.getOrDefault(RecordChange.Kind.REMOVED, 0)));
        if (counts.isEmpty()) {
            line("no differences");
        }
    }

    private void show(RecordChange change) {
        line("%-8s %s/%s  %s", change.kind(), change.source(), change.collection(), change.key());
        if (change.kind() == RecordChange.Kind.CHANGED) {
            for (FieldChange field : change.fields()) {
                line("           %s: %s -> %s", field.field(), clip(field.before()), clip(field.after()));
            }
        }
    }

    void show(RestorePreview preview) {
        preview.collections()
                .forEach(part -> line("%-34s %,9d records", "to restore: " + part.collection(), part.records()));
        preview.notes().forEach(note -> line("note: %s", note));
        preview.blockers().forEach(blocker -> line("BLOCKER: %s", blocker));
    }

    void show(RestoreReport report) {
        long skipped =
                report.parts().stream().mapToLong(RestoreReport.Part::skipped).sum();
        line(
                "%,d records written in %.2f s%s%s",
                report.written(),
                report.duration().toNanos() / 1e9,
                skipped == 0 ? "" : String.format(Locale.ROOT, "; %,d were there already", skipped),
                report.verified() ? "; read back and verified" : "");
    }

    private static String clip(@org.jspecify.annotations.Nullable String text) {
        String shown = String.valueOf(text).replace('\n', ' ');
        return shown.length() <= 60 ? shown : shown.substring(0, 57) + "...";
    }

    static String size(long bytes) {
        return bytes < 10_000
                ? bytes + " B"
                : bytes < 10_000_000
                        ? String.format(Locale.ROOT, "%,d kB", bytes / 1000)
                        : String.format(Locale.ROOT, "%,d MB", bytes / 1_000_000);
    }
}
