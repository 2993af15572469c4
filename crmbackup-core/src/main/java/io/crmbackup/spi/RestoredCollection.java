package io.crmbackup.spi;

import java.util.Optional;

/** A collection that a target is to write: its schema, and its records as often as they are asked for. */
public interface RestoredCollection {
    /** Its name in the source. */
    String name();

    /** What its records look like. */
    RecordSchema schema();

    /** Whether all of its records are restored or some. */
    Extent extent();

    /**
     * Whether these are known to be all records that the source had: neither a selection, nor from a backup that could not read everything.
     * Only then may what is not among them be taken for deleted.
     */
    default boolean isComplete() {
        return extent() == Extent.WHOLE;
    }

    /**
     * Text that is the same for the same records of the same source, and differs for others, so that a restore that was cut short can be told
     * from another one; empty if that is not known.
     */
    default String identity() {
        return "";
    }

    /** How many records will come. */
    long records();

    /**
     * Opens the records, ordered by key. Contents can be opened until the cursor moves on; {@link RecordCursor#key()} also gives the key
     * of records that have none of their own, which then means nothing to the target.
     */
    RecordCursor open();

    /**
     * Opens what is to be undone, if the restore undoes changes: then the target compares three states, goes back to the earlier values where it
     * still has the later ones, and leaves alone what was written since. Empty if records are restored as they are, whatever they became.
     */
    default Optional<ChangeCursor> changes() {
        return Optional.empty();
    }

    /** How much of a collection is restored. */
    enum Extent {
        /** All records. */
        WHOLE,
        /** Some records. */
        SELECTED
    }
}
