package io.crmbackup.internal.copy;

import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.TreeParameters;
import java.util.function.Supplier;

/**
 * The repository that is copied to: its rules, and the session that stores there.
 *
 * @param trees how its trees are cut
 * @param chunker how its contents are cut
 * @param rowKey the key of the places of records without keys
 * @param reader reads what is stored, by the session too
 * @param writer stores
 * @param idsOnly computes ids like the writer, and stores nothing
 * @param sorters make sorters of records
 */
record Destination(
        TreeParameters trees,
        ChunkerParameters chunker,
        byte[] rowKey,
        ChunkReader reader,
        ChunkWriter writer,
        ChunkWriter idsOnly,
        Supplier<ExternalSorter> sorters) {}
