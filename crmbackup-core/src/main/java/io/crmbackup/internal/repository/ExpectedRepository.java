package io.crmbackup.internal.repository;

import io.crmbackup.internal.log.LogPosition;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which repository a client means to open, and how far it had read the repository's log.
 *
 * @param id the repository's id
 * @param position how far the log was read, or null if that is not known
 */
public record ExpectedRepository(String id, @Nullable LogPosition position) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final char SEPARATOR = '@';

    /** Reads an id or what {@link #toString()} wrote. */
    public static ExpectedRepository parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        String id = separator < 0 ? text : text.substring(0, separator);
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "neither a repository's id (32 hexadecimal digits) nor a checkpoint: " + text);
        }
        try {
            return new ExpectedRepository(id, separator < 0 ? null : LogPosition.parse(text.substring(separator + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a checkpoint of a repository: " + text, e);
        }
    }

    /** The id, and the position if there is one. */
    @Override
    public String toString() {
        return position == null ? id : id + SEPARATOR + position;
    }
}
