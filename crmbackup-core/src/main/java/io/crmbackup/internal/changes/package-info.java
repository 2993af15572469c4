/**
 * What a source says changed in a collection since its base, on the way into a tree that is, node for node, the one that reading everything would
 * give.
 *
 * <p>Begin with {@code ChangedCollection}. It takes what is new or changed, counts which of that the base did not have, and so knows how many
 * records were removed:
 *
 * <pre>
 * removed = in the base + inserted - there now
 * </pre>
 *
 * exactly, as whatever is there now is in the base or was inserted. {@code RemovedRecords} finds them where counts of ranges differ, and {@code
 * ChangeEdits} brings both into order. Wherever numbers don't add up, {@code ImplausibleChangesException} ends it, and all is read.
 *
 * <p>{@code Marks} keeps what a source left to recognise changes by; {@code StoredCapture} shows it to the next capture.
 */
@NullMarked
package io.crmbackup.internal.changes;

import org.jspecify.annotations.NullMarked;
