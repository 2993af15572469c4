package io.crmbackup.internal.restore;

import io.crmbackup.FileReferences;
import io.crmbackup.RecordReferences;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.internal.diff.CollectionChanges;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.snapshot.Names;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a restore plan undoes between two snapshots, source by source. A selection means records of either: one that is there in only one of them was removed or
 * added. Without children it is answered from what changed alone. Files of records that go back come as in any restore. Not thread-safe.
 */
final class UndoSelection implements RestoreChoice {
    private final RestorePlan plan;
    private final TreeParameters parameters;
    private final Supplier<ExternalSorter> sorters;
    private final Side before;
    private final Side after;
    private final Map<String, SelectionResolver> files = new TreeMap<>();
    private final Map<String, List<RestoredPart>> parts = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> blockers = new ArrayList<>();

    /** One of the two snapshots. */
    private static final class Side {
        private final Manifest manifest;
        private final Map<String, SourceReferences> sources = new LinkedHashMap<>();

        Side(Manifest manifest, List<StoredSource> stored, List<RecordReferences> told) {
            this.manifest = manifest;
            List<RecordReferences> all = new ArrayList<>(manifest.recordReferences());
            all.addAll(told);
            stored.forEach(source -> sources.put(source.name(), SourceReferences.known(source, all)));
        }

        SourceReferences require(String name) {
            SourceReferences source = sources.get(name);
            if (source == null) {
                throw new IllegalArgumentException("snapshot " + manifest.id().brief() + " of plan " + manifest.plan()
                        + " has no source \"" + name + "\": it has " + sources.keySet());
            }
            return source;
        }
    }

    /** A snapshot with its sources. */
    record Point(Manifest manifest, List<StoredSource> sources) {}

    UndoSelection(
            RestorePlan plan, Point before, Point after, TreeParameters parameters, Supplier<ExternalSorter> sorters) {
        this.plan = plan;
        this.parameters = parameters;
        this.sorters = sorters;
        this.before = new Side(before.manifest(), before.sources(), plan.recordReferences());
        this.after = new Side(after.manifest(), after.sources(), plan.recordReferences());
        if (before.manifest().id().equals(after.manifest().id())
                || after.manifest().moment().isBefore(before.manifest().moment())) {
            throw new IllegalArgumentException("what is undone happened after the restore point: snapshot "
                    + after.manifest().id().brief() + " of " + after.manifest().moment() + " is not later than "
                    + before.manifest().id().brief() + " of "
                    + before.manifest().moment());
        }
        before.sources().forEach(source -> new SourceReferences(source, plan.recordReferences()));
        plan.targets().keySet().forEach(this.before::require);
        plan.targets().keySet().stream().filter(name -> !isOnlyForFiles(name)).forEach(this::undo);
    }

    /** Whether a source only gives the files of other sources' records. */
    private boolean isOnlyForFiles(String name) {
        return !plan.selections().containsKey(name)
                && before.manifest.references().stream()
                        .filter(reference -> reference.files().equals(name))
                        .anyMatch(reference -> plan.selections().getOrDefault(reference.source(), List.of()).stream()
                                .anyMatch(Selection::includesFiles));
    }

    private void undo(String name) {
        Undone undone = new Undone(before.require(name), after.require(name));
        List<Selection> selections = plan.selections().getOrDefault(name, List.of());
        selections.forEach(undone::add);
        undone.tellDangling();
        List<UndoneRecords> some = undone.result(selections.isEmpty());
        some.forEach(one -> notes.add(name + "/" + one.note()));
        parts.put(name, List.copyOf(some));
        if (selections.stream().anyMatch(Selection::includesFiles)) {
            notes.addAll(
                    new FilesOfRecords(plan, before.manifest, source -> files.computeIfAbsent(source, this::onlyFiles))
                            .bring(name, reference -> undone.files(reference, some)));
        }
    }

    private SelectionResolver onlyFiles(String source) {
        if (plan.selections().containsKey(source)) {
            throw new IllegalArgumentException("withFiles() brings files of source " + source
                    + " as they were, and a part of it is selected to be undone as well: do one after the other");
        }
        return new SelectionResolver(before.require(source));
    }

    @Override
    public List<? extends RestoredPart> of(String source) {
        SelectionResolver brought = files.get(source);
        return brought != null ? brought.result(sorters) : parts.getOrDefault(source, List.of());
    }

    @Override
    public boolean isUndone(String source) {
        return parts.containsKey(source);
    }

