package io.crmbackup.spi;

import java.util.HexFormat;
import java.util.Objects;

/**
 * Something that a capture could not read as it should.
 *
 * @param kind what kind of problem
 * @param collection the collection
 * @param item which record, in words that a person can find it by: a path, a key's values. Control characters and those that turn the direction of
 *     text are shown escaped
 * @param message what happened
 */
public record Problem(Kind kind, String collection, String item, String message) {
    /** Kinds of problems. */
    public enum Kind {
        /** It could not be read; it is not in the snapshot. */
        UNREADABLE,
        /** It kept changing while it was read; what was read last is in the snapshot and may mix several states. */
        UNSTABLE,
        /** It is of a kind that can't be captured, as a socket; it is not in the snapshot. */
        UNSUPPORTED
    }

    /** Checks the values. */
    public Problem {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(collection, "collection");
        item = printable(item);
        message = printable(message);
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Deceptive.is(c)) {
                out.append("\\u").append(HexFormat.of().toHexDigits((char) c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}
