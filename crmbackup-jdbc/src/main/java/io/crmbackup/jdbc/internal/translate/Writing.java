package io.crmbackup.jdbc.internal.translate;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Makes a product's value from the neutral form. */
@FunctionalInterface
interface Writing {
    /** Takes every value as it is. */
    Writing AS_IT_IS = value -> value;

    /** The product's value, or null if it has no equal one. */
    byte @Nullable [] write(byte[] neutral);

    /** A value that is too long for memory, in the neutral form; opened as often as it takes. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    /** Whether the product has an equal of such a value, which goes through as it is. */
    default boolean takes(Content content) throws IOException {
        return true;
    }

    /** This one, and then another. */
    default Writing then(Writing next) {
        Writing first = this;
        return new Writing() {
            @Override
            public byte @Nullable [] write(byte[] neutral) {
                byte[] written = first.write(neutral);
                return written == null ? null : next.write(written);
            }

            @Override
            public boolean takes(Content content) throws IOException {
                return first.takes(content) && next.takes(content);
            }
        };
    }
}
