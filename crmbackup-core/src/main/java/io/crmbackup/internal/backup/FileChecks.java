package io.crmbackup.internal.backup;

import io.crmbackup.FileReferences;
import io.crmbackup.internal.capture.RunContext;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.reference.ReferenceCheck;
import io.crmbackup.internal.reference.Rescue;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.TreeEditor;
import io.crmbackup.report.ReferenceReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks all references of a plan, source by source of files, and completes the files from the first walk. Not thread-safe. */
final class FileChecks {
    private final RunContext context;
    private final Map<String, StoredSource> captured;
    private final FirstWalk firstWalk;
    private final Problems problems;

    /** Takes the captured sources by name; those that are completed are replaced among them. */
    FileChecks(RunContext context, Map<String, StoredSource> captured, FirstWalk firstWalk, Problems problems) {
        this.context = context;
        this.captured = captured;
        this.firstWalk = firstWalk;
        this.problems = problems;
    }

    /** One report for each of the references, in their order within each source of files. */
    List<ReferenceReport> run(List<FileReferences> all) {
        Map<String, List<FileReferences>> byFiles = new LinkedHashMap<>();
        all.forEach(one ->
                byFiles.computeIfAbsent(one.files(), any -> new ArrayList<>()).add(one));
        List<ReferenceReport> reports = new ArrayList<>();
        byFiles.forEach((source, references) -> reports.addAll(check(source(source), references)));
        return reports;
    }

    private StoredSource source(String name) {
        return Objects.requireNonNull(captured.get(name), name);
    }

    private List<ReferenceReport> check(StoredSource source, List<FileReferences> all) {
        StoredCollection files = source.collections().stream()
                .filter(collection -> ReferenceCheck.areFiles(collection.schema()))
                .findFirst()
                .orElseThrow();
        StoredCollection before = firstWalk.collection(source.name(), files.name());
        try (ExternalSorter sorter = context.sorters().get();
                Rescue rescue = rescue(before, files)) {
            ReferenceCheck check = new ReferenceCheck(
                    files,
                    before,
                    rescue,
                    key -> firstWalk
                            .problemOf(source.name(), files.name(), RecordText.key(files.schema(), key))
                            .ifPresent(problem -> problems.add(source.name(), problem)),
                    sorter);
            for (FileReferences references : all) {
                check.collect(references, source(references.source()).named(references.collection()));
            }
            List<ReferenceReport> reports = check.run();
            if (rescue != null && !rescue.isEmpty()) {
                // Without what nodes resemble: those that are replaced are part of no snapshot and shall not be kept
                // for it.
                ChunkWriter writer = ChunkWriter.withoutLikeness(context.writer());
                TreeEditor editor = new TreeEditor(context.trees(), context.reader(), writer);
                captured.put(source.name(), source.with(rescue.apply(editor)));
            }
            return reports;
        }
    }

    private @Nullable Rescue rescue(@Nullable StoredCollection before, StoredCollection files) {
        // Records of another schema would not be read as what they are.
        return before != null
                        && before.manifest().schema().equals(files.manifest().schema())
                ? new Rescue(before, files, context.sorters())
                : null;
    }
}
