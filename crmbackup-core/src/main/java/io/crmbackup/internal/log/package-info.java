/**
 * The log: the repository's one history. What the repository is follows from its entries alone, and putting an entry
 * is the
 * only way to change it.
 *
 * <h2>Protocol</h2>
 *
 * Entries are objects {@code log/0}, {@code log/1} … without gaps. The sink is asked for one thing only: that a name,
 * once put,
 * is never put again with other bytes. Puts may be applied late, twice, or with the answer lost; reads may miss what
 * is fresh;
 * listings may miss or invent names. No clock, lease or lock takes part.
 *
 * <ol>
 *   <li>An entry's precondition is a statement about the entries below it and nothing else.
 *   <li>To append, a client has read all entries below n, checks the precondition against them, and puts {@code
 *   log/n}. If the
 *       name is taken it reads that entry, checks again, and tries n + 1.
 *   <li>So a put may arrive at any time, however late: it lands only if n is still free, and then its precondition
 *   holds.
 *   <li>If the outcome stays unknown, the client says so and deletes nothing.
 * </ol>
 *
 * A pack is <em>known</em> if an index that an entry names lists it, <em>condemned</em> once an entry says so, for
 * ever, and
 * <em>good</em> if known and not condemned. A copy of a chunk is good if its pack is, and its base's pack too if it
 * is a delta.
 * The invariant: every live snapshot has a good copy of every chunk, and only condemned packs are deleted. Each kind
 * of entry
 * keeps it:
 *
 * <ul>
 *   <li><b>commit</b>: no pack that it relies on is condemned (those of new and of looked-up copies, and of their
 *   bases), all are
 *       stored and listed, and the snapshots whose subtrees it shares are live, so that the invariant holds for those
 *       chunks.
 *   <li><b>condemn</b>: every chunk of every live snapshot has a good copy outside its packs. Commits that come later
 *   see the entry
 *       and can't rely on these packs. So from here on nobody can come to need them, whenever they are deleted.
 *   <li><b>expire</b>, <b>swept</b>, <b>keys</b>, <b>join</b> add no need and condemn nothing.
 *   <li><b>reindex</b>: the new indexes list every pack of the old ones that is not condemned.
 * </ul>
 *
 * Names of packs and indexes are random and never used twice, so that a delete that comes late never hits anything
 * new. An index
 * that was dropped is never named again, since its object may be gone; one that was never named may be deleted only
 * when all its
 * packs are condemned. Packs of a run that crashed, or of one that has not committed yet, look unused and may be
 * condemned: that
 * is safe, because the commit sees it, and {@linkplain io.crmbackup.internal.log.CommitRepair repairs}.
 *
 * <p>Each entry carries the hash of the one before. A client that has read up to n finds out if what it read was
 * exchanged,
 * cut or forked as soon as it reads on, or opens the log with the {@linkplain io.crmbackup.internal.log.LogPosition
 * position}
 * that it remembers. A checkpoint holds what the entries before it amount to; it is believed only if the last of
 * these is the
 * one in the log.
 *
 * <h2>Content of {@code log/<number>}</h2>
 *
 * Big-endian; sealed as the package {@code object} says. A <i>set</i> is a 4-byte count and that many ids of 16 bytes
 * in strictly
 * ascending unsigned order. <i>Indexes</i> are a 4-byte count and for each 16 bytes of index id and the set of its
 * packs.
 *
 * <pre>
 *   0   1  kind: 1 commit, 2 expire, 3 condemn, 4 swept, 5 reindex, 6 keys, 7 join
 *   1  16  nonce of the author
 *  17  32  SHA-256 of the whole stored object of the entry before; zeros in log/000000000000
 *  49   8  author's clock, milliseconds since 1970-01-01T00:00Z; information only
 *  57      by kind
 *          commit    summary · set of parents · indexes · set of packs relied on
 *          expire    set of snapshots
 *          condemn   set of packs · indexes
 *          swept     set of packs
 *          reindex   indexes added · set of indexes dropped
 *          keys      set of slots added · set of slots removed
 *          join      16 bytes of client id
 *
 * summary of a snapshot
 *      16  id, which is that of its manifest snap/&lt;id&gt;
 *       2  length of the plan's name, at most 1,024; then the name in UTF-8
 *       8  moment: seconds since 1970-01-01T00:00Z
 *       4  and nanoseconds, 0 to 999,999,999
 *       1  strategy: 1 full, 2 incremental, 3 differential
 *       1  state: 1 complete, 2 partial
 *       8  bytes read
 *       8  bytes changed
 *       8  bytes removed
 *       8  bytes stored
 *       1  1 if there is a base, else 0; then, if 1, 16 bytes of its snapshot id
 * </pre>
 *
 * <h2>Content of {@code checkpoint/<number>}</h2>
 *
 * <pre>
 *   0   8  the number n: this sums up entries 0 to n − 1
 *   8  32  SHA-256 of the whole stored object of entry n − 1
 *  40   4  count of live snapshots; for each, in the order of their commits:
 *          8 bytes number of the entry · 8 bytes its author's clock in milliseconds · summary
 *          indexes that count
 *          set of dropped indexes
 *          set of condemned packs
 *          set of condemned packs that are known to be deleted
 * </pre>
 */
@NullMarked
package io.crmbackup.internal.log;

import org.jspecify.annotations.NullMarked;
