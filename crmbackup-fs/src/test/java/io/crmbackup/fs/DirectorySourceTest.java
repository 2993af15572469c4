package io.crmbackup.fs;

import static io.crmbackup.fs.Trees.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.fs.Trees.Context;
import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is captured of a directory, and how. */
class DirectorySourceTest {
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));

    @TempDir
    Path place;

    private Path root;

    @BeforeEach
    void createRoot() throws IOException {
        root = Files.createDirectory(place.resolve("attachments"));
    }

    @Test
    void recordsHoldEverythingOfFilesDirectoriesAndLinks() throws IOException {
        Path file = Files.writeString(root.resolve("letter.txt"), "Dear customer");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-02-03T04:05:06.123456789Z")));
        Path directory = Files.createDirectory(root.resolve("empty"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(directory, FileTime.from(Instant.parse("1969-12-31T23:59:59Z")));
        Files.createSymbolicLink(root.resolve("link"), Path.of("../elsewhere/x"));

        List<Read> records = Trees.read(DirectorySource.of(root));

        assertThat(records).extracting(Read::path).containsExactly("empty", "letter.txt", "link");
        Read empty = records.get(0);
        assertThat(empty.text("type")).isEqualTo("directory");
        assertThat(empty.text("mode")).isEqualTo("0750");
        assertThat(empty.text("mtime")).isEqualTo("1969-12-31T23:59:59Z");
        assertThat(empty.values().get("content").isNull()).isTrue();
        assertThat(empty.values().get("size").isNull()).isTrue();
        Read letter = records.get(1);
        assertThat(letter.text("type")).isEqualTo("file");
        assertThat(letter.text("size")).isEqualTo("13");
        assertThat(letter.text("mode")).isEqualTo("0640");
        assertThat(letter.text("mtime")).isEqualTo("2020-02-03T04:05:06.123456789Z");
        assertThat(letter.text("content")).isEqualTo("Dear customer");
        assertThat(letter.text("uid")).isEqualTo(String.valueOf(Files.getAttribute(file, "unix:uid")));
        assertThat(letter.text("gid")).isEqualTo(String.valueOf(Files.getAttribute(file, "unix:gid")));
        assertThat(letter.values().get("special").isNull()).isTrue();
        assertThat(letter.stable()).isTrue();
        Read link = records.get(2);
        assertThat(link.text("type")).isEqualTo("link");
        assertThat(link.text("link")).isEqualTo("../elsewhere/x");
        assertThat(link.values().get("mode").isNull()).isTrue();
        assertThat(link.values().get("mtime").isNull()).isTrue();
    }

    @Test
    void setIdBitsAreTold() throws IOException {
        assumeTrue(FileFacts.isUnix(root.getFileSystem()));
        Path file = Files.createFile(root.resolve("a"));
        Files.setAttribute(file, "unix:mode", 06755);
        Path directory = Files.createDirectory(root.resolve("b"));
        Files.setAttribute(directory, "unix:mode", 03770);

        List<Read> records = Trees.read(DirectorySource.of(root));

        assertThat(records.get(0).text("mode")).isEqualTo("0755");
        assertThat(records.get(0).text("special")).isEqualTo("setuid setgid");
        assertThat(records.get(1).text("mode")).isEqualTo("3770");
    }

    @Test
    void namesAreRawBytesAndInTheirOrder() throws IOException {
        List<String> names = new ArrayList<>(List.of(
                "61",
                "612e747874",
                "6101",
                "ff",
                "c3a4",
                "80ff20",
                "2e68",
                "0a1b5b",
                "5c",
                "25",
                "22",
                "2b203f23",
                "41"));
        names.add("78".repeat(255));
        for (String name : names) {
            Path path = Trees.raw(root, name);
            if (name.equals("61")) {
                Files.createDirectory(path);
                Files.createFile(path.resolve("x"));
            } else {
                Files.createFile(path);
            }
        }
        Files.createSymbolicLink(root.resolve("zz"), Trees.raw(Path.of("/nowhere"), "fe2fe4"));

        List<Read> records = Trees.read(DirectorySource.of(root));

        names.add("610078");
        names.add("7a7a");
        List<byte[]> expected = names.stream()
                .map(HexFormat.of()::parseHex)
                .sorted(Arrays::compareUnsigned)
                .toList();
        assertThat(records.stream().map(read -> read.key().toString()))
                .containsExactlyElementsOf(
                        expected.stream().map(HexFormat.of()::formatHex).toList());
        Read link = records.stream()
                .filter(read -> read.path().equals("zz"))
                .findFirst()
                .orElseThrow();
        assertThat(link.values().get("link").bytes())
                .isEqualTo(HexFormat.of().parseHex("2f6e6f77686572652f" + "fe2fe4"));
    }

    @Test
    void keysAscendInAnyTree() throws IOException {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        Path at = root;
        for (int i = 0; i < 300; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = random.nextInt(3) + 1; length > 0; length--) {
                name.append(List.of("01", "2e", "61", "62", "7f", "ff", "c3").get(random.nextInt(7)));
            }
            if (!name.toString().matches("2e|2e2e")) {
                Path path = Trees.raw(at, name.toString());
                if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectory(path);
                    at = random.nextBoolean() ? path : random.nextInt(4) == 0 ? root : at;
                }
            }
        }

        List<Read> records = Trees.read(DirectorySource.of(root));

        for (int i = 1; i < records.size(); i++) {
            assertThat(records.get(i - 1).key())
                    .as("seed " + seed)
                    .isLessThan(records.get(i).key());
        }
        assertThat(records).as("seed " + seed).hasSizeGreaterThan(20);
    }

    @Test
    void deepTreesAreWalked() throws IOException {
        Path at = root;
        for (int i = 0; i < 500; i++) {
            at = Files.createDirectory(at.resolve("d"));
        }
        Files.writeString(at.resolve("f"), "deep");

        List<Read> records = Trees.read(DirectorySource.of(root));

        assertThat(records).hasSize(501);
        assertThat(records.get(500).text("content")).isEqualTo("deep");
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        Path outside = Files.createDirectory(place.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "x");
        Files.createSymbolicLink(root.resolve("d"), outside);
        Files.createSymbolicLink(root.resolve("loop"), root);
        Files.createSymbolicLink(root.resolve("self"), Path.of("self"));

        assertThat(Trees.paths(DirectorySource.of(root))).containsExactly("d", "loop", "self");
    }

    @Test
    void includesAndExcludesChoose() throws IOException {
        for (String path :
                List.of("a.pdf", "a.tmp", "in/b.pdf", "in/deep/c.pdf", "in/d.txt", "cache/e.pdf", "other/f.txt")) {
            Files.createDirectories(root.resolve(path).getParent());
            Files.writeString(root.resolve(path), path);
        }

        assertThat(Trees.paths(DirectorySource.from(root)
                        .exclude("**/*.tmp", "cache", "in/**")
                        .build()))
                .containsExactly("a.pdf", "other", "other/f.txt");
        assertThat(Trees.paths(DirectorySource.from(root).include("in/*.pdf").build()))
                .containsExactly("in", "in/b.pdf");
        assertThat(Trees.paths(DirectorySource.from(root).include("in").build()))
                .containsExactly("in", "in/b.pdf", "in/d.txt", "in/deep", "in/deep/c.pdf");
        assertThat(Trees.paths(DirectorySource.from(root)
                        .include("in/**")
                        .include("*.pdf")
                        .exclude("**/deep")
                        .build()))
                .containsExactly("a.pdf", "in", "in/b.pdf", "in/d.txt");
        assertThatThrownBy(() -> DirectorySource.from(root).exclude("/etc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"/etc\"");
    }

    @Test
    void excludedDirectoryIsNotLookedInto() throws IOException {
        Files.createDirectories(root.resolve("cache/x"));
        FileTime before = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
        Files.setAttribute(root.resolve("cache"), "lastAccessTime", before);

        assertThat(Trees.paths(DirectorySource.from(root).exclude("cache").build()))
                .isEmpty();

        assertThat(Files.getAttribute(root.resolve("cache"), "lastAccessTime")).isEqualTo(before);
    }

    @Test
    void whatIsNoFileIsReported() throws IOException {
        Path socket = root.resolve("s\nx");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Context context = new Context();

            assertThat(Trees.read(DirectorySource.of(root), context)).isEmpty();
            assertThat(context.problems).hasSize(1);
            assertThat(context.problems.get(0).kind()).isEqualTo(Problem.Kind.UNSUPPORTED);
            assertThat(context.problems.get(0).item()).isEqualTo("s\\x0ax");
        }
    }

    @Test
    void unreadableFileFailsWhenItIsOpenedAndNotBefore() throws IOException {
        // The only kind of file that not even an administrator can read.
        Path unreadable = Path.of("/proc/self/mem");
        assumeTrue(Files.exists(unreadable));
        Context context = new Context();
        try (Capture capture = DirectorySource.from(Path.of("/proc/self"))
                        .include("mem")
                        .build()
                        .capture(context);
                RecordCursor cursor = capture.read("files")) {
            assertThat(cursor.next()).isTrue();
            FieldValue content = cursor.values().get(FileTree.SCHEMA.indexOf("content"));
            assertThatThrownBy(() -> readAll(content)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void filesWithoutSizeButWithContentAreNeverTakenForEmpty() throws IOException {
        Path made = Path.of("/proc/self/status");
        assumeTrue(Files.exists(made));
        List<Read> records = Trees.read(
                DirectorySource.from(Path.of("/proc/self")).include("status").build(), new Context());

        assertThat(records).hasSize(1);
        assertThat(records.get(0).stable()).isFalse();
    }

    @Test
    void unreadableDirectoryIsReportedAndTheRestRead() throws IOException {
        // Its path is longer than the system's longest, so that not even an administrator can reach it.
        Path upper = chain(Files.createDirectory(root.resolve("a")));
        Path lower = Files.createDirectory(place.resolve("lower"));
        chain(lower);
        Files.createFile(root.resolve("z"));
        Files.move(lower, upper.resolve("lower"));
        try {
            Context context = new Context();
            List<Read> records = Trees.read(DirectorySource.of(root), context);

            assertThat(context.problems).hasSize(1);
            assertThat(context.problems.get(0).kind()).isEqualTo(Problem.Kind.UNREADABLE);
            assertThat(context.problems.get(0).item()).startsWith("a/nnn").contains("/lower/nnn");
            assertThat(records.get(records.size() - 1).path()).isEqualTo("z");
        } finally {
            Files.move(upper.resolve("lower"), lower);
        }
    }

    private static Path chain(Path top) throws IOException {
        Path at = top;
        for (int i = 0; i < 12; i++) {
            at = Files.createDirectory(at.resolve("n".repeat(200)));
        }
        return at;
    }

    @Test
    void missingDirectoryFailsAtOnce() {
        assertThatThrownBy(() -> DirectorySource.of(place.resolve("none")).capture(new Context()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is its disk mounted?");
        assertThatThrownBy(() -> DirectorySource.of(Files.createFile(place.resolve("file")))
                        .capture(new Context()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it is no directory");
    }

    @Test
    void unfinishedRestoreIsReportedAndLeftOut() throws IOException {
        Files.writeString(root.resolve("a"), "x");
        Files.createDirectories(root.resolve("d/.crmbackup-restore-1"));
        Files.writeString(root.resolve("d/.crmbackup-restore-1/half"), "x");
        Files.createFile(root.resolve("d/.crmbackup-restor"));
        Context context = new Context();

        assertThat(Trees.read(DirectorySource.of(root), context))
                .extracting(read -> read.key().pathText())
                .containsExactly("a", "d", "d/.crmbackup-restor");
        assertThat(context.problems).singleElement().satisfies(problem -> {
            assertThat(problem.item()).isEqualTo("d/.crmbackup-restore-1");
            assertThat(problem.message()).contains("cut short");
        });
    }

    @Test
    void capturesOfAnUnchangedDirectoryAreEqual() throws IOException {
        Files.writeString(root.resolve("a"), "x");
        Files.createDirectory(root.resolve("b"));

        List<Read> first = Trees.read(DirectorySource.of(root).at(LATER));
        List<Read> second = Trees.read(DirectorySource.of(root).at(LATER));

        assertThat(second).usingRecursiveComparison().isEqualTo(first);
    }

    @Test
    void interruptStopsTheWalk() throws IOException {
        Files.writeString(root.resolve("a"), "x");
        try (Capture capture = DirectorySource.of(root).capture(new Context());
                RecordCursor cursor = capture.read("files")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(cursor::next).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void captureDescribesItself() throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-x---"));
        DirectorySource source =
                DirectorySource.from(root).include("a", "b").exclude("c").build();
        try (Capture capture = source.capture(new Context())) {
            assertThat(capture.attributes())
                    .containsEntry("include", "a\nb")
                    .containsEntry("exclude", "c")
                    .containsEntry("directory.mode", "0750")
                    .containsEntry(
                            "directory.uid",
                            Files.getAttribute(root, "unix:uid").toString())
                    .containsEntry(
                            "directory.gid",
                            Files.getAttribute(root, "unix:gid").toString());
            assertThat(capture.collections()).hasSize(1);
            assertThatThrownBy(() -> capture.read("other")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(source.consistency()).isEqualTo(Source.Consistency.WINDOW);
        assertThat(source.directory()).contains(root.toRealPath());
    }
}
