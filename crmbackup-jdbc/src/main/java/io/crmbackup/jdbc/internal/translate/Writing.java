package io.crmbackup.jdbc.internal.translate;

import org.jspecify.annotations.Nullable;

/** Makes a product's value from the neutral form. */
@FunctionalInterface
interface Writing {
    /** Takes every value as it is. */
    Writing AS_IT_IS = value -> value;

    /** The product's value, or null if it has no equal one. */
    byte @Nullable [] write(byte[] neutral);

    /** This one, and then another. */
    default Writing then(Writing next) {
        return neutral -> {
            byte[] first = write(neutral);
            return first == null ? null : next.write(first);
        };
    }
}
