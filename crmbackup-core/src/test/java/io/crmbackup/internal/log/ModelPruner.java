package io.crmbackup.internal.log;

import io.crmbackup.error.BackupException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.log.Model.Copy;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** One prune: marks, sometimes repacks, condemns through the real log, deletes, and says so. */
final class ModelPruner implements Runnable {
    private final Model model;
    private final Log log;
    private final Variant variant;
    int deletes;

    ModelPruner(Model model, Variant variant) {
        this.model = model;
        this.log = Log.open(model.context, null);
        this.variant = variant;
    }

    @Override
    public void run() {
        try {
            log.refresh();
            condemn();
            IdSet toDelete = log.refresh().toBeDeleted();
            if (variant == Variant.MARKED_AGAIN_INSTEAD_OF_CHECKED) {
                LogState state = log.refresh();
                toDelete = toDelete.minus(needed(state, new ArrayList<>(), state.known()));
            }
            for (ObjectId pack : toDelete) {
                model.store.delete(ObjectRole.PACK.name(pack));
                deletes++;
            }
            if (!toDelete.isEmpty()) {
                log.swept(toDelete);
            }
        } catch (BackupException e) {
            // Failed typed; another prune goes on where this one stopped.
        } catch (IllegalArgumentException e) {
            if (variant != Variant.OTHER_CONDEMN_NOT_LOOKED_AT) {
                throw e;
            }
            // Both condemned the same pack, and even this variant is told so.
        }
    }

    private void condemn() {
        switch (variant) {
            case CONDEMN_NOT_CHECKED_AGAIN -> log.append(ModelWriter.once(new CondemnProposal(this::mark)));
            case OTHER_CONDEMN_NOT_LOOKED_AT -> {
                CondemnProposal proposal = new CondemnProposal(this::mark);
                log.append(new Proposal() {
                    @Override
                    public Optional<LogEntry> entry(LogState before) {
                        return proposal.entry(before);
                    }

                    @Override
                    public void overtakenBy(LogEntry other) {
                        if (!(other instanceof LogEntry.Condemn)) {
                            proposal.overtakenBy(other);
                        }
                    }
                });
            }
            default -> log.condemn(this::mark);
        }
    }

    private Optional<LogEntry.Condemn> mark(LogState state) {
        List<IndexRef> moved = new ArrayList<>();
        IdSet kept = needed(state, moved, state.known().minus(state.condemned()));
        IdSet candidates =
                model.listed(ObjectRole.PACK).union(state.known()).minus(kept).minus(state.condemned());
        return candidates.isEmpty() ? Optional.empty() : Optional.of(new LogEntry.Condemn(candidates, moved));
    }

    /**
     * The packs, among the usable ones, of one copy of each live chunk; now and then a chunk is moved to a new pack
     * first.
     */
    private IdSet needed(LogState state, List<IndexRef> moved, IdSet usable) {
        boolean guessing = variant == Variant.UNRESOLVED_PASSED_OVER;
        List<Copy> copies = new ArrayList<>(model.copies(state.indexes().keySet()));
        if (guessing) {
            copies.removeIf(copy -> model.random.nextInt(3) == 0);
        }
        copies.removeIf(copy -> !usable.containsAll(copy.packs()));
        Collections.shuffle(copies, model.random);
        if (usable.intersect(state.condemned()).isEmpty() && model.random.nextInt(4) == 0 && !copies.isEmpty()) {
            Copy copy = model.write(copies.get(0).chunk(), ObjectId.random(model.ids), null);
            moved.add(copy.indexRef());
            copies.add(0, copy);
        }
        IdSet kept = IdSet.empty();
        for (IndexRef index : moved) {
            kept = kept.union(index.packs());
        }
        for (LogState.Live live : state.snapshots()) {
            for (char chunk : model.chunks(live.summary().id()).toCharArray()) {
                Optional<Copy> found =
                        copies.stream().filter(copy -> copy.chunk() == chunk).findFirst();
                if (found.isEmpty() && !guessing) {
                    throw new DamagedObjectException(
                            "snap/" + live.summary().id(), "chunk " + chunk + " has no good copy");
                }
                kept = kept.union(found.map(Copy::packs).orElse(IdSet.empty()));
            }
        }
        return kept;
    }
}
