package io.crmbackup.spi;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a repository's objects are kept: a directory, a bucket, a table. Objects have a name and bytes, are written once, and never
 * change. That nothing is overwritten is the only coordination that the library needs.
 *
 * <p>Names consist of lower-case letters, digits and {@code /}, have at most 120 characters, and never begin, end or repeat a slash.
 * Nobody puts an object whose name, with a slash, another's begins with: names can be paths.
 *
 * <p>Implementations keep these rules; {@code SinkTck} and {@code SinkCheck} of the test kit check them by number:
 * <ol>
 *   <li>{@code put} MUST be atomic: at every moment the object is absent or there with all of its bytes.
 *   <li>{@code put} MUST be durable: once it has returned, the object survives a crash of process and machine.
 *   <li>{@code put} MUST fail with {@link java.nio.file.FileAlreadyExistsException} if the name is taken, and leave the object there as
 *       it is. Of several concurrent puts of one name exactly one succeeds.
 *   <li>{@code put} MUST NOT report success unless exactly {@code content.length()} bytes were stored; it fails if the content has fewer
 *       or more. A failed put MAY have stored the object whole (when the answer was lost) or not at all.
 *   <li>{@code put} MAY open the content several times, to retry; each stream it opens it MUST close.
 *   <li>After a successful {@code put}, {@code get} MUST return its bytes, at once and to every client.
 *   <li>{@code get} MUST return the bytes from {@code offset} on, at most {@code length} of them, and fewer only where the object ends;
 *       from an offset at or beyond the end, an empty stream.
 *   <li>{@code get} MUST fail with {@link java.nio.file.NoSuchFileException} if there is no such object.
 *   <li>{@code get} MUST NOT end its stream early without an {@link IOException}.
 *   <li>{@code list} SHOULD visit each object whose name begins with the prefix exactly once with its length, in any order; the library
 *       treats what it says as a hint.
 *   <li>{@code list} MUST NOT show objects that are not whole.
 *   <li>{@code delete} MUST be idempotent: the object is gone when it returns; deleting an absent one succeeds.
 *   <li>All methods MUST be callable from several threads at once.
 *   <li>A method whose thread is interrupted SHOULD stop soon with an {@link IOException} (such as {@link java.io.InterruptedIOException}).
 *   <li>{@code close} MUST be idempotent and release everything held; other methods then fail with an {@link IOException} or {@link
 *       IllegalStateException}.
 * </ol>
 *
 * <p>Powers that only some sinks have are separate interfaces that a sink may implement as well.
 */
public interface Sink extends Closeable {
    /**
     * Stores an object under a name that is not taken.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the name is taken
     * @throws IOException if the object could not be stored, or it is not known whether it was
     */
    void put(String name, SinkContent content) throws IOException;

    /**
     * Opens a part of an object.
     *
     * @param offset first byte, at least 0
     * @param length most bytes to return, at least 0; {@link Long#MAX_VALUE} for all that follow
     * @return a stream that the caller closes
     * @throws java.nio.file.NoSuchFileException if there is no such object
     */
    InputStream get(String name, long offset, long length) throws IOException;

    /**
     * Visits the objects below a prefix.
     *
     * @param prefix empty for all, otherwise ends with {@code /}
     */
    void list(String prefix, Consumer<SinkObject> visitor) throws IOException;

    /** Removes an object if it is there. */
    void delete(String name) throws IOException;

    /** The local directory in which the objects lie, if that is how they are kept: a source below it, or around it, is refused. */
    default Optional<Path> directory() {
        return Optional.empty();
    }
}
