package io.crmbackup.internal.log;

import com.google.common.hash.HashCode;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.internal.object.ObjectRole;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sums of the log up to some entry, so that opening does not read all of it. Anyone who has read so far may write one;
 * one that is missing, old or damaged costs time and nothing else.
 */
final class Checkpoints {
    private static final Logger LOGGER = LoggerFactory.getLogger(Checkpoints.class);

    /** How many a client looks at before it reads from the beginning. */
    private static final int CANDIDATES = 4;

    private final Log.Context context;

    Checkpoints(Log.Context context) {
        this.context = context;
    }

    void write(LogState state) {
        String name = ObjectRole.CHECKPOINT.name(state.next());
        byte[] plain = EntryCodec.encodeCheckpoint(state);
        // If the name is taken, the same sum is stored there, sealed by someone else.
        context.store().put(name, context.sealer().seal(ObjectRole.CHECKPOINT, name, plain));
    }

    /**
     * The state that the newest good checkpoint gives, if the last entry that it sums up is the one in the log.
     *
     * @throws DamagedObjectException if that entry is missing: a checkpoint is written after it
     */
    Optional<LogState> newest() {
        TreeSet<Long> newest = new TreeSet<>(Comparator.reverseOrder());
        context.store().list(ObjectRole.CHECKPOINT.prefix(), object -> {
            ObjectRole.CHECKPOINT.number(object.name()).ifPresent(newest::add);
            if (newest.size() > CANDIDATES) {
                newest.pollLast();
            }
        });
        for (long next : newest) {
            Optional<LogState> state = read(next).filter(this::isOfThisLog);
            if (state.isPresent()) {
                return state;
            }
        }
        return Optional.empty();
    }

    private boolean isOfThisLog(LogState state) {
        long number = state.next() - 1;
        HashCode last = new LogReader(context)
                .find(number)
                .orElseThrow(() -> new DamagedObjectException(
                        ObjectRole.LOG.name(number),
                        "is missing, though " + ObjectRole.CHECKPOINT.name(state.next())
                                + " sums it up: the log was set back"));
        if (!last.equals(state.position().last())) {
            LOGGER.warn(
                    "{} does not belong to this log; reading the log without it",
                    ObjectRole.CHECKPOINT.name(state.next()));
            return false;
        }
        return true;
    }

    private Optional<LogState> read(long next) {
        String name = ObjectRole.CHECKPOINT.name(next);
        try {
            Optional<byte[]> stored = context.store().find(ObjectRole.CHECKPOINT, name);
            if (stored.isEmpty()) {
                return Optional.empty();
            }
            byte[] plain = context.sealer().open(ObjectRole.CHECKPOINT, name, stored.get());
            LogState state = EntryCodec.decodeCheckpoint(name, plain);
            if (state.next() == next && next > 0) {
                return Optional.of(state);
            }
            LOGGER.warn("{} sums up something else than it says; reading the log without it", name);
        } catch (DamagedObjectException | UnsupportedFormatException e) {
            LOGGER.warn("can't use {}; reading the log without it", name, e);
        }
        return Optional.empty();
    }
}
