package io.crmbackup.internal.prune;

import io.crmbackup.BackupRepository;
import io.crmbackup.PreparedPrune;
import io.crmbackup.PruneOptions;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.log.IndexRef;
import io.crmbackup.internal.log.LogEntry;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.repository.Inside;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The pruner with one decision taken wrongly, in ways that look reasonable. */
public enum WrongPrune {
    /** The pruner as it is. */
    NONE,
    /** What was marked once is condemned, whatever was committed or condemned since. */
    MARK_NOT_KEPT_UP,
    /** A chunk that is not found is passed over, as another prune may have moved it; the view of the indexes lags behind. */
    UNRESOLVED_PASSED_OVER,
    /** The pack of a copy is kept, that of its base not. */
    BASE_NOT_KEPT,
    /** The index of moved chunks is put, as the index of any run is, but not named. */
    MOVED_NOT_NAMED,
    /** Packs are deleted right before the entry that condemns them. */
    DELETED_BEFORE_CONDEMNED,
    /** Whatever no entry names is an orphan, and orphans can be deleted. */
    UNNAMED_IS_DELETED;

    /** What every prune of these tests is told. */
    public static final PruneOptions AT_ONCE =
            PruneOptions.standard().quarantine(Duration.ZERO).grace(Duration.ZERO);

    /** Prepares such a prune. */
    public PreparedPrune prepare(BackupRepository repository, PruneOptions options) {
        return new Run(Inside.of(repository), options).prepared();
    }

    private final class Run extends PruneRun {
        private final PruneContext context;
        private final PruneOptions options;

        Run(PruneContext context, PruneOptions options) {
            super(context, options);
            this.context = context;
            this.options = options;
        }

        @Override
        Marker marker(PruneContext with, LogState state) {
            if (WrongPrune.this != UNRESOLVED_PASSED_OVER) {
                return super.marker(with, state);
            }
            return new Marker(with, options, state) {
                @Override
                List<ChunkCopy> usable(ChunkId id, ChunkType type) {
                    return type == ChunkType.DATA ? List.of() : super.usable(id, type);
                }

                @Override
                void unresolved(ChunkId id) {
                    // It will be somewhere.
                }
            };
        }

        @Override
        boolean isCurrent(Mark made, LogState now) {
            return WrongPrune.this == MARK_NOT_KEPT_UP || super.isCurrent(made, now);
        }

        @Override
        Reclaim reclaim() {
            if (WrongPrune.this != BASE_NOT_KEPT) {
                return super.reclaim();
            }
            return new Reclaim(context, options) {
                @Override
                Stream<ObjectId> needed(ChunkCopy copy) {
                    return Stream.of(copy.pack());
                }
            };
        }

        @Override
        LogEntry.Condemn entry(IdSet condemned, List<IndexRef> moved) {
            if (WrongPrune.this == DELETED_BEFORE_CONDEMNED) {
                condemned.forEach(pack -> context.objects().delete(ObjectRole.PACK.name(pack)));
            }
            return super.entry(condemned, WrongPrune.this == MOVED_NOT_NAMED ? List.of() : moved);
        }

        @Override
        Sweep sweep(LogState state) {
            if (WrongPrune.this != UNNAMED_IS_DELETED) {
                return super.sweep(state);
            }
            return new Sweep(context, state) {
                @Override
                boolean isDue(Due due, ObjectId id) {
                    return true;
                }

                @Override
                boolean isOfNoUse(ObjectId index) {
                    return true;
                }
            };
        }
    }
}
