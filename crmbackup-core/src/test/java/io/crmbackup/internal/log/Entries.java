package io.crmbackup.internal.log;

import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Entries for tests. */
final class Entries {
    private Entries() {}

    static ObjectId id(long number) {
        return new ObjectId(number, 0);
    }

    static SnapshotSummary summary(ObjectId id) {
        return new SnapshotSummary(
                id,
                "crm",
                Instant.parse("2026-01-02T03:04:05.123456789Z"),
                StrategyKind.INCREMENTAL,
                SnapshotState.COMPLETE,
                new BackupSizes(1, 2, 3, 4),
                null);
    }

    /** A commit of a snapshot with one new pack, listed by one new index of the same number. */
    static LogEntry.Commit commit(long number) {
        return new LogEntry.Commit(
                summary(id(number)),
                IdSet.empty(),
                List.of(new IndexRef(id(number), IdSet.of(id(number)))),
                IdSet.of(id(number)));
    }

    static LogEntry drawn(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> new LogEntry.Commit(drawnSummary(random), ids(random), indexes(random), ids(random));
            case 1 -> new LogEntry.Expire(ids(random));
            case 2 -> new LogEntry.Condemn(ids(random), indexes(random));
            case 3 -> new LogEntry.Swept(ids(random));
            case 4 -> new LogEntry.Reindex(indexes(random), ids(random));
            case 5 -> new LogEntry.Keys(ids(random), ids(random));
            default -> new LogEntry.Join(id(random.nextInt(9)));
        };
    }

    private static SnapshotSummary drawnSummary(Random random) {
        return new SnapshotSummary(
                id(random.nextInt(9)),
                "plän".repeat(random.nextInt(3)),
                Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
                StrategyKind.values()[random.nextInt(3)],
                SnapshotState.values()[random.nextInt(2)],
                new BackupSizes(random.nextInt(9), random.nextLong() >>> 1, 0, Long.MAX_VALUE),
                random.nextBoolean() ? null : id(random.nextInt(9)));
    }

    private static IdSet ids(Random random) {
        List<ObjectId> ids = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ids.add(id(random.nextInt(9)));
        }
        return IdSet.of(ids);
    }

    private static List<IndexRef> indexes(Random random) {
        List<IndexRef> indexes = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            indexes.add(new IndexRef(id(random.nextInt(9)), ids(random)));
        }
        return indexes;
    }
}
