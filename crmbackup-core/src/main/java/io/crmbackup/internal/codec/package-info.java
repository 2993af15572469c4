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
 *                     share with the base costs next to nothing. The base never begins with 37 A4 30 EC, and is itself of codec 0,
 *                     1, 2 or 4
 * 4  zstd columns     one zstd frame of a leaf of rows, brought into columns; it states its content size, which is below the plain length
 * 5  patch            the steps that make a node of a record tree of another one, the base, which is itself of codec 0, 1, 2 or 4
 * </pre>
 *
 * A frame of codec 1 to 3 may or may not state its content size; if it does, it equals the plain length that the chunk's header declares. A reader
 * allocates the declared plain length, at most {@link io.crmbackup.internal.codec.ChunkCodec#MAX_PLAIN_LENGTH}, decodes into it, and
 * rejects bytes that give any other length.
 *
 * <h2>Columns</h2>
 *
 * A leaf holds its rows one after the other: key, lengths, values. In columns it is a fifth to a third shorter after zstd, in less time: what is alike stands together in one frame of level 3, ids that count on
 * take next to nothing, and lengths that follow from something else are left out. The form, where numbers are those of leaves (seven bits a byte, lowest first, the highest bit set in all bytes but
 * the last):
 *
 * <pre>
 * columns   := entries (number)  fields (number)  { form (number)  length in bytes (number) } × fields  keys  column × fields
 * keys      := { 2·step + other (number)  [ if step is 0: key length (number)  key ]  [ if other is 1: value length (number)  value ] } × entries
 * column    := form 0: the fields as in the rows
 *              form 1: { value 00, or 01 for no value } × rows; no value has a byte 00 or 01 in it, or lies apart
 *              form 2: { 0 for no value, or 1 + zigzag(difference from the value before, at first from 0) (number) } × rows
 * </pre>
 *
 * An entry is a row if its value is flags 0 and as many fields as the first row has; others stay whole between the keys. A step above 0 says that the key is as long as the one before, and
 * that its last 8 bytes (all, if it is shorter) are so much more, as a number with the most significant byte first; the bytes before these are equal. Form 2 is for integers in their shortest decimal form, of at most 18 digits; zigzag(d) is
 * 2d for d &ge; 0 and -2d - 1 below. Joining the columns gives the leaf byte by byte: what has needless bytes in its numbers is not brought into columns.
 *
 * <h2>Patches</h2>
 *
 * A day's work touches one leaf in several, and some rows in each. Their entries have an order, so that what two versions of a node share is found by going through them side by side: that, and the proof that
 * it is right, take a hundredth of the time in which zstd takes in the base and goes through the whole node. What is new is not looked for elsewhere in the base, so that zstd has the nodes of which much is new.
 *
 * <pre>
 * patch     := 00 steps | 01 zstd frame of the steps, which states its content size, below the plain length
 * steps     := { length (number)  new bytes  bytes of the base to pass over (number)  bytes of the base to take, at least 1 (number) }  [ length  new bytes ]
 * </pre>
 *
 * The next step goes on in the base where the one before ended. Steps are used up when they have given the plain length.
 */
@NullMarked
package io.crmbackup.internal.codec;

import org.jspecify.annotations.NullMarked;
