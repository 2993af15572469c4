package io.crmbackup.fs;

import static io.crmbackup.fs.Trees.assertNothingUnfinished;
import static io.crmbackup.fs.Trees.preview;
import static io.crmbackup.fs.Trees.restore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole tree restored into a directory of its own. */
class DirectoryTargetTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2011-12-13T14:15:16.123456789Z"));

    @TempDir
    Path place;

    private Path root;

    @BeforeEach
    void chooseRoot() {
        root = place.resolve("restored");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void restoredTreeReadsBackEqual(boolean rootExists) throws IOException {
        Path original = Files.createDirectory(place.resolve("original"));
        Files.setPosixFilePermissions(original, PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createDirectories(original.resolve("a/b/empty"));
        Files.writeString(original.resolve("a/b/text"), "content");
        Files.writeString(original.resolve("a.txt"), "");
        Files.write(Trees.raw(original, "ff2f".substring(0, 2)), new byte[200_000]);
        Files.createFile(Trees.raw(original, "78".repeat(255)));
        Files.createSymbolicLink(original.resolve("a/link"), Path.of("b/text"));
        Files.createSymbolicLink(original.resolve("dangling"), Trees.raw(Path.of("/nowhere"), "fe"));
        Files.setPosixFilePermissions(original.resolve("a/b/text"), PosixFilePermissions.fromString("---------"));
        Files.setAttribute(original.resolve("a/b"), "unix:mode", 03575);
        try (Stream<Path> all = Files.walk(original)) {
            for (Path path : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                Files.setLastModifiedTime(path, LONG_AGO);
            }
        }
        List<Read> records = Trees.read(DirectorySource.of(original));
        if (rootExists) {
            Files.createDirectory(root);
        }

        Map<String, String> attributes;
        try (var capture = DirectorySource.of(original).capture(new Trees.Context())) {
            attributes = capture.attributes();
        }
        WriteResult result = restore(DirectoryTarget.at(root), records, attributes);

        assertThat(result).isEqualTo(new WriteResult(records.size(), 0));
        DirectorySource readBack =
                (DirectorySource) DirectoryTarget.at(root).readBack(attributes).orElseThrow();
        assertThat(Trees.read(readBack))
                .extracting(Read::key, Read::values)
                .containsExactlyElementsOf(records.stream()
                        .map(read -> org.assertj.core.groups.Tuple.tuple(read.key(), read.values()))
                        .toList());
        if (!rootExists) {
            assertThat(Files.getPosixFilePermissions(root)).isEqualTo(Files.getPosixFilePermissions(original));
        }
        assertNothingUnfinished(place);
    }

    @Test
    void ownersAreRestoredByRootAndOtherwiseNoted() throws IOException {
        List<Read> records = List.of(Trees.record(
                RecordKey.path("a"), "type", "file", "mode", "0600", "uid", "4711", "gid", "4712", "content", "x"));
        DirectoryTarget target = DirectoryTarget.at(root);
        boolean isRoot = System.getProperty("user.name").equals("root");

        TargetPreview preview = preview(target, records);
        restore(target, records);

        if (isRoot) {
            assertThat(preview.notes()).isEmpty();
            assertThat(target.fieldsNotRestored("files")).containsExactlyInAnyOrder("special", "dos", "created", "acl");
            assertThat(Files.getAttribute(root.resolve("a"), "unix:uid")).isEqualTo(4711);
            assertThat(Files.getAttribute(root.resolve("a"), "unix:gid")).isEqualTo(4712);
        } else {
            assertThat(preview.notes()).hasSize(1);
            assertThat(target.fieldsNotRestored("files"))
                    .containsExactlyInAnyOrder("uid", "gid", "special", "dos", "created", "acl");
        }
    }

    @Test
    void directoryItselfGetsItsModeAndOwnerBackWhereItWasAbsent() throws IOException {
        Map<String, String> said = Map.of("directory.mode", "0710", "directory.uid", "4711", "directory.gid", "4712");
        boolean isRoot = System.getProperty("user.name").equals("root");

        restore(DirectoryTarget.at(root), List.of(Trees.file("a", "x")), said);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx--x---");
        if (isRoot) {
            assertThat(Files.getAttribute(root, "unix:uid")).isEqualTo(4711);
            assertThat(Files.getAttribute(root, "unix:gid")).isEqualTo(4712);
        }
        Path prepared = Files.createDirectory(place.resolve("prepared"));
        Object owner = Files.getAttribute(prepared, "unix:uid");
        restore(DirectoryTarget.at(prepared), List.of(Trees.file("a", "x")), said);
        assertThat(Files.getAttribute(prepared, "unix:uid")).isEqualTo(owner);
    }

    @Test
    void directoryThatIsDescribedWronglyIsLeftAsItIs() throws IOException {
        Map<String, String> said =
                Map.of("directory.mode", "rwx", "directory.uid", "4294967295", "directory.gid", "-1");

        restore(DirectoryTarget.at(root), List.of(Trees.file("a", "x")), said);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx------");
        assertThat(Files.getAttribute(root, "unix:uid")).isEqualTo(Files.getAttribute(place, "unix:uid"));
    }

    @Test
    void directoryBelowAFileIsRefusedByThePreview() throws IOException {
        Path file = Files.writeString(place.resolve("file"), "x");

        assertThat(preview(DirectoryTarget.at(file.resolve("a/b")), List.of()).blockers())
                .containsExactly(file.resolve("a/b") + " can't be created: " + file + " is not a directory");
        assertThat(preview(DirectoryTarget.at(place.resolve("a/b")), List.of()).blockers())
                .isEmpty();
    }

    @Test
    void setIdBitsAreRestoredOnlyIfAskedFor() throws IOException {
        List<Read> records = List.of(
                Trees.record(RecordKey.path("a"), "type", "file", "mode", "0755", "special", "setuid", "content", "x"),
                Trees.record(RecordKey.path("b"), "type", "file", "mode", "6755", "content", "x"));

        assertThat(preview(DirectoryTarget.at(root), records).notes()).hasSize(1);
        restore(DirectoryTarget.at(root), records);
        assertThat((Integer) Files.getAttribute(root.resolve("a"), "unix:mode") & 07777)
                .isEqualTo(0755);
        assertThat((Integer) Files.getAttribute(root.resolve("b"), "unix:mode") & 07777)
                .isEqualTo(0755);

        assumeTrue(System.getProperty("user.name").equals("root"));
        DirectoryTarget asked = DirectoryTarget.at(place.resolve("other")).withSpecialModes();
        restore(asked, records);
        assertThat((Integer) Files.getAttribute(place.resolve("other/a"), "unix:mode") & 07777)
                .isEqualTo(04755);
        assertThat(asked.fieldsNotRestored("files")).doesNotContain("special");
    }

    @Test
    void targetThatIsNotEmptyIsRefused() throws IOException {
        Files.createDirectory(root);
        Files.writeString(root.resolve("precious"), "x");

        assertThat(preview(DirectoryTarget.at(root), List.of(Trees.file("a", "x")))
                        .blockers())
                .containsExactly(root + " is not empty: it has 1 entry, as precious");

        Path file = Files.createFile(place.resolve("file"));
        assertThat(preview(DirectoryTarget.at(file), List.of()).blockers())
                .containsExactly(file + " is not a directory");
    }

    @Test
    void previewHasNoEffect() throws IOException {
        assertThat(preview(DirectoryTarget.at(root), List.of(Trees.file("a/b", "x")))
                        .blockers())
                .isEmpty();
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void selectedFilesBringTheirDirectories() throws IOException {
        restore(DirectoryTarget.at(root), List.of(Trees.file("a/b/c", "x"), Trees.file("a/d", "y")));

        assertThat(root.resolve("a/b/c")).hasContent("x");
        assertThat(root.resolve("a/d")).hasContent("y");
    }
}
