package io.crmbackup.internal.log;

import io.crmbackup.error.BackupException;
import io.crmbackup.error.CommitStateUnknownException;
import io.crmbackup.error.SinkException;
import io.crmbackup.internal.log.Model.Copy;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One backup: shares, deduplicates or writes each chunk as it is drawn, and commits through the real log. */
final class ModelWriter implements Runnable {
    /** Where a chunk comes from: a parent's subtree, or a copy, with the indexes that list the copy and its base. */
    private record Place(
            @Nullable ObjectId parent, @Nullable Copy copy, List<IndexRef> indexes) {}

    private final Model model;
    private final Log log;
    private final Variant variant;
    private final Map<Character, Place> places = new TreeMap<>();
    private IdSet own = IdSet.empty();
    private final ObjectId snapshot;
    int commits;
    int repairs;

    ModelWriter(Model model, Variant variant) {
        this.model = model;
        this.log = Log.open(model.context, null);
        this.variant = variant;
        this.snapshot = ObjectId.random(model.ids);
    }

    @Override
    public void run() {
        try {
            LogState state = model.random.nextBoolean() ? log.state() : log.refresh();
            String needed = List.of("A", "B", "AB").get(model.random.nextInt(3));
            for (char chunk : needed.toCharArray()) {
                places.put(chunk, place(chunk, state));
            }
            model.putManifest(snapshot, needed);
            commit();
            commits++;
        } catch (CommitStateUnknownException e) {
            if (variant == Variant.OWN_PACKS_DELETED_ON_UNKNOWN_STATE) {
                own.forEach(pack -> model.store.delete(ObjectRole.PACK.name(pack)));
            }
        } catch (BackupException e) {
            // Failed typed: what was uploaded is orphaned.
        }
    }

    private void commit() {
        switch (variant) {
            case COMMIT_NOT_CHECKED_AGAIN -> log.append(once(new CommitProposal(entry(), this::repair)));
            case MARKED_AGAIN_INSTEAD_OF_CHECKED -> log.append(Proposal.of(entry()));
            case SWEPT_IS_FORGOTTEN -> {
                CommitProposal proposal = new CommitProposal(entry(), this::repair);
                log.append(before -> proposal.entry(forgetful(before)));
            }
            default -> log.commit(entry(), this::repair);
        }
    }

    private LogEntry.Commit entry() {
        List<ObjectId> relies = new ArrayList<>();
        List<ObjectId> parents = new ArrayList<>();
        List<IndexRef> indexes = new ArrayList<>();
        for (Place place : places.values()) {
            if (place.parent() != null) {
                parents.add(place.parent());
            }
            Copy copy = place.copy();
            if (copy != null) {
                indexes.addAll(place.indexes());
                relies.add(copy.pack());
                if (copy.base() != null && variant != Variant.BASE_NOT_CHECKED) {
                    relies.add(copy.base());
                }
            }
        }
        IdSet checked = IdSet.of(relies);
        if (variant == Variant.DEDUP_NOT_CHECKED) {
            checked = checked.intersect(own);
        } else if (variant == Variant.OWN_PACKS_NOT_CHECKED) {
            checked = checked.minus(own);
        }
        return new LogEntry.Commit(
                Entries.summary(snapshot),
                variant == Variant.PARENT_NOT_CHECKED ? IdSet.empty() : IdSet.of(parents),
                indexes.stream().distinct().toList(),
                checked);
    }

    private LogEntry.Commit repair(LogEntry.Commit rejected, CommitConflict conflict, LogState state) {
        repairs++;
        for (Map.Entry<Character, Place> chunk : places.entrySet()) {
            Place place = chunk.getValue();
            Copy copy = place.copy();
            boolean gone = copy == null
                    ? conflict.parents().contains(place.parent() == null ? snapshot : place.parent())
                    : !copy.packs().intersect(state.condemned()).isEmpty();
            if (gone && copy != null && variant == Variant.OLD_NAME_USED_AGAIN) {
                copy.packs()
                        .forEach(pack -> model.putPack(
                                pack.equals(copy.pack()) ? copy.chunk() : 'A',
                                pack,
                                pack.equals(copy.pack()) ? copy.base() : null));
                return new LogEntry.Commit(
                        rejected.snapshot(),
                        rejected.parents(),
                        rejected.indexes(),
                        rejected.relies().minus(conflict.condemned()));
            }
            if (gone) {
                chunk.setValue(place(chunk.getKey(), state));
            }
        }
        return entry();
    }

    private Place place(char chunk, LogState state) {
        int choice = model.random.nextInt(3);
        if (choice == 0) {
            for (LogState.Live live : state.snapshots()) {
                if (model.chunks(live.summary().id()).indexOf(chunk) >= 0) {
                    return new Place(live.summary().id(), null, List.of());
                }
            }
        }
        List<Copy> known = known(state);
        for (Copy copy : known) {
            if (choice <= 1 && copy.chunk() == chunk) {
                return placed(copy, known);
            }
        }
        return placed(written(chunk, known), known);
    }

    private static Place placed(Copy copy, List<Copy> known) {
        List<IndexRef> indexes = new ArrayList<>(List.of(copy.indexRef()));
        known.stream()
                .filter(other -> other.pack().equals(copy.base()))
                .map(Copy::indexRef)
                .forEach(indexes::add);
        return new Place(null, copy, indexes);
    }

    /** Copies that may be relied on as far as this writer has read, in named indexes or in any that a listing shows. */
    private List<Copy> known(LogState state) {
        IdSet bad = variant == Variant.SWEPT_IS_FORGOTTEN ? state.toBeDeleted() : state.condemned();
        IdSet indexes = IdSet.of(state.indexes().keySet())
                .union(model.listed(ObjectRole.INDEX))
                .minus(state.dropped());
        List<Copy> copies = new ArrayList<>(model.copies(indexes));
        copies.removeIf(copy -> !copy.packs().intersect(bad).isEmpty());
        IdSet listed = IdSet.of(copies.stream().map(Copy::pack).toList());
        copies.removeIf(copy -> !listed.containsAll(copy.packs()));
        Collections.shuffle(copies, model.random);
        return copies;
    }

    private Copy written(char chunk, List<Copy> known) {
        ObjectId base = null;
        if (chunk == 'B' && model.random.nextBoolean()) {
            base = known.stream()
                    .filter(copy -> copy.chunk() == 'A' && copy.base() == null)
                    .map(Copy::pack)
                    .findFirst()
                    .orElse(null);
        }
        for (int attempt = 0; ; attempt++) {
            ObjectId pack = ObjectId.random(model.ids);
            own = own.union(IdSet.of(pack));
            try {
                model.putPack(chunk, pack, base);
            } catch (SinkException e) {
                if (variant != Variant.UNANSWERED_PACK_TAKEN_AS_STORED) {
                    if (attempt == 2) {
                        throw e;
                    }
                    continue; // another name
                }
            }
            return model.putIndex(chunk, pack, base);
        }
    }

    private static LogState forgetful(LogState state) {
        return new LogState(
                state.position(),
                state.snapshots().stream()
                        .collect(Collectors.toMap(live -> live.summary().id(), live -> live)),
                state.indexes(),
                state.dropped(),
                state.toBeDeleted(),
                IdSet.empty());
    }

    /** A proposal that is asked once and then repeats itself. */
    static Proposal once(Proposal proposal) {
        List<Optional<LogEntry>> said = new ArrayList<>();
        return before -> {
            if (said.isEmpty()) {
                said.add(proposal.entry(before));
            }
            return said.get(0);
        };
    }
}
