package io.crmbackup.spi;

import java.util.Map;
import java.util.Optional;

/**
 * What is known of one collection as a former capture of the same source delivered it; its records had the schema that they have now. Given by
 * the engine, used by the capture's thread, until the changes that are found with it are closed.
 *
 * <p>A former capture is not always the one just before: differential backups ask for what changed since an older one, as do several plans in
 * turn. The same source is the one of that name in the plan. Whether it is still the same system, and not another server or one that was set back
 * to an earlier state, only the source can tell, by what it left here.
 */
public interface FormerCapture {
    /** What {@link Capture#position()} was. */
    String position();

    /** What {@link Capture#attributes()} were. */
    Map<String, String> attributes();

    /** How many records the collection had. */
    long records();

    /** The value of the mark with this key that {@link Capture#marks} left. */
    Optional<byte[]> mark(byte[] key);

    /** All marks that {@link Capture#marks} left, in ascending order of their keys. */
    MarkCursor marks();
}
