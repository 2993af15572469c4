package io.crmbackup.spi;

/**
 * What a field holds, and so how its bytes are read. A value's bytes are the text that the system itself renders, in UTF-8, unless said
 * otherwise: what the system wrote it also reads, to the last bit.
 */
public enum FieldType {
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** A whole number in decimal digits. */
    INTEGER,
    /** An exact decimal number, its scale kept. */
    DECIMAL,
    /**
     * A binary floating-point number, in the shortest text that reads back to the same bits in the field's own precision: of a single-precision
     * field {@code 0.1}, not {@code 0.10000000149011612}.
     */
    FLOAT,
    /** Text. */
    TEXT,
    /** Raw bytes, as they are. */
    BYTES,
    /** A date. */
    DATE,
    /** A time of day or a span of time. */
    TIME,
    /** A date and time without zone. */
    TIMESTAMP,
    /** A moment, or a date and time with zone. */
    TIMESTAMP_WITH_ZONE,
    /** A UUID in its 36 characters. */
    UUID,
    /** A JSON document, as the system renders it. */
    JSON,
    /**
     * A value that brings its own type, as SQLite's do: one ASCII letter ({@code i} integer, {@code r} real, {@code t} text, {@code b}
     * bytes), then the value as the other types hold it.
     */
    DYNAMIC,
    /** The content of a file: raw bytes that always lie apart from the record, however few. */
    CONTENT,
    /**
     * The key of another record of the same collection, whose keys are paths: the two belong together as the collection's kind says. A record
     * that is restored without the other does without.
     */
    PATH,
    /** Anything else, as the text that the system renders; {@link Field#nativeType()} says what it is. */
    OTHER;

    /** Whether values are raw bytes rather than UTF-8 text. */
    public boolean isBinary() {
        return this == BYTES || this == CONTENT || this == DYNAMIC || this == PATH;
    }
}
