package io.crmbackup.internal.pack;

import io.crmbackup.internal.object.ObjectId;
import java.util.List;

/**
 * A pack ready to be put.
 *
 * @param object an array that begins with the whole object
 * @param length length of the object
 * @param copies what it holds, ordered by offset
 */
record SealedPack(ObjectId id, byte[] object, int length, List<ChunkCopy> copies) {}