    @Override
    public List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        if (Gaps.of(before.manifest) == Gaps.POSSIBLE) {
            all.add(
                    "records that seem to have been added stay, as the restore point is PARTIAL: they may have been there and not"
                            + " been read");
        }
        for (String name : before.sources.keySet()) {
            if (!plan.targets().containsKey(name)) {
                all.add("changes of source " + name + " are not undone: there is no target for it");
            } else if (of(name).isEmpty()) {
                all.add("nothing is undone of source " + name + ": nothing of what is meant changed");
            }
        }
        return all;
    }

    @Override
    public List<String> blockers() {
        return blockers;
    }

    /** What is undone of one source. */
    private final class Undone {
        private final SourceReferences older;
        private final SourceReferences newer;
        private final SelectionResolver inOlder;
        private final SelectionResolver inNewer;
        private final Map<String, Set<String>> fields = new LinkedHashMap<>();
        private final Map<String, List<Reference>> sourceReferences;

        Undone(SourceReferences older, SourceReferences newer) {
            this.older = older;
            this.newer = newer;
            this.inOlder = new SelectionResolver(older);
            this.inNewer = SelectionResolver.later(newer);
            this.sourceReferences = ofEither(older, newer);
        }

        void add(Selection selection) {
            if (selection.collection().isEmpty()) {
                throw new IllegalArgumentException("changes are undone in records, not in paths: select files with"
                        + " withFiles(), or restore them by themselves");
            }
            StoredCollection collection =
                    older.source().named(selection.collection().get());
            narrow(collection, selection);
            StoredCollection now = newer.source()
                    .collection(collection.name())
                    .filter(one -> CollectionChanges.sameIdentity(collection.schema(), one.schema()))
                    .orElse(null);
            Selection alone = selection.withoutParents();
            boolean whole = selection.isWholeCollection();
            if (whole || selection.childDepth() > 0 || !selection.keys().isEmpty()) {
                Set<String> missing =
                        new LinkedHashSet<>(inOlder.add(selection.fields().isEmpty() || whole ? selection : alone));
                if (now != null && !whole) {
                    missing.retainAll(inNewer.add(now, alone));
                }
                missing.stream().findFirst().ifPresent(text -> {
                    throw new IllegalArgumentException(text + " in either snapshot");
                });
            } else {
                addChanged(collection, now, selection);
            }
        }

        private void narrow(StoredCollection collection, Selection selection) {
            Set<String> some = new LinkedHashSet<>();
            for (String field : selection.fields()) {
                int index = Names.field(collection.name(), collection.schema(), field);
                some.add(collection.schema().fields().get(index).name());
            }
            Set<String> known = fields.putIfAbsent(collection.name(), some);
            if (known != null && !known.equals(some)) {
                throw new IllegalArgumentException("selections of collection " + collection.name()
                        + " name different fields to undo: " + known + " and " + some);
            }
        }

        private void addChanged(StoredCollection was, @Nullable StoredCollection is, Selection selection) {
            RecordMatch old = new RecordMatch(was, RecordMatch.conditions(was, selection));
            RecordMatch now = is == null || !RecordMatch.fits(is, selection)
                    ? null
                    : new RecordMatch(is, RecordMatch.conditions(is, selection));
            RecordPlaces back = new RecordPlaces();
            RecordPlaces gone = new RecordPlaces();
            CollectionChanges changes = CollectionChanges.between(parameters, was, is);
            while (changes.next()) {
                byte[] first = changes.before();
                byte[] second = changes.after();
                boolean meant =
                        (first != null && old.test(first)) || (second != null && now != null && now.test(second));
                if (meant) {
                    (first == null ? gone : back).add(was.name(), changes.place(), Role.CHOSEN);
                }
            }
            inOlder.add(selection.fields().isEmpty() ? selection : selection.withoutParents(), back);
            inNewer.add(selection.withoutParents(), gone);
        }

        void tellDangling() {
            inOlder.dangling().forEach(text -> notes.add(older.source().name() + ": " + text));
        }

        List<UndoneRecords> result(boolean everything) {
            List<UndoneRecords> result = new ArrayList<>();
            List<String> names = older.source().collections().stream()
                    .map(StoredCollection::name)
                    .toList();
            for (String name : older.order(names)) {
                StoredCollection was = older.source().collection(name).orElseThrow();
                boolean whole = everything || inOlder.isWhole(name);
                RecordPlaces places = new RecordPlaces();
                inOlder.places(name).forEach((place, role) -> places.add(name, place, role));
                inNewer.places(name).forEach((place, role) -> places.add(name, place, role));
                if (whole || !places.of(name).isEmpty()) {
                    undone(was, whole ? null : places).ifPresent(result::add);
                }
            }
            newer.source().collections().stream()
                    .filter(one -> everything && !names.contains(one.name()))
                    .forEach(one -> notes.add(newer.source().name() + "/" + one.name()
                            + " was added after the restore point and stays as it is"));
            return result;
        }

        private Optional<UndoneRecords> undone(StoredCollection was, @Nullable RecordPlaces places) {
            StoredCollection is = newer.source().collection(was.name()).orElse(null);
            if (is != null && !CollectionChanges.sameIdentity(was.schema(), is.schema())) {
                blockers.add(older.source().name() + ": the key of collection " + was.name() + " was "
                        + key(was.schema()) + " at the restore point and "
                        + key(is.schema()) + " later: its changes can't be undone");
                return Optional.empty();
            }
            UndoneRecords records = new UndoneRecords(
                    parameters,
                    was,
                    is,
                    places == null ? null : places.of(was.name()),
                    fields.getOrDefault(was.name(), Set.of()),
                    new Ties(older.from(was.name()), sourceReferences),
                    Gaps.of(before.manifest),
                    sorters);
            return records.isEmpty() ? Optional.empty() : Optional.of(records);
        }

        /** Records of either snapshot may refer to those that were added. */
        private static Map<String, List<Reference>> ofEither(SourceReferences older, SourceReferences newer) {
            Map<String, Set<Reference>> either = new LinkedHashMap<>();
            for (SourceReferences side : List.of(older, newer)) {
                side.all()
                        .forEach((name, references) -> either.computeIfAbsent(name, any -> new LinkedHashSet<>())
                                .addAll(references));
            }
            Map<String, List<Reference>> all = new LinkedHashMap<>();
            either.forEach((name, references) -> all.put(name, List.copyOf(references)));
            return Map.copyOf(all);
        }

        private static List<String> key(RecordSchema schema) {
            return schema.key().stream()
                    .map(name -> name + " "
                            + schema.fields().get(schema.indexOf(name)).type())
                    .toList();
        }

        /** The paths that records hold that go back, and whose files were asked for. */
        List<String> files(FileReferences reference, List<UndoneRecords> undone) {
            StoredCollection records = older.source().named(reference.collection());
            return undone.stream()
                    .filter(one -> one.name().equals(records.name()))
                    .flatMap(one -> one.paths(reference, inOlder.withFiles(records.name())).stream())
                    .toList();
        }
    }
}
