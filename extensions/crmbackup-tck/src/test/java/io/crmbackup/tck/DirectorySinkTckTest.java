package io.crmbackup.tck;

import io.crmbackup.fs.DirectorySink;
import io.crmbackup.spi.Sink;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectorySinkTckTest extends SinkTck {
    @TempDir
    private Path directory;

    @Override
    protected Sink open() {
        return DirectorySink.at(directory.resolve("repository")).createDirectory();
    }
}
