package io.crmbackup.internal.snapshot;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.manifest.SchemaDocuments;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.spi.RecordSchema;
import java.util.Map;

/** Reads schemas and attributes of snapshots. */
record Documents(SchemaDocuments codec, ChunkReader reader) {
    RecordSchema schema(ChunkId id) {
        return codec.readSchema(reader, id);
    }

    Map<String, String> attributes(ChunkId id) {
        return codec.readAttributes(reader, id);
    }
}
