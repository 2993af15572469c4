package io.crmbackup.internal.pack;

import org.jspecify.annotations.Nullable;

/**
 * Other chunks that may help to encode a new one.
 *
 * @param base a copy that it may become a delta on; comes first, as it helps most
 * @param dictionary a dictionary for it
 */
public record Relatives(@Nullable DeltaBase base, @Nullable Dictionary dictionary) {
    /** None. */
    public static final Relatives NONE = new Relatives(null, null);
}
