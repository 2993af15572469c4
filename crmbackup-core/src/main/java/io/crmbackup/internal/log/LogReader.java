package io.crmbackup.internal.log;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.object.ObjectRole;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Reads entries one after the other and checks that they are one chain without gaps. Not thread-safe. */
final class LogReader {
    private final Log.Context context;

    LogReader(Log.Context context) {
        this.context = context;
    }

    /**
     * Folds in all entries that follow a state; each is shown to {@code seen} first.
     *
     * @param least number below which entries are known to be there, though a read may not show them at once
     */
    LogState readOn(LogState from, long least, Consumer<LogEntry> seen) {
        Fold fold = new Fold(from);
        while (true) {
            long number = fold.position().next();
            Optional<byte[]> stored = stored(number);
            if (stored.isEmpty() && (number < least || stored(number + 1).isPresent())) {
                stored = Optional.of(insist(number));
            }
            if (stored.isEmpty()) {
                return number == from.next() ? from : fold.state();
            }
            String name = ObjectRole.LOG.name(number);
            LogRecord record = EntryCodec.decode(name, context.sealer().open(ObjectRole.LOG, name, stored.get()));
            if (!record.previous().equals(fold.position().last())) {
                throw new DamagedObjectException(
                        name,
                        "does not follow the entry before it as this client read it: the log was cut, exchanged or forked");
            }
            seen.accept(record.entry());
            fold.add(record, Hashing.sha256().hashBytes(stored.get()));
        }
    }

    /** Shows the entries before a position, newest first, each proved by the hash that the one after it bears. */
    void backwards(LogPosition from, HistoryVisitor visitor) {
        HashCode expected = from.last();
        for (long number = from.next() - 1; number >= 0; number--) {
            String name = ObjectRole.LOG.name(number);
            byte[] stored = insist(number);
            if (!Hashing.sha256().hashBytes(stored).equals(expected)) {
                throw new DamagedObjectException(name, "is not the entry that the one after it follows");
            }
            LogRecord record = EntryCodec.decode(name, context.sealer().open(ObjectRole.LOG, name, stored));
            if (!visitor.entry(number, record.written(), record.entry())) {
                return;
            }
            expected = record.previous();
        }
    }

    /** SHA-256 of an entry's stored object, if it is there, looking several times if it seems not to be. */
    Optional<HashCode> find(long number) {
        Optional<byte[]> stored = stored(number);
        for (int i = 1; stored.isEmpty() && i < context.retries().attempts(); i++) {
            context.retries().pause(i);
            stored = stored(number);
        }
        return stored.map(Hashing.sha256()::hashBytes);
    }

    /** A listing may be wrong either way, so what it shows beyond the end is only a reason to look. */
    void requireNothingBeyond(LogState tail) {
        AtomicLong highest = new AtomicLong(-1);
        context.store()
                .list(
                        ObjectRole.LOG.prefix(),
                        object -> ObjectRole.LOG
                                .number(object.name())
                                .ifPresent(number -> highest.accumulateAndGet(number, Math::max)));
        if (highest.get() > tail.next() && stored(highest.get()).isPresent()) {
            insist(tail.next());
        }
    }

    /** Requires that the log had {@code expected} as it was read once. */
    void requireContinues(LogState tail, LogPosition expected) {
        if (expected.next() == 0) {
            return;
        }
        long last = expected.next() - 1;
        Optional<HashCode> found = tail.next() < expected.next() ? Optional.empty() : find(last);
        if (found.filter(expected.last()::equals).isEmpty()) {
            throw new DamagedObjectException(
                    ObjectRole.LOG.name(last),
                    found.isEmpty()
                            ? "is missing, though it was read before: the log was set back to " + tail.next()
                                    + " entries"
                            : "is not the entry that was read before: the log was exchanged");
        }
    }

    /** An entry that has to be there, since a later one is. */
    private byte[] insist(long number) {
        for (int i = 1; ; i++) {
            Optional<byte[]> stored = stored(number);
            if (stored.isPresent()) {
                return stored.get();
            }
            if (i >= context.retries().attempts()) {
                throw new DamagedObjectException(
                        ObjectRole.LOG.name(number), "is missing, though later entries of the log exist");
            }
            context.retries().pause(i);
        }
    }

    private Optional<byte[]> stored(long number) {
        return context.store().find(ObjectRole.LOG, ObjectRole.LOG.name(number));
    }
}
