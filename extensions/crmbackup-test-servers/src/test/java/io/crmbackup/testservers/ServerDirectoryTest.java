package io.crmbackup.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerDirectoryTest {
    /** No process has such an id on any system. */
    private static final String GONE = Integer.MAX_VALUE + "-1700000000000-1";

    @TempDir
    private Path all;

    @Test
    void serverOfAJvmThatIsGoneIsStoppedAndItsDataRemoved() throws Exception {
        Path directory = leftOver(GONE);
        Process server = serverNaming(directory);
        Files.writeString(directory.resolve("server.pid"), server.pid() + "\n");
        try {
            ServerDirectory.removeLeftOvers(all);
            assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(directory).doesNotExist();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void processIdThatCameAgainIsLeftAlone() throws Exception {
        Path directory = leftOver(GONE);
        Process other = serverNaming(Path.of("something-else"));
        Files.writeString(directory.resolve("data/postmaster.pid"), other.pid() + "\nmore\n");
        try {
            ServerDirectory.removeLeftOvers(all);
            assertThat(directory).doesNotExist();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void directoryOfALivingJvmStays() throws IOException {
        ServerDirectory own = ServerDirectory.create();
        Path name = own.path().getFileName();
        Path same = leftOver(name.toString());
        Path earlier = leftOver(ProcessHandle.current().pid() + "-1700000000000-1");
        ServerDirectory.removeLeftOvers(all);
        assertThat(same).exists();
        assertThat(earlier).doesNotExist();
        own.delete();
        assertThat(own.path()).doesNotExist();
    }

    private Path leftOver(String name) throws IOException {
        Path directory = all.resolve(name);
        Files.createDirectories(directory.resolve("data/deep/er"));
        Files.writeString(directory.resolve("data/deep/er/file"), "data");
        return directory;
    }

    /** Runs for a while and names a path in its arguments, as servers do. */
    private static Process serverNaming(Path path) throws IOException {
        return new ProcessBuilder("sh", "-c", "sleep 60; exit 0", path.toString()).start();
    }
}
