package io.crmbackup.internal.restore;

import io.crmbackup.RecordReferences;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.internal.manifest.Manifest;
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
final class RestoreSelection implements RestoreChoice {
    private final RestorePlan plan;
    private final Manifest manifest;
    private final Supplier<ExternalSorter> sorters;
    private final Map<String, SourceReferences> sources = new LinkedHashMap<>();
    private final Map<String, SelectionResolver> resolvers = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    RestoreSelection(RestorePlan plan, Manifest manifest, List<StoredSource> stored, Supplier<ExternalSorter> sorters) {
        this.plan = plan;
        this.manifest = manifest;
        this.sorters = sorters;
        List<RecordReferences> told = new ArrayList<>(manifest.recordReferences());
        told.addAll(plan.recordReferences());
        stored.forEach(source -> sources.put(source.name(), new SourceReferences(source, told)));
        plan.recordReferences().forEach(reference -> require(reference.source()));
        plan.targets().keySet().forEach(this::require);
        plan.selections().forEach((name, selections) -> {
            SelectionResolver resolver = new SelectionResolver(require(name));
            selections.forEach(
                    selection -> resolver.add(selection).stream().findFirst().ifPresent(text -> {
                        throw new IllegalArgumentException(text);
                    }));
            resolver.dangling().forEach(text -> notes.add(name + ": " + text));
            resolvers.put(name, resolver);
        });
        FilesOfRecords files = new FilesOfRecords(
                plan,
                manifest,
                name -> resolvers.computeIfAbsent(name, absent -> new SelectionResolver(require(absent))));
        plan.selections().forEach((name, selections) -> {
            if (selections.stream().anyMatch(Selection::includesFiles)) {
                notes.addAll(files.bring(name, Objects.requireNonNull(resolvers.get(name))::files));
            }
        });
    }

    private SourceReferences require(String name) {
        SourceReferences source = sources.get(name);
        if (source == null) {
            throw new IllegalArgumentException("snapshot " + manifest.id().brief() + " of plan " + manifest.plan()
                    + " has no source \"" + name + "\": it has " + sources.keySet());
        }
        return source;
    }

    @Override
    public List<SelectedRecords> of(String source) {
        SelectionResolver resolver = resolvers.get(source);
        SourceReferences stored = require(source);
        List<SelectedRecords> selected = resolver != null
                ? resolver.result(sorters)
                : stored.source().collections().stream()
                        .map(collection -> SelectedRecords.all(collection, stored.ties(collection.name()), sorters))
                        .toList();
        Map<String, SelectedRecords> byName = new LinkedHashMap<>();
        selected.forEach(one -> byName.put(one.name(), manifest.problemCount() == 0 ? one : one.withGaps()));
        return stored.order(byName.keySet()).stream()
                .map(name -> Objects.requireNonNull(byName.get(name)))
                .toList();
    }

    /** Tells of files that are missing, and of sources that are left out. */
    @Override
    public List<String> notes() {
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
