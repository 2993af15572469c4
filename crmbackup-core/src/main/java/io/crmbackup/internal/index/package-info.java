/**
 * Which chunks are stored where: as objects in the repository, and in the form in which one process looks chunks up.
 *
 * <h2>Index object</h2>
 *
 * {@code index/<id>}: a sealed object (package {@code object}) of role 4. All integers are big-endian. Its plain content says of some packs what they hold; a pack is never divided between two index objects, but may be in
 * several. Writers keep to 4 MiB of content.
 *
 * <pre>
 * 0  4  number of packs
 *       then for each pack:
 * 0 16  pack id
 * 16 8  length of the pack's object in bytes
 * 24 4  number of chunks, at most 32,768
 * 28    an entry for each chunk, as in the directory of a pack (package {@code pack})
 * </pre>
 *
 * <h2>In a process</h2>
 *
 * A {@linkplain io.crmbackup.internal.index.ChunkIndex chunk index} holds rows of 52 bytes. The newest lie in the heap, in an array with a hash table; when that is full, it is sorted and written to a segment file in the work
 * directory, which is mapped. Whenever there are four segments of one size they are merged, so that 100 million chunks lie in some fifteen segments, each of which takes a few probes: chunk ids are uniformly distributed, so that a row's
 * place can be computed almost exactly. The files are caches of what the index objects say: readable by their owner only, removed from the directory while still in use where the system allows that, at the latest
 * when the index is closed.
 *
 * <pre>
 * row   0 32  chunk id
 *      32  4  number of the pack in the process
 *      36  4  offset of the record
 *      40  4  length of the record
 *      44  4  plain length · 256 + type · 16 + codec
 *      48  4  number of the base or dictionary in the process, or 0
 * </pre>
 */
@NullMarked
package io.crmbackup.internal.index;

import org.jspecify.annotations.NullMarked;
