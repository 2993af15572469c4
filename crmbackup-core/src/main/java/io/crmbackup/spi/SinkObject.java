package io.crmbackup.spi;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An object as a listing shows it.
 *
 * @param name its name
 * @param length its length in bytes
 * @param time when the store says that it was written, or null if the store doesn't know
 */
public record SinkObject(String name, long length, @Nullable Instant time) {
    /** Checks the values. */
    public SinkObject {
        Objects.requireNonNull(name, "name");
        if (length < 0) {
            throw new IllegalArgumentException("an object's length can't be negative: " + length);
        }
    }
}
