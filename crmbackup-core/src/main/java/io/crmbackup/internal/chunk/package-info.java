/**
 * Cuts a content into pieces whose borders depend on the bytes around them only, so that an edit changes the pieces near it and
 * bytes that move keep theirs.
 *
 * <h2>Definition</h2>
 *
 * <p>Readers of a repository never need this; a writer that wants to share pieces with others does. A content has {@code n}
 * bytes, {@code b[0] … b[n-1]}. Position {@code c} lies before byte {@code b[c]}. All arithmetic is two's complement, all
 * comparisons are signed, numbers in the content are little-endian. {@code r} (radius) and {@code max} are parameters of the
 * repository.
 *
 * <p><b>Secrets.</b> From the chunker key, with {@code block(j) = HMAC-SHA-256(key, j as 4 bytes, big-endian)}: {@code K0 … K3}
 * are the four little-endian 64-bit numbers of {@code block(0)}. {@code A} is the first acceptable one of the little-endian 64-bit
 * numbers of {@code block(1)}, {@code block(2)}, …, each with its lowest bit set to 1. It is acceptable if a run of one byte value is not
 * eligible (below) for any of the 256 values: {@code v * 0x0101010101010101 * A mod 2^64} is at least {@code -2^63 + 2^58} for
 * v = 0 … 255.
 *
 * <p><b>Rank.</b> Only positions {@code 64 <= c < n} have one. With {@code l(k)} the 64-bit number at {@code c - 8 k}, and
 * {@code mum(a, b)} = high half XOR low half of the signed 128-bit product of a and b:
 * <pre>
 *   y(c) = l(1) A                                                      mod 2^64
 *   z(c) = mum(  mum(l(1) ^ K0, l(2) ^ K1) ^ mum(l(3) ^ K2, l(4) ^ K3)
 *              ^ mum(l(5) ^ K1, l(6) ^ K3) ^ mum(l(7) ^ K0, l(8) ^ K2),  K2)
 * </pre>
 * {@code c} is <i>eligible</i> if {@code y(c) < -2^63 + 2^58}, which holds for one position in 64. Ranks compare by
 * {@code (y, z, c)}, so that no two positions have the same rank.
 *
 * <p><b>Natural cuts.</b> {@code c} is a natural cut if {@code c > r}, {@code n - c > r}, {@code c} is eligible, and no eligible
 * position in {@code [c - r, c + r]} has a smaller rank.
 *
 * <p><b>Forced cuts.</b> The walls are 0, the natural cuts, and n. Between two neighbouring walls {@code a < b}: while {@code b - a > max},
 * there is a forced cut at {@code a + max - r}, which becomes the next {@code a}.
 *
 * <p>The pieces are what lies between neighbouring cuts, start and end included; an empty content has none.
 *
 * <h2>What follows</h2>
 *
 * <ul>
 *   <li>Every piece is longer than r and at most max bytes, but for a content of at most 2 r + 1 bytes, which is one piece. The mean
 *       is 2 r on nearly any data, since each position is the smallest of its 2 r + 1 neighbours equally often.
 *   <li>Whether c is a natural cut is decided by the bytes {@code [c - r - 64, c + r)} alone: after an edit of {@code [e, f)}, natural
 *       cuts {@code c < e - r} stay, and so do those {@code c >= f + r + 64}, whatever was inserted or removed between them. There
 *       is no state to re-synchronise, and regions can be searched in any order.
 *   <li>Forced cuts depend on the natural cut before them only. They appear where no position is eligible or all have the same
 *       content: runs of one value and short periods.
 *   <li>A piece's length tells an observer something about its bytes. The secrets prevent tables that are computed in advance or shared
 *       between repositories. They can be found out by who knows enough of the content, and are not what confidentiality
 *       rests on (see "Breaking and Fixing Content-Defined Chunking", IACR ePrint 2025/558): packs hide the lengths.
 * </ul>
 *
 * <p>Local minima instead of a rolling hash with a mask: y has no state, so that positions can be computed in any order and several at
 * once, and minima have a stable density where a mask finds too much or nothing. A multiplication by an odd number is one-to-one, so y
 * ties only where the same 8 bytes occur again, as they often do in tables; then z tells by 64 bytes.
 *
 * <h2>Evaluation</h2>
 *
 * <p>Positions are taken in blocks of r, and each block's smallest rank is found in one pass, with the smallest y so far as the limit of the
 * search. A block lies within r of each of its positions, so only its smallest can be a cut, and it has to beat the parts of the two
 * neighbouring blocks within r. Their smallest ranks usually decide that; if one is smaller but too far away, the part is searched
 * again, with the candidate's y as the limit. So no position is looked at more than three times, on any data.
 */
@NullMarked
package io.crmbackup.internal.chunk;

import org.jspecify.annotations.NullMarked;
