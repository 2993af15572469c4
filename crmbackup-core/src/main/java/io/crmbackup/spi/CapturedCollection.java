package io.crmbackup.spi;

import java.util.Objects;

/**
 * A collection of a capture.
 *
 * @param name its name in the source, as {@code contact} or {@code sales.contact}
 * @param schema what its records look like
 * @param order in which order its records come
 */
public record CapturedCollection(String name, RecordSchema schema, Order order) {
    /** In which order records come. */
    public enum Order {
        /** By ascending keys. */
        BY_KEY,
        /** In no order: the engine sorts them. Records without a key always come so. */
        UNSORTED
    }

    /** Checks the values. */
    public CapturedCollection {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(order, "order");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a collection needs a name");
        }
        if (!schema.isKeyed() && order == Order.BY_KEY) {
            throw new IllegalArgumentException("records without a key can't be ordered by it: " + name);
        }
    }
}
