package io.crmbackup.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A collection that a target is to write: its schema, and its records as often as they are asked for. */
public interface RestoredCollection {
    /** Its name in the source. */
    String name();

    /** What its records look like. */
    RecordSchema schema();

    /**
     * What its records refer to: the references of the {@link #schema()}, and those that only the application knows and the database does not
     * enforce.
     */
    default List<Reference> references() {
        return schema().references();
    }

    /**
     * All references between the collections of its source, restored or not, by the collection that they begin in; those that only the application
     * knows among them. A target that deletes records leaves those that others refer to which stay.
     */
    default Map<String, List<Reference>> sourceReferences() {
        return Map.of();
    }

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
     * Whether a record was not asked for, but only comes along because others refer to it. A target that has it already leaves it as it is, whatever
     * it does with other records, and does not count it as a conflict.
     *
     * @param key the key of one of the records
     */
    default boolean comesAlong(RecordKey key) {
        return false;
    }

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
