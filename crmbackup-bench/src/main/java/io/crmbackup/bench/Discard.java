package io.crmbackup.bench;

import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A target that reads all records and keeps their checksum only, so that a restore's time is that of the repository. */
final class Discard implements Target {
    private long checksum;

    /** As {@link GrowingTable#checksum()}. */
    long checksum() {
        return checksum;
    }

    @Override
    public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections) {
        return new TargetSession() {
            @Override
            public TargetPreview preview() {
                return new TargetPreview(List.of(), List.of(), List.of());
            }

            @Override
            public void begin() {}

            @Override
            public WriteResult write(RestoredCollection collection) throws IOException {
                long written = 0;
                try (RecordCursor cursor = collection.open()) {
                    while (cursor.next()) {
                        checksum += GrowingTable.checksum(cursor.values());
                        written++;
                    }
                }
                return new WriteResult(written, 0);
            }

            @Override
            public void finish() {}

            @Override
            public void close() {}
        };
    }

    @Override
    public Optional<Source> readBack(Map<String, String> attributes) {
        return Optional.empty();
    }
}
