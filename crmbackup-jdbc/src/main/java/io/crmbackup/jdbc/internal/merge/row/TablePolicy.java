package io.crmbackup.jdbc.internal.merge.row;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happens with the rows of a table.
 *
 * @param existing what happens with a row whose key is there already
 * @param newerBy the column that tells which of two states is the newer one; only with {@link Existing#NEWER}
 * @param identity columns by which a row is known to be the same record; empty if the key tells
 * @param taken what happens with a row whose key another record has
 * @param triggers whether triggers run
 */
public record TablePolicy(
        Existing existing, @Nullable String newerBy, List<String> identity, Taken taken, Triggers triggers) {
    /** What happens with a row whose key is there already. */
    public enum Existing {
        REFUSE,
        KEEP,
        OVERWRITE,
        NEWER,
        /** Overwritten; and rows that the backup doesn't have are deleted. */
        MIRROR
    }

    /** What happens with a row whose key another record has. */
    public enum Taken {
        REFUSE,
        SKIP,
        NEW_KEY
    }

    /** Whether triggers run when rows are written. */
    public enum Triggers {
        RUN,
        OFF
    }

    public TablePolicy {
        identity = List.copyOf(identity);
    }

    public static TablePolicy of(Existing existing) {
        return new TablePolicy(existing, null, List.of(), Taken.REFUSE, Triggers.RUN);
    }

    public Optional<String> newer() {
        return Optional.ofNullable(newerBy);
    }
}
