package io.crmbackup.export;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** How records are written. Stateless. */
interface RecordFormat {
    /** What files' names end with. */
    String extension();

    /** Writes what each file begins with. */
    default void beginFile(OutputStream out) throws IOException {}

    /** Writes what comes before the records of a collection. */
    default void begin(OutputStream out, String collection, RecordSchema schema) throws IOException {}

    /** Writes a record. */
    void write(OutputStream out, String collection, RecordSchema schema, List<FieldValue> values) throws IOException;

    /** Whether one stream can hold several collections. */
    default boolean takesSeveral() {
        return false;
    }

    /** What comes before and after all collections, if anything does. */
    default Optional<Frame> frame() {
        return Optional.empty();
    }
}
