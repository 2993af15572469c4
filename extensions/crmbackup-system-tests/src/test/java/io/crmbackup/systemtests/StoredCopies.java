package io.crmbackup.systemtests;

import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.util.Set;

/** How the chunks of a repository without secrecy are stored, as all of its indexes tell. */
final class StoredCopies {
    private StoredCopies() {}

    static Set<ChunkCopy> of(Sink sink) throws IOException {
        return Inside.of(sink).copies();
    }
}
