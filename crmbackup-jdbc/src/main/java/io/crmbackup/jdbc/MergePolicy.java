package io.crmbackup.jdbc;

import io.crmbackup.jdbc.internal.merge.row.TablePolicy;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Existing;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Taken;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Triggers;
import io.crmbackup.spi.OnConflict;
import java.util.List;
import java.util.Objects;

/**
 * What happens with the rows of a table in service when rows of a backup are put into it. Of rows that are written, only the fields that
 * differ are. Rows that the backup doesn't have stay as they are, but with {@link #mirror()}. Immutable and thread-safe.
 */
public final class MergePolicy {
    private final TablePolicy policy;

    private MergePolicy(TablePolicy policy) {
        this.policy = policy;
    }

    /** The whole restore is refused if one of the rows is there, before anything is written. */
    public static MergePolicy fail() {
        return of(Existing.REFUSE);
    }

    /** Rows that are missing are inserted; others stay as they are. */
    public static MergePolicy onlyMissing() {
        return of(Existing.KEEP);
    }

    /** Rows that are missing are inserted; others get the values that they have in the backup, where they differ. */
    public static MergePolicy overwriteChanged() {
        return of(Existing.OVERWRITE);
    }

    /**
     * As {@link #overwriteChanged()}, but rows stay that are newer than in the backup.
     *
     * @param column the column that tells: a version, or when the row was changed; of numbers, dates, times or text
     */
    public static MergePolicy keepNewer(String column) {
        return new MergePolicy(new TablePolicy(Existing.NEWER, name(column), List.of(), Taken.REFUSE, Triggers.RUN));
    }

    /**
     * As {@link #overwriteChanged()}, and rows that the backup doesn't have are deleted: the table becomes what it was. Only where all of its rows
     * are restored. The restore is refused if rows that stay refer to such a row, also where the database would then set them to null or a default, and if it
     * would delete rows that are restored. Others that it deletes along, by ON DELETE CASCADE, are announced: how many of which table.
     */
    public static MergePolicy mirror() {
        return of(Existing.MIRROR);
    }

    static MergePolicy of(OnConflict onConflict) {
        return switch (onConflict) {
            case FAIL -> fail();
            case SKIP -> onlyMissing();
            case REPLACE -> overwriteChanged();
        };
    }

    private static MergePolicy of(Existing existing) {
        return new MergePolicy(TablePolicy.of(existing));
    }

    /**
     * Columns by which a record is known, besides its key, as {@code email} or {@code created_at}: a row of the database with the same key and
     * other values in them is another record, which got the key since. By default that refuses the restore.
     */
    public MergePolicy identifiedBy(String... columns) {
        if (columns.length == 0) {
            throw new IllegalArgumentException("name at least one column, for example \"created_at\"");
        }
        List<String> names = List.of(columns).stream().map(MergePolicy::name).toList();
        return new MergePolicy(
                new TablePolicy(policy.existing(), policy.newerBy(), names, policy.taken(), policy.triggers()));
    }

    /** Rows whose key another record has now are left out, and reported. Needs {@link #identifiedBy}. */
    public MergePolicy skipTakenKeys() {
        return taken(Taken.SKIP);
    }

    /**
     * Rows whose key another record has now get a new one, and so do the restored rows that refer to them; the report tells which. Only for
     * keys that are one whole number, and for 100,000 rows of a table at most. Needs {@link #identifiedBy}.
     */
    public MergePolicy newKeysForTaken() {
        return taken(Taken.NEW_KEY);
    }

    private MergePolicy taken(Taken taken) {
        if (policy.identity().isEmpty()) {
            throw new IllegalStateException(
                    "say first by which columns another record is known: identifiedBy(\"created_at\")");
        }
        return new MergePolicy(
                new TablePolicy(policy.existing(), policy.newerBy(), policy.identity(), taken, policy.triggers()));
    }

    /**
     * The table's triggers are off while its rows are written, and on again, as they were, before anybody else sees the rows. PostgreSQL (for the
     * table's owner) and SQLite can do so; elsewhere the restore is refused if there are triggers.
     */
    public MergePolicy withoutTriggers() {
        return new MergePolicy(
                new TablePolicy(policy.existing(), policy.newerBy(), policy.identity(), policy.taken(), Triggers.OFF));
    }

    TablePolicy policy() {
        return policy;
    }

    private static String name(String column) {
        if (Objects.requireNonNull(column, "column").isEmpty()) {
            throw new IllegalArgumentException("a column needs a name");
        }
        return column;
    }

    @Override
    public String toString() {
        String what = switch (policy.existing()) {
            case REFUSE -> "fail";
            case KEEP -> "only missing rows";
            case OVERWRITE -> "overwrite";
            case NEWER -> "keep newer by " + policy.newerBy();
            case MIRROR -> "mirror";
        };
        return policy.triggers() == Triggers.OFF ? what + ", without triggers" : what;
    }
}
