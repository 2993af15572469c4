package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.spi.FieldValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoredContentTest {
    private static final int BLOCK = 64 * 1024;
    private static final long FOUR_GIBIBYTES = 4L << 30;

    @TempDir
    Path place;

    private Path file() {
        return place.resolve("file");
    }

    /** Blocks of 512 bytes that a file takes. */
    private static long blocks(Path file) throws IOException {
        Path stat = Path.of("/usr/bin/stat");
        assumeTrue(Files.isExecutable(stat), "this system has no stat");
        Process process = new ProcessBuilder(stat.toString(), "-c", "%b", file.toString()).start();
        try (InputStream out = process.getInputStream()) {
            return Long.parseLong(new String(out.readAllBytes(), StandardCharsets.US_ASCII).trim());
        }
    }

    @Test
    void anyContentIsWrittenAsItIs() throws IOException {
        for (long seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            byte[] content = new byte[random.nextInt(6 * BLOCK)];
            for (int from = 0; from < content.length; ) {
                int to = Math.min(content.length, from + (random.nextBoolean() ? BLOCK : 1 + random.nextInt(BLOCK)));
                if (random.nextBoolean()) {
                    byte[] noise = new byte[to - from];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, content, from, noise.length);
                }
                from = to;
            }
            Path file = place.resolve("file " + seed);

            RestoredContent.write(file, FieldValue.of(content), Durability.SYNCED);

            assertThat(Files.readAllBytes(file)).as("seed %d", seed).isEqualTo(content);
            assertThat(RestoredContent.isIn(file, FieldValue.of(content)))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK})
    void contentsThatDifferAreToldApart(int length) throws IOException {
        byte[] content = new byte[length];
        RestoredContent.write(file(), FieldValue.of(content), Durability.SYNCED);

        assertThat(RestoredContent.isIn(file(), FieldValue.of(new byte[length + 1])))
                .isFalse();
        if (length > 0) {
            assertThat(RestoredContent.isIn(file(), FieldValue.of(new byte[length - 1])))
                    .isFalse();
            content[length - 1] = 1;
            assertThat(RestoredContent.isIn(file(), FieldValue.of(content))).isFalse();
        }
        assertThat(Files.size(file())).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holesTakeNoSpace(boolean atTheEnd) throws IOException {
        byte[] content = new byte[40 * BLOCK];
        Arrays.fill(content, 7 * BLOCK, 7 * BLOCK + 10, (byte) 1);
        content[content.length - 1] = (byte) (atTheEnd ? 0 : 1);

        RestoredContent.write(file(), FieldValue.of(content), Durability.SYNCED);

        assertThat(Files.readAllBytes(file())).isEqualTo(content);
        assertThat(blocks(file()) * 512).isBetween((long) BLOCK, 3L * BLOCK);
    }

    @Test
    void shortRunsOfZerosAreWritten() throws IOException {
        byte[] content = new byte[4 * BLOCK];
        for (int i = 0; i < content.length; i += BLOCK) {
            content[i] = 1;
        }
        RestoredContent.write(file(), FieldValue.of(content), Durability.SYNCED);

        assertThat(blocks(file()) * 512).isGreaterThanOrEqualTo(4L * BLOCK);
    }

    @Test
    void largeSparseFileIsCapturedAndRestored() throws IOException {
        Path root = Files.createDirectory(place.resolve("attachments"));
        byte[] end = Trees.utf8("the end");
        try (FileChannel channel = FileChannel.open(
                root.resolve("disk"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            channel.write(java.nio.ByteBuffer.wrap(end), FOUR_GIBIBYTES);
        }
        long length = FOUR_GIBIBYTES + end.length;
        assumeTrue(blocks(root.resolve("disk")) < 100, "this file system has no sparse files");
        try (var capture = DirectorySource.of(root).capture(new Trees.Context());
                var cursor = capture.read("files")) {
            assertThat(cursor.next()).isTrue();
            FieldValue content = cursor.values().get(FileTree.SCHEMA.indexOf("content"));
            assertThat(content.length()).isEqualTo(length);

            RestoredContent.write(file(), content, Durability.SYNCED);
        }
        assertThat(Files.size(file())).isEqualTo(length);
        assertThat(blocks(file())).isLessThan(1000);
        try (FileChannel channel = FileChannel.open(file())) {
            java.nio.ByteBuffer read = java.nio.ByteBuffer.allocate(end.length);
            channel.read(read, FOUR_GIBIBYTES);
            assertThat(read.array()).isEqualTo(end);
        }
    }

    @Test
    void contentThatFailsLeavesNothing() {
        InputStream failing = new SequenceInputStream(new ByteArrayInputStream(new byte[3 * BLOCK]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("damaged");
            }
        });

        assertThatThrownBy(
                        () -> RestoredContent.write(file(), FieldValue.content(() -> failing, -1), Durability.SYNCED))
                .hasMessageContaining("damaged");
        assertThat(file()).doesNotExist();
    }
}
