package io.crmbackup.internal.prune;

import io.crmbackup.PreparedPrune;
import io.crmbackup.PruneOptions;
import io.crmbackup.error.CommitConflictException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.log.IndexRef;
import io.crmbackup.internal.log.LogEntry;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.report.PrunePreview;
import io.crmbackup.report.PruneReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One prune, from marking to the last delete; how it is safe: package description. Not thread-safe. */
public class PruneRun implements PreparedPrune {
    private static final int MOST_MARKS = 5;

    private final PruneContext context;
    private final PruneOptions options;
    private @Nullable PrunePreview preview;
    private @Nullable Mark mark;
    private Rewrite.Moved moved = Rewrite.Moved.NOTHING;
    private int marks;
    private boolean ended;

    PruneRun(PruneContext context, PruneOptions options) {
        this.context = context;
        this.options = options;
    }

    /** Thinks a prune through. */
    public static PreparedPrune prepare(PruneContext context, PruneOptions options) {
        return new PruneRun(context, options).prepared();
    }

    PruneRun prepared() {
        try {
            preview = preview(markAt(context.log().refresh()));
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    // What follows are the decisions that safety rests on, apart so that tests can show what each is for.

    /** What marks; what live snapshots need as of a state. */
    Marker marker(PruneContext with, LogState state) {
        return new Marker(with, options, state);
    }

    /** Whether a mark still says what the log needs now. */
    boolean isCurrent(Mark made, LogState now) {
        return made.state().next() == now.next();
    }

    /** What judges packs. */
    Reclaim reclaim() {
        return new Reclaim(context, options);
    }

    /** What the entry says. */
    LogEntry.Condemn entry(IdSet condemned, List<IndexRef> moved) {
        return new LogEntry.Condemn(condemned, moved);
    }

    /** What can be deleted. */
    Sweep sweep(LogState state) {
        return new Sweep(context, state);
    }

    private Mark markAt(LogState state) {
        release();
        context.load(state);
        Mark made = marker(context, state).mark();
        mark = made;
        reclaim().judge(made);
        return made;
    }

    private PrunePreview preview(Mark made) {
        Sweep sweep = sweep(made.state()).look(options.quarantine());
        IdSet condemned = made.condemned();
        long bytes = made.packs().bytes(condemned);
        boolean atOnce = options.quarantine().isZero();
        List<String> notes = new ArrayList<>(sweep.notes());
        if (!atOnce && !condemned.isEmpty()) {
            notes.add(condemned.size() + " packs of " + bytes + " bytes are given up now and deleted by a prune after "
                    + context.clock().instant().plus(options.quarantine()) + " (quarantine)");
        }
        return new PrunePreview(
                condemned.size(),
                bytes,
                made.rewritten().size(),
                made.bytesToMove(),
                made.basesReleased(),
                sweep.packs() + (atOnce ? condemned.size() : 0),
                sweep.bytes() + (atOnce ? bytes : 0),
                new IndexMerge(context, made.state()).chosen().size(),
                notes);
    }

    @Override
    public PrunePreview preview() {
        return Objects.requireNonNull(preview, "it is prepared");
    }

    @Override
    public PruneReport commit() {
        if (ended) {
            throw new IllegalStateException("this prune was committed or closed; prepare another");
        }
        Instant started = context.clock().instant();
        try (this) {
            IdSet condemnedBefore = context.log().state().condemned();
            IdSet[] condemned = {IdSet.empty()};
            LogState after = context.log().condemn(state -> {
                Optional<LogEntry.Condemn> entry = condemn(state);
                condemned[0] = entry.map(LogEntry.Condemn::packs).orElse(IdSet.empty());
                return entry;
            });
            context.load(after);
            condemned[0] = condemned[0].intersect(after.condemned()).minus(condemnedBefore);
            long merged = new IndexMerge(context, after).run();
            LogState now = context.log().refresh();
            Sweep sweep = sweep(now).look(options.quarantine());
            if (sweep.packs() > 0) {
                markAgain(now);
            }
            sweep.run();
            Mark made = Objects.requireNonNull(mark, "condemning marks");
            return new PruneReport(
                    condemned[0].size(),
                    made.packs().bytes(condemned[0]),
                    moved.bytes(),
                    made.basesReleased(),
                    sweep.packs(),
                    sweep.bytes(),
                    sweep.manifests(),
                    merged,
                    sweep.indexes(),
                    sweep.notes(),
                    Duration.between(started, context.clock().instant()));
        }
    }

    private Optional<LogEntry.Condemn> condemn(LogState state) {
        if (++marks > MOST_MARKS) {
            throw new CommitConflictException("other prunes gave up packs " + MOST_MARKS
                    + " times while this one was at it; nothing was given up by it. Run it again while no other does");
        }
        Mark made = mark;
        if (made == null || !isCurrent(made, state)) {
            made = markAt(state);
        }
        moved = new Rewrite(context, made).run();
        return made.condemned().isEmpty() && moved.indexes().isEmpty()
                ? Optional.empty()
                : Optional.of(entry(made.condemned(), moved.indexes()));
    }

    /**
     * Before anything is deleted: everything that is needed can be found without it. By the rules of the log this always holds; if not, a writer is broken, and the packs may be the last ones.
     */
    private void markAgain(LogState now) {
        Mark made = Objects.requireNonNull(mark, "condemning marks");
        context.load(now);
        if (!liveIds(made.state()).equals(liveIds(now))) {
            marker(context, now).mark().close();
            return;
        }
        Copies copies = new Copies(context.chunks(), now, made.packs());
        made.kept().forEach(copy -> {
            context.course().step();
            if (!copies.isUsable(copy) && copies.of(copy.id(), copy.type()).isEmpty()) {
                throw lost(copy);
            }
        });
    }

    private static DamagedObjectException lost(ChunkCopy copy) {
        return new DamagedObjectException(
                "chunk " + copy.id(),
                "is needed by a snapshot, but lies only in packs that were given up, "
                        + ObjectRole.PACK.name(copy.pack())
                        + " among them: another client of this repository does not keep the rules. Nothing was deleted");
    }

    private static Set<ObjectId> liveIds(LogState state) {
        Set<ObjectId> ids = new HashSet<>();
        state.snapshots().forEach(live -> ids.add(live.summary().id()));
        return ids;
    }

    private void release() {
        Mark old = mark;
        mark = null;
        if (old != null) {
            old.close();
        }
    }

    @Override
    public void close() {
        ended = true;
        release();
    }
}
