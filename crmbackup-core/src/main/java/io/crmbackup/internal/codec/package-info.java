/**
 * How the plain bytes of a chunk are encoded before they are sealed. What a chunk's id names are the plain bytes; two copies of one
 * chunk may be encoded differently.
 *
 * <h2>Codecs</h2>
 *
 * <pre>
 * 0  raw              the plain bytes as they are
 * 1  zstd             one zstd frame (RFC 8878)
 * 2  zstd dictionary  one zstd frame, compressed with the plain bytes of another chunk as dictionary. They are a dictionary in zstd's
 *                     own format if they begin with its magic number 37 A4 30 EC, otherwise raw content
 * 3  zstd delta       one zstd frame, compressed with the plain bytes of another chunk, the base, as raw content: what the new bytes
 *                     share with the base costs next to nothing. The base never begins with 37 A4 30 EC, and is itself of codec 0, 1
 *                     or 2
 * </pre>
 *
 * A frame may or may not state its content size; if it does, it equals the plain length that the chunk's header declares. A reader
 * allocates the declared plain length, at most {@link io.crmbackup.internal.codec.ChunkCodec#MAX_PLAIN_LENGTH}, decodes into it, and
 * rejects bytes that give any other length.
 */
@NullMarked
package io.crmbackup.internal.codec;

import org.jspecify.annotations.NullMarked;
