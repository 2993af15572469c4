/**
 * Gives up snapshots ({@code ExpireRun}), and reclaims what none needs, while others back up, restore, expire and prune.
 *
 * <p>A prune is a straight line, {@code PruneRun}, and can end anywhere: whoever prunes next goes on.
 *
 * <ol>
 *   <li><b>Mark</b> ({@code Marker}): every chunk of every snapshot that is live as of one state of the log is resolved to a copy that can be relied on. If one can't, everything stops: what is not understood is not cleaned up. So a view of
 *       the repository that lags behind can only keep too much. Of several copies the one that was written last counts, where the sink tells times: it may
 *       be there since an older one was found damaged.
 *   <li><b>Judge</b> ({@code Reclaim}): packs that none of these copies needs are to go; so are packs of which little is needed, and bases of deltas that no snapshot has any more, as they would keep contents that were dropped.
 *   <li><b>Rewrite</b> ({@code Rewrite}): what is needed of these is stored again in new packs.
 *   <li><b>Condemn</b>: one entry of the log names the packs that go and the indexes of the new ones, so that both change places in one put. Its precondition is a statement about the entries before it (package {@code log}): after a commit by someone
 *       else, what that relies on is spared; after another condemn everything is marked again. From here on nobody can come to need these packs, since no commit may rely on a condemned one.
 *   <li><b>Merge</b> ({@code IndexMerge}): small index objects, and those that speak of condemned packs, are written anew as fewer ones.
 *   <li><b>Sweep</b> ({@code Sweep}): what was given up longer ago than the quarantine is deleted, after everything was found once more without it. Safety does not depend on the quarantine, nor on any clock: it is there for readers of snapshots that expired while they read.
 * </ol>
 *
 * <p>Marking reads every node of the live trees once and no data. Memory: that of an index and of two sorters, and about 150 bytes for each pack.
 */
@NullMarked
package io.crmbackup.internal.prune;

import org.jspecify.annotations.NullMarked;
