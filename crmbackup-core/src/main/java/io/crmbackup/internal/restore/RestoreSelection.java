package io.crmbackup.internal.restore;

import io.crmbackup.FileReferences;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.sort.ExternalSorter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What a restore plan selects of a snapshot, source by source, and what is to be said about it. Not thread-safe. */
final class RestoreSelection {
    private static final int MOST_EXAMPLES = 5;

    private final RestorePlan plan;
    private final Manifest manifest;
    private final Supplier<ExternalSorter> sorters;
    private final Map<String, StoredSource> sources = new LinkedHashMap<>();
    private final Map<String, SelectionResolver> resolvers = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    RestoreSelection(RestorePlan plan, Manifest manifest, List<StoredSource> stored, Supplier<ExternalSorter> sorters) {
        this.plan = plan;
        this.manifest = manifest;
        this.sorters = sorters;
        stored.forEach(source -> sources.put(source.name(), source));
        plan.targets().keySet().forEach(this::require);
        plan.selections().forEach((name, selections) -> {
            SelectionResolver resolver = new SelectionResolver(require(name));
            selections.forEach(resolver::add);
            resolvers.put(name, resolver);
        });
        plan.selections().forEach((name, selections) -> {
            if (selections.stream().anyMatch(Selection::includesFiles)) {
                bringFiles(name, Objects.requireNonNull(resolvers.get(name)));
            }
        });
    }

    private StoredSource require(String name) {
        StoredSource source = sources.get(name);
        if (source == null) {
            throw new IllegalArgumentException("snapshot " + manifest.id().brief() + " of plan " + manifest.plan()
                    + " has no source \"" + name + "\": it has " + sources.keySet());
        }
        return source;
    }

    private void bringFiles(String name, SelectionResolver records) {
        List<FileReferences> references = manifest.references().stream()
                .filter(reference -> reference.source().equals(name))
                .toList();
        if (references.isEmpty()) {
            throw new IllegalArgumentException(
                    "withFiles: the plan of snapshot " + manifest.id().brief() + " does not say which records of "
                            + name + " refer to files; give the backup plan .references(...)");
        }
        for (FileReferences reference : references) {
            if (!plan.targets().containsKey(reference.files())) {
                throw new IllegalArgumentException(
                        "withFiles needs a target for the files: .into(\"" + reference.files() + "\", target)");
            }
            List<String> missing = resolvers
                    .computeIfAbsent(reference.files(), files -> new SelectionResolver(require(files)))
                    .addFiles(records.files(reference));
            if (!missing.isEmpty()) {
                notes.add(missing.size() + " of the files that records of " + name + "/" + reference.collection()
                        + " refer to are not in the snapshot: " + some(missing));
            }
        }
    }

    private static String some(List<String> paths) {
        List<String> examples =
                paths.stream().limit(MOST_EXAMPLES).map(RecordText::escaped).toList();
        return String.join(", ", examples) + (paths.size() > MOST_EXAMPLES ? ", …" : "");
    }

    /** What is restored of a source, parents before children; empty if nothing is. */
    List<SelectedRecords> of(String source) {
        SelectionResolver resolver = resolvers.get(source);
        List<SelectedRecords> selected = resolver != null
                ? resolver.result(sorters)
                : require(source).collections().stream()
                        .map(collection -> SelectedRecords.all(collection, sorters))
                        .toList();
        return ParentsFirst.order(
                manifest.problemCount() == 0
                        ? selected
                        : selected.stream().map(SelectedRecords::withGaps).toList());
    }

    /** What the user should know: files that are missing, sources that are left out. */
    List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        for (String name : sources.keySet()) {
            if (!plan.targets().containsKey(name)) {
                all.add("source " + name + " is not restored: there is no target for it");
            } else if (of(name).isEmpty()) {
                all.add("nothing is restored of source " + name + ": no record is selected");
            }
        }
        return all;
    }
}
