package io.crmbackup.internal.log;

import com.google.common.hash.HashCode;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;

/** Entries and checkpoints as bytes (layouts: package description). */
final class EntryCodec {
    private static final int COMMIT = 1;
    private static final int EXPIRE = 2;
    private static final int CONDEMN = 3;
    private static final int SWEPT = 4;
    private static final int REINDEX = 5;
    private static final int KEYS = 6;
    private static final int JOIN = 7;

    /** In the order of their codes, which are format. */
    private static final List<StrategyKind> STRATEGIES =
            List.of(StrategyKind.FULL, StrategyKind.INCREMENTAL, StrategyKind.DIFFERENTIAL);

    private static final List<SnapshotState> STATES = List.of(SnapshotState.COMPLETE, SnapshotState.PARTIAL);

    private EntryCodec() {}

    static byte[] encode(LogRecord record) {
        FieldWriter out = new FieldWriter();
        LogEntry entry = record.entry();
        out.oneByte(kind(entry)).id(record.nonce()).hash(record.previous()).millis(record.written());
        if (entry instanceof LogEntry.Commit commit) {
            summary(out, commit.snapshot());
            out.ids(commit.parents()).indexes(commit.indexes()).ids(commit.relies());
        } else if (entry instanceof LogEntry.Expire expire) {
            out.ids(expire.snapshots());
        } else if (entry instanceof LogEntry.Condemn condemn) {
            out.ids(condemn.packs()).indexes(condemn.indexes());
        } else if (entry instanceof LogEntry.Swept swept) {
            out.ids(swept.packs());
        } else if (entry instanceof LogEntry.Reindex reindex) {
            out.indexes(reindex.add()).ids(reindex.drop());
        } else if (entry instanceof LogEntry.Keys keys) {
            out.ids(keys.added()).ids(keys.removed());
        } else if (entry instanceof LogEntry.Join join) {
            out.id(join.client());
        }
        return out.toBytes();
    }

    static LogRecord decode(String name, byte[] plain) {
        FieldReader in = new FieldReader(name, plain);
        int kind = in.oneByte();
        ObjectId nonce = in.id();
        HashCode previous = in.hash();
        Instant written = in.millis();
        LogEntry entry = switch (kind) {
            case COMMIT -> new LogEntry.Commit(summary(in), in.ids(), in.indexes(), in.ids());
            case EXPIRE -> new LogEntry.Expire(in.ids());
            case CONDEMN -> new LogEntry.Condemn(in.ids(), in.indexes());
            case SWEPT -> new LogEntry.Swept(in.ids());
            case REINDEX -> new LogEntry.Reindex(in.indexes(), in.ids());
            case KEYS -> new LogEntry.Keys(in.ids(), in.ids());
            case JOIN -> new LogEntry.Join(in.id());
            default ->
                throw new UnsupportedFormatException(
                        name + " is an entry of kind " + kind + ", which this version of the library does not know");
        };
        in.end();
        return new LogRecord(nonce, previous, written, entry);
    }

    static byte[] encodeCheckpoint(LogState state) {
        FieldWriter out = new FieldWriter();
        out.number(state.next()).hash(state.position().last());
        out.count(state.snapshots().size());
        for (LogState.Live snapshot : state.snapshots()) {
            out.number(snapshot.number()).millis(snapshot.written());
            summary(out, snapshot.summary());
        }
        out.indexes(state.indexRefs());
        out.ids(state.dropped()).ids(state.condemned()).ids(state.swept());
        return out.toBytes();
    }

    static LogState decodeCheckpoint(String name, byte[] plain) {
        FieldReader in = new FieldReader(name, plain);
        LogPosition position = new LogPosition(in.size(), in.hash());
        var live = new LinkedHashMap<ObjectId, LogState.Live>();
        for (int i = in.count(2 * Long.BYTES + ObjectId.LENGTH); i > 0; i--) {
            long number = in.size();
            Instant written = in.millis();
            SnapshotSummary summary = summary(in);
            live.put(summary.id(), new LogState.Live(summary, number, written));
        }
        var indexes = new LinkedHashMap<ObjectId, IdSet>();
        in.indexes().forEach(index -> indexes.put(index.id(), index.packs()));
        LogState state = new LogState(position, live, indexes, in.ids(), in.ids(), in.ids());
        in.end();
        return state;
    }

    private static int kind(LogEntry entry) {
        if (entry instanceof LogEntry.Commit) {
            return COMMIT;
        } else if (entry instanceof LogEntry.Expire) {
            return EXPIRE;
        } else if (entry instanceof LogEntry.Condemn) {
            return CONDEMN;
        } else if (entry instanceof LogEntry.Swept) {
            return SWEPT;
        } else if (entry instanceof LogEntry.Reindex) {
            return REINDEX;
        } else if (entry instanceof LogEntry.Keys) {
            return KEYS;
        }
        return JOIN;
    }

    private static void summary(FieldWriter out, SnapshotSummary summary) {
        BackupSizes sizes = summary.sizes();
        out.id(summary.id())
                .text(summary.plan())
                .instant(summary.moment())
                .oneOf(STRATEGIES, summary.strategy())
                .oneOf(STATES, summary.state())
                .number(sizes.bytesRead())
                .number(sizes.bytesChanged())
                .number(sizes.bytesRemoved())
                .number(sizes.bytesStored())
                .optionalId(summary.base());
    }

    private static SnapshotSummary summary(FieldReader in) {
        return new SnapshotSummary(
                in.id(),
                in.text(SnapshotSummary.MAX_PLAN),
                in.instant(),
                in.oneOf(STRATEGIES),
                in.oneOf(STATES),
                new BackupSizes(in.size(), in.size(), in.size(), in.size()),
                in.optionalId());
    }
}
