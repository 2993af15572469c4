package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.jdbc.internal.merge.row.Decision;
import io.crmbackup.jdbc.internal.merge.row.Effects;
import io.crmbackup.jdbc.internal.merge.row.NewKeys;
import io.crmbackup.jdbc.internal.merge.row.PolicyJudge;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.RestoredRows;
import io.crmbackup.jdbc.internal.merge.row.Review;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy;
import io.crmbackup.jdbc.internal.merge.row.Tally;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives rows new keys whose own were taken by other records since: the next ones after all that the database and the backup have. A row that an
 * earlier restore has put there under a new key is found by what identifies it, and keeps that.
 */
final class KeyRenewal {
    /** Each is in the report, and in memory until then. */
    private static final int MOST = 100_000;

    private final LiveDatabase database;
    private final TableFit fit;
    private final PolicyJudge judge;
    private final List<Field> identity = new ArrayList<>();
    private final int[] places;
    private BigInteger last = BigInteger.ZERO;
    private long beyond;

    KeyRenewal(LiveDatabase database, TableFit fit, TablePolicy policy) {
        this.database = database;
        this.fit = fit;
        this.judge = new PolicyJudge(fit, policy);
        this.places = policy.identity().stream().mapToInt(fit::indexOfRestored).toArray();
        for (int place : places) {
            identity.add(fit.fields().get(place));
        }
    }

    /** Finds the rows and their new keys; or tells why they can't have any. */
    Optional<String> renew(RestoredRows rows, NewKeys newKeys) throws IOException, SQLException {
        Map<RecordKey, RestoredRow> taken = new LinkedHashMap<>();
        Review collecting = (batch, decisions) -> {
            for (RestoredRow row : batch.values()) {
                // Keys come in their order, the largest at the end.
                last = new BigInteger(row.keyValues().get(0).text()).max(last);
                Decision decision = decisions.get(row.key());
                if (decision != null && decision.reason().equals(PolicyJudge.KEY_TAKEN)) {
                    if (taken.size() < MOST) {
                        taken.put(row.key(), onlyIdentity(row));
                    } else {
                        beyond++;
                    }
                }
            }
        };
        new TableMerge(database, fit, judge, Effects.NONE, new Tally(fit), List.of(collecting), (row, now) -> {})
                .merge(rows, "");
        if (beyond > 0) {
            return Optional.of("table " + fit.name() + ": " + (MOST + beyond)
                    + " rows with a key that another record has; one restore gives new keys to " + MOST
                    + " rows of a table at most, so select fewer, or leave such rows out with skipTakenKeys()");
        } else if (taken.isEmpty()) {
            return Optional.empty();
        }
        // Keys that an earlier restore gave are beyond those of the backup: only rows there are looked at, by the key.
        String given = " AND " + database.dialect().quote(fit.keyFields().get(0).name()) + " > " + last;
        last = largest().max(last);
        try (RowLookup lookup = new RowLookup(database, fit.table(), identity, fit.keyFields(), given)) {
            for (RestoredRow row : taken.values()) {
                newKeys.put(fit, row.keyValues().get(0), found(row, lookup).orElseGet(this::next));
            }
        }
        return Optional.empty();
    }

    private RestoredRow onlyIdentity(RestoredRow row) {
        List<FieldValue> values = new ArrayList<>();
        for (int place : places) {
            values.add(row.wanted().get(place));
        }
        return new RestoredRow(
                row.place(), row.key(), row.keyValues(), values, null, false, RestoredRow.Purpose.RESTORE);
    }

    private BigInteger largest() throws SQLException {
        String sql =
                "SELECT MAX(" + database.dialect().quote(fit.keyFields().get(0).name()) + ") FROM "
                        + database.quote(fit.table().name());
        return new BigInteger(
                Optional.ofNullable(Dialect.strings(database.connection(), sql).get(0))
                        .orElse("0"));
    }

    private FieldValue next() {
        last = last.add(BigInteger.ONE);
        return FieldValue.text(last.toString());
    }

    /** The key under which an earlier restore has put the record. */
    private static Optional<FieldValue> found(RestoredRow row, RowLookup given) throws IOException, SQLException {
        if (row.wanted().stream().anyMatch(value -> value.isNull() || value.isContent())) {
            return Optional.empty();
        }
        List<FieldValue> keys = new ArrayList<>();
        given.find(List.of(row.wanted()), values -> keys.add(values.get(0)));
        return keys.size() == 1 ? Optional.of(keys.get(0)) : Optional.empty();
    }
}
