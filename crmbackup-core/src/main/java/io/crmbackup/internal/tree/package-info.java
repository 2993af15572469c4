/**
 * Record trees: ordered maps from keys to values, stored as chunks whose boundaries the content decides, and blob trees for values that are
 * too large to stand in a leaf.
 *
 * <h2>The rule</h2>
 *
 * A level is a sequence of entries in ascending order of their keys (unsigned bytes). On level 0 they are records, above they are
 * references to the nodes of the level below. An entry's <i>size</i> is key + value + 8 bytes on level 0, key + 48 above: constants,
 * whatever the encoding takes. Its <i>place</i> is the sum of the sizes before it. Its <i>hash</i> is SipHash-1-3, keyed with the
 * repository's secret, of the level (8 bytes, little endian) followed by the key, compared unsigned. With r the radius of the level, an
 * entry begins a node if and only if it is the first, or
 *
 * <ul>
 *   <li>its place is more than r from the start of the level,
 *   <li>its place is more than r from the end of the level,
 *   <li>and its hash is smaller than that of every other entry whose place is at most r away. Equal hashes: neither begins a node.
 * </ul>
 *
 * The first level that is a single node is the root. No records, no root. The rule looks at the records alone, never at how they came
 * about: hence equal content has equal roots, and everything that changes trees may be checked against a fresh build.
 *
 * <h2>What follows</h2>
 *
 * <ul>
 *   <li>Every node but a root is larger than r. With r at least four times the largest inner entry, inner nodes have at least five children,
 *       so the tree ends.
 *   <li>A boundary is a wall: entries within r of it are beaten by it, those further away don't see it or anything behind it. Beginning at
 *       a boundary is like beginning the level. That one lemma is all there is to editing, joining and parallel building.
 *   <li>One edit changes at most 4 nodes on a level; 1.0 on average.
 *   <li>There is no maximum in the rule: a forced cut would be no wall. Large nodes are rare beyond need, because a node of n radii takes a
 *       chain of hashes that climb and then fall in steps below r. Nodes above 64 r are refused.
 * </ul>
 *
 * Measured with r = 32 KiB for leaves and 6 KiB for inner nodes: leaves of 66 KB on average (standard deviation 0.38 of it, the largest of
 * 39,000 had 232 KB), inner nodes of 12 KB with 220 short or 11 long keys; 10^6 rows of 250 bytes give 3 levels, 10^7 rows 3 as well.
 *
 * <h2>The classes</h2>
 *
 * {@link io.crmbackup.internal.tree.TreeBuilder} loads, {@link io.crmbackup.internal.tree.RecordTree} reads,
 * {@link io.crmbackup.internal.tree.TreeEditor} changes and joins, {@link io.crmbackup.internal.tree.TreeDiff} compares. The rule itself is
 * in {@link io.crmbackup.internal.tree.Splitter}, the nodes' encoding in {@link io.crmbackup.internal.tree.Node}.
 */
@NullMarked
package io.crmbackup.internal.tree;

import org.jspecify.annotations.NullMarked;
