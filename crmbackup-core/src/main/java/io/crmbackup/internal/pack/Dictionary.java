package io.crmbackup.internal.pack;

import io.crmbackup.internal.hash.ChunkId;

/**
 * A dictionary that new chunks may be encoded with.
 *
 * @param id the chunk that it is, of which a copy exists that needs no other chunk
 * @param bytes its plain bytes; encoders that get the same array again need not prepare it again
 */
public record Dictionary(ChunkId id, byte[] bytes) {}
