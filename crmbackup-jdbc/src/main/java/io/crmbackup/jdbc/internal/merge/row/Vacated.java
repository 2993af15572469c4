package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that stand in the way of others, whose unique values they have now, and that get values of their own in the same restore: until then a
 * column of them is null. So rows can exchange values, whatever their order. What is decided on them is decided by the values that they
 * had. Used by one thread at a time.
 */
public final class Vacated {
    private static final int MOST = 100_000;

    private final TableFit fit;
    private final Collection<Table> tables;
    private final Effects effects;
    private final Map<RecordKey, Map<Integer, FieldValue>> had = new HashMap<>();

    public Vacated(TableFit fit, Collection<Table> tables, Effects effects) {
        this.fit = fit;
        this.tables = tables;
        this.effects = effects;
    }

    /**
     * Lets a row give up unique values, which it gets others for in the same restore.
     *
     * @param index the places of the columns that are unique together
     * @param values their values
     * @return whether one of them may be null meanwhile
     */
    public boolean vacate(List<FieldValue> keyValues, int[] index, List<FieldValue> values)
            throws IOException, SQLException {
        RecordKey key = fit.key(keyValues);
        for (int i = 0; i < index.length; i++) {
            if (mayBeNull(index[i]) && !values.get(i).isContent() && (had.size() < MOST || had.containsKey(key))) {
                had.computeIfAbsent(key, k -> new HashMap<>()).putIfAbsent(index[i], values.get(i));
                effects.vacate(keyValues, index[i]);
                return true;
            }
        }
        return false;
    }

    /** Not what other rows refer to: the database would change, or hold, those. */
    private boolean mayBeNull(int place) {
        Field field = fit.fields().get(place);
        return field.presence() == Presence.OPTIONAL
                && !fit.isKey(place)
                && tables.stream()
                        .flatMap(table -> table.schema().references().stream())
                        .noneMatch(reference ->
                                reference.collection().equals(fit.table().collection())
                                        && reference.targetFields().contains(field.name()));
    }

    /** The same judge, who sees rows as they were before they were vacated. */
    public Judge before(Judge judge) {
        return new Judge() {
            @Override
            public Decision decide(RestoredRow row, @Nullable List<FieldValue> now) throws IOException {
                Map<Integer, FieldValue> before = had.get(row.key());
                if (now == null || before == null) {
                    return judge.decide(row, now);
                }
                List<FieldValue> values = new ArrayList<>(now);
                before.forEach(values::set);
                return judge.decide(row, values);
            }

            @Override
            public boolean needsKeysOnly() {
                return judge.needsKeysOnly();
            }

            @Override
            public boolean writesExisting() {
                return judge.writesExisting();
            }
        };
    }
}
