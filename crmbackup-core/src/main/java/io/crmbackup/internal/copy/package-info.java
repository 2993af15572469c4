/**
 * Copies snapshots into another repository.
 *
 * <p>{@code CopyRun} is the line: {@code KnownCopies} recognises what the other repository has; {@code SnapshotCopy} copies one, reads it back and
 * commits; {@code CollectionCopy} brings over the records of one collection.
 *
 * <p>Two repositories have no chunk in common: chunk ids, tree boundaries and the places of records without keys all depend on secret keys, and
 * contents are cut by parameters of the repository. So nothing that is stored can be carried over as it is: records are read, and written anew
 * by the rules of the other repository. What both have in common is the records themselves and the places of records with keys, and that is
 * enough to make the cost follow the changes: between two snapshots the difference of their trees in one repository is a list of edits for the
 * tree in the other, in the same order. Beginning with nothing is the same with an empty tree on both sides. As equal records give equal trees
 * whatever their history, the result is the tree that a backup of the same records would have made there.
 *
 * <p>A record without a key is placed by a keyed hash of its row, so its edits are computed, also for rows that are gone, and sorted. Its number
 * among equal rows stays: rows are equal here if and only if they are there.
 *
 * <p>The proof is independent of all that: while records are read, {@code ContentSum} sums up digests of their plain values;
 * afterwards the difference of the trees in the other repository is read back from its sink, contents included, and must sum up to the same.
 */
@NullMarked
package io.crmbackup.internal.copy;

import org.jspecify.annotations.NullMarked;
