package io.crmbackup.jdbc.internal.merge.reference;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.keys.KeySet;
import io.crmbackup.jdbc.internal.merge.keys.KeySets;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Knows the rows that the database deletes by itself together with others. Used by one thread at a time. */
public final class Cascades {
    private static final int MOST_AT_ONCE = 1_000_000;

    private final Referrers referrers;
    private final ForeignKeys keys;
    private final KeySets sets;
    private final Release release;
    private final Map<Table, KeySet> gone = new HashMap<>();

    /** Tells which rows refer to something else before what they refer to now is deleted. */
    @FunctionalInterface
    public interface Release {
        boolean isReleased(Link link, List<FieldValue> key) throws IOException, SQLException;
    }

    public Cascades(Referrers referrers, ForeignKeys keys, KeySets sets, Release release) {
        this.referrers = referrers;
        this.keys = keys;
        this.sets = sets;
        this.release = release;
    }

    /** How many rows of a table to look at together: as many as possible, but few if each may take many with it. */
    public int mostTogether(Table table) throws SQLException {
        return referrers.areTo(table, keys::cascades) ? RowLookup.MOST : RowLookup.MANY;
    }

    /** The keys of all rows that go with some, by table; of tables without key they are empty. */
    public Map<Table, List<List<FieldValue>>> along(Table table, List<List<FieldValue>> some)
            throws IOException, SQLException {
        Map<Table, List<List<FieldValue>>> all = new LinkedHashMap<>();
        Set<List<Object>> seen = new HashSet<>();
        addAlong(table, some, all, seen);
        return all;
    }

    private void addAlong(
            Table table, List<List<FieldValue>> some, Map<Table, List<List<FieldValue>>> all, Set<List<Object>> seen)
            throws IOException, SQLException {
        Map<Table, List<List<FieldValue>>> next = new LinkedHashMap<>();
        for (int from = 0; from < some.size(); from += RowLookup.MOST) {
            List<List<FieldValue>> batch = some.subList(from, Math.min(some.size(), from + RowLookup.MOST));
            referrers.find(table, batch, keys::cascades, (link, key) -> {
                if (!release.isReleased(link, key)
                        && (key.isEmpty() || seen.add(List.of(link.child(), key(link.child(), key))))) {
                    if (seen.size() > MOST_AT_ONCE) {
                        throw new IOException("the database would delete more than " + MOST_AT_ONCE
                                + " rows together with " + some.size() + " of table " + table.collection());
                    }
                    next.computeIfAbsent(link.child(), t -> new ArrayList<>()).add(key);
                }
            });
        }
        for (Map.Entry<Table, List<List<FieldValue>>> more : next.entrySet()) {
            all.computeIfAbsent(more.getKey(), t -> new ArrayList<>()).addAll(more.getValue());
            if (!more.getKey().schema().key().isEmpty()) {
                addAlong(more.getKey(), more.getValue(), all, seen);
            }
        }
    }

    /** Notes that a row went with others; false if that is known. */
    public boolean add(Table table, List<FieldValue> key) throws IOException {
        return key.isEmpty() || gone.computeIfAbsent(table, t -> sets.newSet()).add(key(table, key));
    }

    /** Whether a row went with others before. */
    boolean isGone(Table table, List<FieldValue> key) throws IOException {
        KeySet known = gone.get(table);
        return known != null && !key.isEmpty() && known.contains(key(table, key));
    }

    /** The key of a table's row by its values. */
    public static RecordKey key(Table table, List<FieldValue> values) {
        RecordKey.Builder builder = new RecordKey.Builder();
        for (int i = 0; i < values.size(); i++) {
            Field field = table.schema().fields().get(table.schema().keyIndexes()[i]);
            builder.add(field.type(), values.get(i));
        }
        return builder.build();
    }
}
