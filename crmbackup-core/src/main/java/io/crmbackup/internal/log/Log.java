package io.crmbackup.internal.log;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.BackupException;
import io.crmbackup.error.CommitStateUnknownException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SinkException;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.Retries;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The repository's one history, and the only way to change what the repository is (protocol and layouts: package
 * description).
 * Thread-safe; nothing waits for anything but the sink.
 */
public final class Log {
    /** What the log is kept in and written with. */
    public record Context(
            ObjectStore store, ObjectSealer sealer, SecureRandom random, InstantSource clock, Retries retries) {}

    /** Entries between two checkpoints. */
    static final int CHECKPOINT_EVERY = 64;

    private static final Logger LOGGER = LoggerFactory.getLogger(Log.class);

    private final Context context;
    private final AtomicReference<LogState> state;

    private Log(Context context, LogState state) {
        this.context = context;
        this.state = new AtomicReference<>(state);
    }

    /**
     * Writes the first entry of a new repository's log; if there is one already, opens it.
     *
     * @throws CommitStateUnknownException if it is not known whether the entry is stored
     */
    public static Log begin(Context context, ObjectId client) {
        Log log = new Log(context, LogState.START);
        log.append(before -> before.next() > 0 ? Optional.empty() : Optional.of(new LogEntry.Join(client)));
        return log;
    }

    /**
     * Reads the log of a repository.
     *
     * @param expected how far this client had read it once, or null if it does not remember
     * @throws DamagedObjectException if entries are missing or altered, or the log is not the one that was read once
     * @throws SinkException if the sink can't be read
     */
    public static Log open(Context context, @Nullable LogPosition expected) {
        LogReader reader = new LogReader(context);
        LogState start = new Checkpoints(context).newest().orElse(LogState.START);
        LogState tail = reader.readOn(start, 0, entry -> {});
        if (tail.next() == 0) {
            throw new DamagedObjectException(
                    ObjectRole.LOG.name(0), "is missing, and with it the repository's history");
        }
        reader.requireNothingBeyond(tail);
        if (expected != null) {
            reader.requireContinues(tail, expected);
        }
        return new Log(context, tail);
    }

    /** The log as far as it was read last. */
    public LogState state() {
        return state.get();
    }

    /**
     * Reads what was appended since.
     *
     * @throws DamagedObjectException if the entries do not continue those that were read before
     */
    public LogState refresh() {
        return publish(new LogReader(context).readOn(state.get(), 0, entry -> {}));
    }

    /**
     * Shows the entries that a state is the sum of, newest first, until the visitor has seen enough.
     *
     * @throws DamagedObjectException if entries are missing or are not those that were read before
     */
    public void history(LogState state, HistoryVisitor visitor) {
        new LogReader(context).backwards(state.position(), visitor);
    }

    /**
     * Commits a snapshot: the one moment at which it comes to be. Its packs, indexes and manifest are stored.
     *
     * @return the log with the commit
     * @throws io.crmbackup.error.CommitConflictException if it could not be repaired; nothing was committed
     * @throws CommitStateUnknownException if the sink did not say whether the entry is stored. Nothing may be
     *     deleted: it may
     *     still arrive, and is then right
     */
    public LogState commit(LogEntry.Commit commit, CommitRepair repair) {
        return append(new CommitProposal(commit, repair));
    }

    /**
     * Expires what the rule says, which is asked for every state that the entry might follow; nothing if it says
     * nothing.
     *
     * @param rule gives ids of live snapshots
     */
    public LogState expire(Function<LogState, IdSet> rule) {
        return append(new ExpireProposal(rule));
    }

    /** Condemns what the marking finds, kept up with what others append meanwhile; nothing if it neither condemns nor moves anything. */
    public LogState condemn(Marking marking) {
        return append(new CondemnProposal(marking));
    }

    /** Notes that condemned packs have been deleted. */
    public LogState swept(IdSet packs) {
        return append(before -> {
            if (!before.condemned().containsAll(packs)) {
                throw new IllegalArgumentException(
                        "packs were deleted that are not condemned: " + packs.minus(before.condemned()));
            }
            IdSet news = packs.intersect(before.toBeDeleted());
            return news.isEmpty() ? Optional.empty() : Optional.of(new LogEntry.Swept(news));
        });
    }

    /**
     * Lets stored indexes take the place of others; nothing if another client did so first, to be seen in the state.
     */
    public LogState reindex(LogEntry.Reindex reindex) {
        return append(new ReindexProposal(reindex));
    }

    /** Notes that key slots came or went. */
    public LogState keys(LogEntry.Keys keys) {
        return append(Proposal.of(keys));
    }

    /** Notes that a client begins to use the repository. */
    public LogState join(ObjectId client) {
        return append(Proposal.of(new LogEntry.Join(client)));
    }

    /** Appends what the proposal says to whatever the log has become by then. */
    LogState append(Proposal proposal) {
        ObjectId nonce = ObjectId.random(context.random());
        LogReader reader = new LogReader(context);
        LogState before = reader.readOn(state.get(), 0, proposal::overtakenBy);
        for (int tried = 1; ; tried++) {
            publish(before);
            Optional<LogEntry> entry = proposal.entry(before);
            if (entry.isEmpty()) {
                return before;
            }
            Optional<LogState> after = put(before, nonce, entry.get());
            if (after.isPresent()) {
                return publish(after.get());
            }
            before = reader.readOn(before, before.next() + 1, proposal::overtakenBy);
            if (tried % 8 == 0) {
                context.retries().pause(tried / 8);
            }
        }
    }

    /** The log with the entry after {@code before}, or empty if another one stands there. */
    private Optional<LogState> put(LogState before, ObjectId nonce, LogEntry entry) {
        String name = ObjectRole.LOG.name(before.next());
        LogRecord record =
                new LogRecord(nonce, before.position().last(), context.clock().instant(), entry);
        byte[] stored = context.sealer().seal(ObjectRole.LOG, name, EntryCodec.encode(record));
        HashCode hash = Hashing.sha256().hashBytes(stored);
        if (Thread.currentThread().isInterrupted()) {
            throw new BackupCancelledException("interrupted before " + name + " was written");
        }
        try {
            if (context.store().put(name, stored) == ObjectStore.Outcome.TAKEN) {
                return Optional.empty();
            }
            if (new LogReader(context).find(before.next()).filter(hash::equals).isEmpty()) {
                throw new CommitStateUnknownException(
                        "the sink said that it stored " + name + ", but does not give it back");
            }
        } catch (CommitStateUnknownException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever it was, an interrupt or a fault within the sink: it may have stored the entry all the same.
            throw new CommitStateUnknownException(
                    "it is not known whether " + name + " is stored: " + e.getMessage(), e);
        }
        // From here on the entry stands, and no failure may make it look otherwise.
        Fold fold = new Fold(before);
        fold.add(record, hash);
        LogState after = fold.state();
        checkpoint(after);
        return Optional.of(after);
    }

    private void checkpoint(LogState after) {
        if (after.next() % CHECKPOINT_EVERY != 0) {
            return;
        }
        try {
            new Checkpoints(context).write(after);
        } catch (BackupException e) {
            LOGGER.warn("could not write a checkpoint of the first {} entries of the log", after.next(), e);
        }
    }

    private LogState publish(LogState read) {
        state.accumulateAndGet(read, (old, next) -> next.next() > old.next() ? next : old);
        return read;
    }
}
