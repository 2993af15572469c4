package io.crmbackup.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A system that is captured: a database, a directory. Immutable and thread-safe; holds no resources of its own.
 *
 * <p>Implementations keep these rules; {@code SourceTck} of the test kit checks them by number:
 * <ol>
 *   <li>{@code capture} MUST NOT change what it captures.
 *   <li>{@link Capture#read} MUST deliver every record of the collection exactly once, in the order that {@link CapturedCollection#order()}
 *       states; keys MUST differ.
 *   <li>Each record MUST have one value for each field of the schema, and null only where the field allows it.
 *   <li>While nothing changes, two captures MUST deliver equal records: keys, values and order; so MUST one capture whose collections are read twice.
 *   <li>If a record has a fingerprint, then as long as fingerprints are equal and not empty the values, contents included, MUST be equal; a
 *       source that can't be sure gives an empty fingerprint.
 *   <li>{@link RecordCursor#values()} MUST be callable again for the same record, and MUST NOT open contents before they are opened.
 *   <li>If a content changes while it is read, {@link RecordCursor#isStable()} MUST say so afterwards.
 *   <li>What can't be read MUST be reported as a {@link Problem} or fail with an {@link IOException}; it MUST NOT be left out in silence.
 *   <li>A source with {@link Consistency#MOMENT} MUST deliver all collections of a capture as they were at {@link Capture#moment()}.
 *   <li>{@code close} of captures and cursors MUST be idempotent and release everything held, also after failures.
 *   <li>A method whose thread is interrupted SHOULD stop soon with an {@link IOException}.
 *   <li>{@link RecordChanges#changed()} MUST deliver every record that {@link Capture#read} would deliver now and that the former capture did
 *       not deliver equally, with the values that {@code read} would deliver, and each record at most once.
 *   <li>{@link RecordChanges#count()}, {@link RecordChanges#counts} and {@link RecordChanges#keys} MUST tell of the records that {@link
 *       Capture#read} would deliver now, {@code keys} in the order that is stated for them.
 *   <li>{@link Capture#marks} MUST give keys in strictly ascending order, keys and values of the lengths that {@link MarkCursor} states, and
 *       after the collection was read by its changes the marks of its state now.
 * </ol>
 */
public interface Source {
    /** How the records of one capture belong together in time. */
    enum Consistency {
        /** All records are those of one moment. */
        MOMENT,
        /** Records are read one after the other while the system goes on; together they show a window of time. */
        WINDOW
    }

    /** How the records of one capture belong together in time. */
    Consistency consistency();

    /** Opens a view of the system; the caller closes it. Fails, before anything is read, if something that will be needed is missing. */
    Capture capture(CaptureContext context) throws IOException;

    /**
     * A target that makes this very system what it was when it was captured, in its place: one that {@linkplain Target#replaces() replaces}
     * what is there; empty if the source has none.
     */
    default Optional<Target> inPlace() {
        return Optional.empty();
    }

    /** The local directory that is captured, if it is one: a repository inside it is refused. */
    default Optional<Path> directory() {
        return Optional.empty();
    }
}
