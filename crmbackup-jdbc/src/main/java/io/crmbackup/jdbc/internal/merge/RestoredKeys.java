package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.merge.keys.KeySet;
import io.crmbackup.jdbc.internal.merge.keys.KeySets;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.RestoredRows;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Existing;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells whether a row is among those that are restored. Some are whose keys are not the same bytes, as in large and small letters, but equal to the
 * database: they are recognised when the table is compared, or before by {@link #lookAhead}. Used by one thread at a time.
 */
final class RestoredKeys {
    private final LiveDatabase database;
    private final KeySets sets;
    private final RestoredRows.Opening rows;
    private final Map<String, KeySet> known = new HashMap<>();
    private final Map<String, KeySet> spelledOtherwise = new HashMap<>();
    private final Set<String> recognised = new HashSet<>();

    RestoredKeys(LiveDatabase database, KeySets sets, RestoredRows.Opening rows) {
        this.database = database;
        this.sets = sets;
        this.rows = rows;
    }

    boolean contains(TableFit fit, RecordKey key) throws IOException {
        KeySet otherwise = spelledOtherwise.get(fit.name());
        return otherwise != null && otherwise.contains(key) || isSpelledSo(fit, key);
    }

    private boolean isSpelledSo(TableFit fit, RecordKey key) throws IOException {
        KeySet keys = known.get(fit.name());
        if (keys == null) {
            keys = read(fit);
            known.put(fit.name(), keys);
        }
        return keys.contains(key);
    }

    /** Whether a row is sure to get what it has in the backup. */
    boolean isOverwritten(TableFit fit, TablePolicy policy, RecordKey key) throws IOException {
        boolean overwrites = policy.existing() == Existing.OVERWRITE || policy.existing() == Existing.MIRROR;
        if (!overwrites || !policy.identity().isEmpty() || !contains(fit, key)) {
            return false;
        }
        // Of a row whose key is spelled otherwise it is not known why it comes.
        return isSpelledSo(fit, key)
                ? !fit.collection().comesAlong(key)
                : fit.collection().isComplete();
    }

    private KeySet read(TableFit fit) throws IOException {
        KeySet keys = sets.newSet();
        try (RestoredRows cursor = rows.open(fit)) {
            for (RestoredRow row = cursor.next(); row != null; row = cursor.next()) {
                if (row.values() != null) {
                    keys.add(row.key());
                }
            }
        }
        return keys;
    }

    /** Notes that the database takes its row with a key for a row of the backup whose key is not the same bytes. */
    void recognise(TableFit fit, RestoredRow row, RecordKey now) throws IOException {
        if (row.values() != null) {
            spelledOtherwise.computeIfAbsent(fit.name(), name -> sets.newSet()).add(now);
        }
    }

    /** Notes that all rows of a table that the database has were compared. */
    void compared(TableFit fit) {
        recognised.add(fit.name());
    }

    /** Recognises the rows of a table that was not compared yet; the connection has to be free. */
    void lookAhead(TableFit fit) throws IOException, SQLException {
        boolean oneSpelling = fit.keyFields().stream().allMatch(field -> field.type() == FieldType.INTEGER);
        if (!recognised.add(fit.name()) || oneSpelling) {
            return;
        }
        try (RestoredRows cursor = rows.open(fit);
                RowLookup lookup = new RowLookup(database, fit.table(), fit.keyFields(), fit.keyFields(), "")) {
            Map<RecordKey, List<FieldValue>> some = new LinkedHashMap<>();
            for (RestoredRow row = cursor.next(); row != null; row = cursor.next()) {
                if (row.values() != null) {
                    some.put(row.key(), row.keyValues());
                }
                if (some.size() == RowLookup.MANY || row.keyValues().stream().anyMatch(FieldValue::isContent)) {
                    lookAhead(fit, some, lookup);
                    some.clear();
                }
            }
            lookAhead(fit, some, lookup);
        }
    }

    private void lookAhead(TableFit fit, Map<RecordKey, List<FieldValue>> some, RowLookup lookup)
            throws IOException, SQLException {
        KeySet otherwise = spelledOtherwise.computeIfAbsent(fit.name(), name -> sets.newSet());
        lookup.findAll(List.copyOf(some.values()), values -> {
            RecordKey now = fit.key(TableMerge.inMemory(values));
            if (!some.containsKey(now)) {
                otherwise.add(now);
            }
        });
    }
}
