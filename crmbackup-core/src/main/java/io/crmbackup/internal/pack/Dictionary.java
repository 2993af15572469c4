package io.crmbackup.internal.pack;

import io.crmbackup.internal.codec.CompressionDictionary;
import io.crmbackup.internal.hash.ChunkId;

/**
 * A dictionary that new chunks may be encoded with.
 *
 * @param id the chunk whose plain bytes it is, of which a copy exists that needs no other chunk
 * @param prepared what it is compressed with; stays open as long as chunks are written with it
 */
public record Dictionary(ChunkId id, CompressionDictionary prepared) {}
