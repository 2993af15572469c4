/**
 * Packs: objects that hold many chunks each. Data and nodes lie in separate packs.
 *
 * <p>A pack shows nothing but its size, and that only as a size class: lengths of chunks would tell which files they come from, so that every boundary is sealed. Each record has a key of its
 * own, derived from the pack's id, the record's place and a salt that depends on the content, and so opens at its place only. A record says itself what it is; the directory at the end saves reading all
 * of them, and the index (package {@code index}) saves reading directories.
 *
 * <h2>Object</h2>
 *
 * {@code packs/<2>/<id>}: the envelope (package {@code object}) and a body. Offsets count from the beginning of the body. All integers are big-endian.
 *
 * <pre>
 * records     chunk records, one right after the other from offset 0 on; at most 32,768
 * directory   one directory record, right after them
 * padding     random bytes, so many that envelope and body together have the size class of what they would have without (Padmé; package {@code object})
 * trailer     48 bytes
 * </pre>
 *
 * <h2>Record</h2>
 *
 * <pre>
 *  0  16  salt
 * 16  60  header, sealed: 44 bytes and one tag; domain 48 45 41 44, no AAD
 * 76      payload, sealed (segments: package {@code crypto}); domain 43 48 4e 4b, AAD = the 44 bytes of the header before sealing
 *
 * K       HMAC-SHA-256(k, "key" ‖ salt ‖ 16 bytes of pack id ‖ 8 bytes offset of the record), where k is the key for the purpose "pack"; seals header and payload
 * salt    first 16 bytes of HMAC-SHA-256(k', 32 random bytes ‖ header ‖ payload), where k' is the key for the purpose "pack/salt"
 *
 * header before sealing:
 *  0  32  chunk id, or zero for a directory
 * 32   1  kind: 1 chunk, 2 directory
 * 33   1  type of the chunk: 1 data, 2 page of a blob tree, 3 leaf, 4 inner node, 5 schema, 6 dictionary; 0 for a directory
 * 34   1  codec (package {@code codec}); 0 for a directory
 * 35   1  zero
 * 36   4  plain length: of the chunk, at most 8 MiB, or of the directory
 * 40   4  n, length of the payload before sealing
 *
 * payload before sealing:
 *         codecs 3 and 5: 16 bytes pack id, 8 bytes offset, 32 bytes chunk id of the base, which is a copy of codec 0, 1, 2 or 4
 *         codec 2: 32 bytes chunk id of the dictionary, of which a copy of codec 0 or 1 exists
 *         encoded bytes
 * </pre>
 *
 * So the length of a record is 76 + n + 16 · max(1, ceil(n / 16384)).
 *
 * <h2>Directory</h2>
 *
 * A record of kind 2. Its payload is one entry for each chunk record, in the order of their offsets:
 *
 * <pre>
 *  0  32  chunk id
 * 32   1  type
 * 33   1  codec
 * 34   8  offset of the record
 * 42   4  length of the record
 * 46   4  plain length
 * 50      codecs 3 and 5: 56 bytes base, codec 2: 32 bytes dictionary, as in the payload; else nothing
 * </pre>
 *
 * <h2>Trailer</h2>
 *
 * The last 48 bytes of the body:
 *
 * <pre>
 *  0  16  salt, drawn over the 16 bytes before sealing
 * 16  32  sealed: 16 bytes and one tag; domain 48 45 41 44, no AAD
 *
 * K       HMAC-SHA-256(k, "key" ‖ salt ‖ 16 bytes of pack id ‖ 8 bytes offset of the trailer ‖ "trailer")
 *
 * before sealing:
 *  0   8  offset of the directory record
 *  8   4  length of the directory record
 * 12   4  number of entries
 * </pre>
 *
 * Without trailer or directory everything is found by opening one record after the other from offset 0 on.
 */
@NullMarked
package io.crmbackup.internal.pack;

import org.jspecify.annotations.NullMarked;
