package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.row.Decision;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.Review;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Triggers;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.RecordKey;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds rows that can't be inserted, as a column came since the backup which needs a value and has no default. */
final class RequiredReview implements Review {
    private final List<String> columns;

    private RequiredReview(List<String> columns) {
        this.columns = columns;
    }

    /** Where triggers run it is left to them, and to the database: they may give a value. */
    static RequiredReview of(LiveDatabase database, TableFit fit, TablePolicy policy) throws SQLException {
        List<String> added = fit.table().schema().fields().stream()
                .filter(field -> fit.indexOf(field.name()) < 0 && field.presence() == Presence.REQUIRED)
                // The first of an enumeration's values is its default.
                .filter(field -> !field.nativeType().toLowerCase(Locale.ROOT).startsWith("enum"))
                .map(Field::name)
                .toList();
        boolean triggersRun = policy.triggers() == Triggers.RUN
                && !database.dialect()
                        .triggers(database.connection(), fit.table().name())
                        .isEmpty();
        if (added.isEmpty() || triggersRun) {
            return new RequiredReview(List.of());
        }
        Set<String> open = withoutDefault(database, fit);
        return new RequiredReview(added.stream().filter(open::contains).toList());
    }

    private static Set<String> withoutDefault(LiveDatabase database, TableFit fit) throws SQLException {
        String schema = fit.table().name().schema();
        String table = fit.table().name().table();
        Set<String> columns = new HashSet<>();
        DatabaseMetaData metadata = database.connection().getMetaData();
        // Names are patterns here, so that there may be columns of other tables.
        try (ResultSet rows = metadata.getColumns(
                database.connection().getCatalog(), schema.isEmpty() ? null : schema, table, null)) {
            while (rows.next()) {
                boolean isOfTable = table.equals(rows.getString("TABLE_NAME"))
                        && (schema.isEmpty()
                                || rows.getString("TABLE_SCHEM") == null
                                || schema.equals(rows.getString("TABLE_SCHEM")));
                boolean filled = rows.getString("COLUMN_DEF") != null
                        || "YES".equals(rows.getString("IS_AUTOINCREMENT"))
                        || "YES".equals(rows.getString("IS_GENERATEDCOLUMN"))
                        // A domain may have a default of its own.
                        || rows.getInt("DATA_TYPE") == Types.DISTINCT;
                if (isOfTable && !filled) {
                    columns.add(rows.getString("COLUMN_NAME"));
                }
            }
        }
        return columns;
    }

    @Override
    public void review(Map<RecordKey, RestoredRow> rows, Map<RecordKey, Decision> decisions) {
        if (columns.isEmpty()) {
            return;
        }
        String reason = "that would be new, but column " + String.join(", ", columns)
                + ", which came since, needs a value and has no default";
        for (RestoredRow row : rows.values()) {
            Decision decision = decisions.get(row.key());
            if (decision != null && decision.kind() == Decision.Kind.INSERT) {
                decisions.put(row.key(), Review.against(row, decision, reason));
            }
        }
    }
}
