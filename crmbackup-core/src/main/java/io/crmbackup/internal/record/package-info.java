/**
 * Records as a tree keeps them.
 *
 * <p>A record's place in the tree is its key, if that has fewer than 1,024 bytes; otherwise the first 992 bytes of the key and the SHA-256 of
 * the whole key, 1,024 bytes together. Its value there begins with a byte of flags:
 * <pre>
 * bit 0   the row lies apart: 41 bytes follow that name its blob tree (see {@link io.crmbackup.internal.tree.BlobRef})
 * bit 1   the whole key follows first: its length as a variable-length number, then its bytes
 * other   must be 0
 * </pre>
 * then comes the row, as {@link io.crmbackup.spi.RecordCodec} makes it, or the name of the blob tree that holds the row. A row lies apart if it
 * is longer than 4,096 bytes after its long values were put apart.
 *
 * <p>A record without a key is placed at the first 16 bytes of HMAC-SHA-256(row key, row) and, as 8 bytes, its number among equal rows, from
 * 0.
 *
 * <p>A value that lies apart is cut into pieces by its content, and the pieces are listed in a blob tree.
 */
@NullMarked
package io.crmbackup.internal.record;

import org.jspecify.annotations.NullMarked;
