package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.CollectionChanges.Conflict;
import io.crmbackup.spi.FieldValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what happens with the rows of one table. Used by one thread at a time. */
public final class Tally {
    private static final int KEYS_NAMED = 10;

    private final TableFit fit;
    private final Map<String, Long> fields = new LinkedHashMap<>();
    private final Map<String, Refusal> refusals = new LinkedHashMap<>();
    private final List<Conflict> conflicts = new ArrayList<>();
    private final List<String> deletions = new ArrayList<>();
    private final Map<String, String> newKeys = new LinkedHashMap<>();
    private final Map<String, Long> cascaded = new LinkedHashMap<>();
    private final Map<String, Long> notRestored = new LinkedHashMap<>();
    private long created;
    private long changed;
    private long equal;
    private long kept;
    private long deleted;
    private long conflicted;
    private long changedInPart;
    private long bytes;

    /** Rows for which the whole restore is refused. */
    private static final class Refusal {
        private final List<String> keys = new ArrayList<>();
        private long rows;
    }

    public Tally(TableFit fit) {
        this.fit = fit;
    }

    public void count(RestoredRow row, Decision decision) {
        switch (decision.kind()) {
            case INSERT -> {
                created++;
                bytes += row.bytes();
            }
            case UPDATE -> {
                changed++;
                decision.fields().stream()
                        .forEach(i -> bytes += Math.max(0, row.wanted().get(i).length()));
                decision.fields().stream()
                        .forEach(i -> fields.merge(fit.fields().get(i).name(), 1L, Long::sum));
                if (!decision.conflicting().isEmpty()) {
                    changedInPart++;
                    conflict(row.keyValues(), decision.conflicting(), decision.reason());
                }
            }
            case EQUAL -> equal++;
            case KEEP -> kept++;
            case CONFLICT -> conflict(row.keyValues(), decision.conflicting(), decision.reason());
            case REFUSE -> refuse(row.keyValues(), decision.reason());
            case DELETE ->
                throw new IllegalArgumentException("deletions are counted when it is known whether they are made");
        }
    }

    public void conflict(List<FieldValue> key, BitSet columns, String reason) {
        conflicted++;
        if (conflicts.size() < CollectionChanges.MOST_CONFLICTS) {
            conflicts.add(new Conflict(
                    fit.keyText(key),
                    columns.stream().mapToObj(i -> fit.fields().get(i).name()).toList(),
                    reason));
        }
    }

    public void refuse(List<FieldValue> key, String reason) {
        Refusal refusal = refusals.computeIfAbsent(reason, r -> new Refusal());
        refusal.rows++;
        if (refusal.keys.size() < KEYS_NAMED) {
            refusal.keys.add(fit.keyText(key));
        }
    }

    public void deleted(List<FieldValue> key, int mostNamed) {
        deleted++;
        if (deletions.size() < mostNamed) {
            deletions.add(fit.table().collection() + ": " + fit.keyText(key));
        }
    }

    /** A row of a table that the database deletes together with deleted ones. */
    public void cascaded(String table) {
        cascaded.merge(table, 1L, Long::sum);
    }

    private long cascaded() {
        return cascaded.values().stream().mapToLong(Long::longValue).sum();
    }

    public void newKey(String before, String now) {
        newKeys.put(before, now);
    }

    /** A value of a column that the database has no more. */
    public void notRestored(String column) {
        notRestored.merge(column, 1L, Long::sum);
    }

    /** Why the restore is refused, in words. */
    public List<String> blockers() {
        List<String> blockers = new ArrayList<>();
        refusals.forEach((reason, refusal) -> blockers.add(
                reason.equals(Judge.THERE)
                        ? "table " + fit.name() + " has " + refusal.rows + " of the rows already"
                        : "table " + fit.name() + ": " + refusal.rows + (refusal.rows == 1 ? " row " : " rows ")
                                + reason + ", with the key " + String.join("; ", refusal.keys)
                                + (refusal.rows > refusal.keys.size() ? " and others" : "")));
        return blockers;
    }

    /** What the user should know. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        notRestored.forEach((column, values) -> notes.add("column " + fit.name() + "." + column
                + " is not in the database any more: " + values + (values == 1 ? " value is" : " values are")
                + " not restored"));
        if (conflicted > 0) {
            notes.add("table " + fit.name() + ": " + conflicted + (conflicted == 1 ? " row is" : " rows are")
                    + " in conflict and not restored, or not wholly");
        }
        if (!cascaded.isEmpty()) {
            notes.add("table " + fit.name() + ": the database deletes " + cascaded()
                    + (cascaded() == 1 ? " row" : " rows") + " of other tables together with deleted ones: "
                    + cascaded.entrySet().stream()
                            .map(table -> table.getValue() + " of " + table.getKey())
                            .collect(Collectors.joining(", ")));
        }
        return notes;
    }

    public long bytes() {
        return bytes;
    }

    /** How many rows were there as wanted, or stay otherwise, as a whole. */
    public long left() {
        return equal + kept + conflicted - changedInPart;
    }

    public List<String> deletions() {
        return deletions;
    }

    /** How many rows are as in the backup now. */
    public long written() {
        return created + changed - changedInPart + equal;
    }

    /** How many rows were left as they are. */
    public long skipped() {
        return kept + conflicted;
    }

    public CollectionChanges changes() {
        return new CollectionChanges(
                fit.name(), created, changed, equal, kept, deleted, cascaded(), conflicted, fields, conflicts, newKeys);
    }
}
