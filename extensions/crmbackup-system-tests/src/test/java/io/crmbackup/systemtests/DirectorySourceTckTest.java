package io.crmbackup.systemtests;

import io.crmbackup.fs.DirectorySource;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.Source;
import io.crmbackup.tck.SourceTck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTckTest extends SourceTck {
    @TempDir
    private Path root;

    @BeforeEach
    void fill() throws IOException {
        DirectoryTree.fill(root);
    }

    @Override
    protected Source source() {
        return DirectorySource.of(root);
    }

    @Override
    protected Map<String, Integer> records() {
        return Map.of("files", 8);
    }

    @Override
    protected void change() throws IOException {
        Files.writeString(root.resolve("a/b/text"), "changed");
    }

    @Override
    protected boolean changeContent(String collection, RecordKey key) throws IOException {
        Files.writeString(root.resolve(key.pathText()), "changed while it was read");
        return true;
    }

    @Override
    protected Object state() throws IOException {
        return DirectoryTree.state(root);
    }
}
