package io.crmbackup.systemtests;

import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.tck.TargetTck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTargetTckTest extends TargetTck {
    @TempDir
    private Path directory;

    @BeforeEach
    void fill() throws IOException {
        DirectoryTree.fill(Files.createDirectory(directory.resolve("example")));
        Files.createDirectory(directory.resolve("occupied"));
        Files.writeString(directory.resolve("occupied/file"), "mine");
    }

    @Override
    protected Source example() {
        return DirectorySource.of(directory.resolve("example"));
    }

    @Override
    protected Target target() {
        return DirectoryTarget.at(directory.resolve("restored"));
    }

    @Override
    protected Target occupied() {
        return DirectoryTarget.at(directory.resolve("occupied"));
    }

    @Override
    protected Target replacing() {
        return DirectoryTarget.replace(directory.resolve("restored"));
    }

    @Override
    protected void writeAsAnother() throws IOException {
        Files.writeString(directory.resolve("restored/another"), "mine");
    }

    @Override
    protected Object writtenByAnother() throws IOException {
        return Files.readString(directory.resolve("restored/another"));
    }

    @Override
    protected Object state() throws IOException {
        return DirectoryTree.state(directory.resolve("restored"));
    }
}
