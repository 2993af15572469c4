package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Counts the rows that the database deletes by itself together with others. Used by one thread at a time. */
final class Cascades {
    private static final int MOST_REMEMBERED = 1_000_000;

    private final Referrers referrers;
    private final Predicate<Table> counted;
    private final Map<String, Set<RecordKey>> seen = new HashMap<>();
    private int remembered;

    /**
     * Prepares to count.
     *
     * @param cascading finds rows that go with others
     * @param counted the tables whose rows are counted: not those whose surplus rows are deleted, and counted, anyway
     */
    Cascades(Referrers cascading, Predicate<Table> counted) {
        this.referrers = cascading;
        this.counted = counted;
    }

    /** How many rows go with these and were not counted before. */
    long count(Table table, List<List<FieldValue>> keys) throws IOException, SQLException {
        Map<Table, List<List<FieldValue>>> next = new HashMap<>();
        long[] count = {0};
        referrers.find(table, keys, (other, key) -> {
            if (counted.test(other)) {
                if (key.isEmpty()) {
                    count[0]++;
                } else if (isNew(other, key)) {
                    count[0]++;
                    next.computeIfAbsent(other, t -> new ArrayList<>()).add(key);
                }
            }
        });
        for (Map.Entry<Table, List<List<FieldValue>>> more : next.entrySet()) {
            List<List<FieldValue>> all = more.getValue();
            for (int from = 0; from < all.size(); from += RowLookup.MOST) {
                count[0] += count(more.getKey(), all.subList(from, Math.min(all.size(), from + RowLookup.MOST)));
            }
        }
        return count[0];
    }

    private boolean isNew(Table table, List<FieldValue> key) throws IOException {
        if (++remembered > MOST_REMEMBERED) {
            throw new IOException("the database would delete more than " + MOST_REMEMBERED
                    + " rows together with those of the restore: too many to be counted beforehand");
        }
        RecordKey.Builder builder = new RecordKey.Builder();
        for (int i = 0; i < key.size(); i++) {
            Field field = table.schema().fields().get(table.schema().keyIndexes()[i]);
            builder.add(field.type(), key.get(i));
        }
        return seen.computeIfAbsent(table.collection(), t -> new HashSet<>()).add(builder.build());
    }
}
