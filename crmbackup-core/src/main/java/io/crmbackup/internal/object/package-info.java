/**
 * Named objects: what every one of them looks like in the sink, how those that are not packs are sealed, and how they
 * get there and back.
 *
 * <h2>Names</h2>
 *
 * An id is 16 random bytes, written as 32 lower-case hexadecimal digits, drawn for each object and never used twice.
 * A number is written with 12 decimal digits.
 *
 * <pre>
 * repository            what the repository is; in the clear, authenticated
 * keys/&lt;id&gt;             a key slot (package {@code crypto})
 * packs/&lt;2&gt;/&lt;id&gt;        chunks (package {@code pack}); &lt;2&gt; is the id's first two digits
 * index/&lt;id&gt;            which chunks some packs hold; sealed
 * snap/&lt;id&gt;             what a snapshot contains; sealed
 * log/&lt;number&gt;          an entry of the history (package {@code log}); sealed
 * checkpoint/&lt;number&gt;   the history up to an entry (package {@code log}); sealed
 * lease/&lt;id&gt;/&lt;number&gt;   reserved for a writer's sign of life; never written so far
 * </pre>
 *
 * <h2>Envelope</h2>
 *
 * Every object, whatever it holds, is 64 bytes of header and then its body. All integers are big-endian. These 64
 * bytes have this layout in every version of the format.
 *
 * <pre>
 *   0   8  magic: 8f 43 52 4d 42 0d 0a 1a
 *   8   1  role: 1 repository, 2 key slot, 3 pack, 4 index, 5 snapshot, 6 log entry, 7 checkpoint, 8 lease
 *   9   1  major version of the format: 1. A reader refuses one that it does not know
 *  10   2  minor version: 0. A reader ignores it
 *  12   4  required features, a bit each: none so far. A reader refuses an object with a bit that it does not know
 *  16   4  optional features, a bit each: none so far. A reader ignores bits that it does not know
 *  20   8  length of the body
 *  28  32  SHA-256 of the body
 *  60   4  CRC-32C of bytes 0 to 59
 *  64      body
 * </pre>
 *
 * The checksums need no key, so any tool can scrub a copy of a repository. They find accidents; only the seal finds
 * forgeries.
 *
 * <h2>Body of a sealed object</h2>
 *
 * <pre>
 *   0  16  salt
 *  16  32  key commitment: HMAC-SHA-256(K, "commit")
 *  48      sealed bytes (segments: package {@code crypto}), domain 4f 42 4a 54
 *
 * AAD     bytes 0 to 19 of the envelope ‖ 16 bytes of repository id ‖ the object's name in ASCII
 * K       HMAC-SHA-256(k, "key" ‖ salt ‖ AAD), where k is the key for the purpose "object"
 *
 * and within the sealed bytes:
 *   0   1  0: content as it is, 1: content is one zstd frame
 *   1   3  zero
 *   4   4  n, length of the content
 *   8   4  length of the plain content; equals n unless zstd
 *  12   n  content
 *          zero bytes, up to the size class of 12 + n
 * </pre>
 *
 * The size class of a length L is L rounded up to a multiple of 2^(E − S) where E = floor(log2 L) and S = floor(log2
 * E) + 1 (Padmé; Nikitin, Barman, Lueks, Underwood, Hubaux and Ford, 2019): at most 12 % more.
 *
 * <h2>Body of {@code repository}</h2>
 *
 * <pre>
 *   0  16  repository id
 *  16   8  creation time, milliseconds since 1970-01-01T00:00Z
 *  24   1  suite: 1
 *  25   1  zero
 *  26   2  p, number of parameters, at most 64
 *          p times, ordered by name: 1 byte length of the name (1 to 64), the name in ASCII, 8 bytes value
 *      32  HMAC-SHA-256(k, bytes 0 to 19 of the envelope ‖ all of the body before),
 *          where k is the key for the purpose "repository"
 * </pre>
 */
@NullMarked
package io.crmbackup.internal.object;

import org.jspecify.annotations.NullMarked;
