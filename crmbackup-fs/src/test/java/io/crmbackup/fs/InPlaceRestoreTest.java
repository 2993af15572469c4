package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InPlaceRestoreTest {
    private static final String TIME = "2001-02-03T04:05:06Z";

    @TempDir
    Path place;

    private Path root;

    @BeforeEach
    void createRoot() throws IOException {
        root = Files.createDirectory(place.resolve("root"));
    }

    private static Read file(String path, String content) {
        return Trees.record(RecordKey.path(path), "type", "file", "mode", "0644", "mtime", TIME, "content", content);
    }

    private Path write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(TIME)));
        return file;
    }

    private static TargetPreview preview(DirectoryTarget target, Map<String, String> attributes, List<Read> records)
            throws IOException {
        try (TargetSession session = target.open(attributes, List.of(Trees.collection(records)))) {
            return session.preview();
        }
    }

    private static TargetChanges restore(DirectoryTarget target, Map<String, String> attributes, List<Read> records)
            throws IOException {
        RestoredCollection collection = Trees.collection(records);
        try (TargetSession session = target.open(attributes, List.of(collection))) {
            assertThat(session.preview().blockers()).isEmpty();
            session.begin();
            session.write(collection);
            session.finish();
            return session.changes().orElseThrow();
        }
    }

    @Test
    void mirrorLeavesWhatTheBackupLeftOut() throws IOException {
        write("cache/x", "mine");
        write("gone/cache/x", "mine");
        write("gone/y.tmp", "mine");
        write("gone/z", "surplus");
        write("also/z", "surplus");
        Map<String, String> attributes = Map.of("exclude", "**/*.tmp\n**/cache");
        DirectoryTarget target = DirectoryTarget.mirror(root);

        TargetChanges expected =
                preview(target, attributes, List.of()).changes().orElseThrow();
        TargetChanges done = restore(target, attributes, List.of());

        assertThat(done).isEqualTo(expected);
        assertThat(done.deletions()).containsExactly("also/z", "also", "gone/z");
        assertThat(root.resolve("cache/x")).hasContent("mine");
        assertThat(root.resolve("gone/cache/x")).hasContent("mine");
        assertThat(root.resolve("gone/y.tmp")).hasContent("mine");
        assertThat(root.resolve("gone/z")).doesNotExist();
        assertThat(root.resolve("also")).doesNotExist();
    }

    @Test
    void mirrorDoesNotPutAFileInPlaceOfADirectoryWithWhatTheBackupLeftOut() throws IOException {
        write("a/x.tmp", "mine");

        assertThat(preview(DirectoryTarget.mirror(root), Map.of("exclude", "**/*.tmp"), List.of(file("a", "x")))
                        .blockers())
                .singleElement()
                .asString()
                .startsWith("a is a directory where a file belongs");
    }

    @Test
    void mirrorDeletesLinksAndNotWhatTheyLeadTo() throws IOException {
        Path outside = Files.createDirectory(place.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "x");
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createDirectory(root.resolve("d"));
        Files.createSymbolicLink(root.resolve("d/link"), outside);
        Files.createSymbolicLink(root.resolve("way"), outside);

        restore(DirectoryTarget.mirror(root), Map.of(), List.of(Trees.directory("way"), file("way/precious", "new")));

        assertThat(outside.resolve("precious")).hasContent("x");
        assertThat(Files.exists(root.resolve("link"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(root.resolve("d")).doesNotExist();
        assertThat(root.resolve("way/precious")).hasContent("new");
        assertThat(Files.isDirectory(root.resolve("way"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void mirrorLeavesPipes() throws Exception {
        write("d/x", "surplus");
        assumeTrue(
                new ProcessBuilder("mkfifo", root.resolve("d/pipe").toString())
                                .start()
                                .waitFor()
                        == 0,
                "there is no mkfifo");

        TargetChanges done = restore(DirectoryTarget.mirror(root), Map.of(), List.of());

        assertThat(done.deletions()).containsExactly("d/x");
        assertThat(Files.exists(root.resolve("d/pipe"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void mirrorOfSomeFilesIsRefused() throws IOException {
        for (boolean selected : new boolean[] {true, false}) {
            RestoredCollection all = Trees.collection(List.of(file("a", "x")));
            RestoredCollection some = new RestoredCollection() {
                @Override
                public String name() {
                    return all.name();
                }

                @Override
                public RecordSchema schema() {
                    return all.schema();
                }

                @Override
                public Extent extent() {
                    return selected ? Extent.SELECTED : Extent.WHOLE;
                }

                @Override
                public boolean isComplete() {
                    return false;
                }

                @Override
                public long records() {
                    return all.records();
                }

                @Override
                public RecordCursor open() {
                    return all.open();
                }
            };
            try (TargetSession session = DirectoryTarget.mirror(root).open(Map.of(), List.of(some))) {
                assertThat(session.preview().blockers())
                        .singleElement()
                        .asString()
                        .contains(selected ? "a selection does not say" : "could not read everything");
            }
        }
    }

    @Test
    void fileIsReplacedUnderItsOwnNameOnly() throws IOException {
        Path outside = Files.writeString(place.resolve("outside"), "old");
        Files.createLink(root.resolve("changed"), outside);
        Path dressed = Files.writeString(place.resolve("dressed"), "same");
        Files.setPosixFilePermissions(dressed, PosixFilePermissions.fromString("rw-------"));
        Files.createLink(root.resolve("other-mode"), dressed);

        TargetChanges done = restore(
                DirectoryTarget.overwriteChanged(root),
                Map.of(),
                List.of(file("changed", "new"), file("other-mode", "same")));

        assertThat(done.changed()).isEqualTo(2);
        assertThat(outside).hasContent("old");
        assertThat(root.resolve("changed")).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dressed)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("other-mode"))))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void filesOfTheirOwnAndNamesOfOneFileBecomeWhatTheyWere() throws IOException {
        Path original = Files.createDirectory(place.resolve("original"));
        for (String own : List.of("a", "b", "x")) {
            Files.copy(
                    write("own/" + own, "same"),
                    original.resolve(own),
                    java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.createLink(original.resolve("y"), original.resolve("x"));
        List<Read> records = Trees.read(DirectorySource.of(original));
        write("a", "same");
        Files.createLink(root.resolve("b"), root.resolve("a"));
        write("x", "same");
        write("y", "same");

        TargetChanges done = restore(DirectoryTarget.mirror(root), Map.of(), records);

        assertThat(done.changed()).isEqualTo(2);
        assertThat(Files.isSameFile(root.resolve("a"), root.resolve("b"))).isFalse();
        assertThat(Files.isSameFile(root.resolve("x"), root.resolve("y"))).isTrue();
        assertThat(restore(DirectoryTarget.mirror(root), Map.of(), records).left())
                .isEqualTo(4);
    }

    @Test
    void attributesAloneAreSetWithoutWritingTheFile() throws IOException {
        Path file = write("a", "same");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Object inode = Files.getAttribute(file, "unix:ino");

        TargetChanges done = restore(DirectoryTarget.overwriteChanged(root), Map.of(), List.of(file("a", "same")));

        assertThat(done).isEqualTo(new TargetChanges(0, 1, 0, 0, 0, List.of()));
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void timesAreTrustedOnlyIfAskedTo() throws IOException {
        Path file = write("a", "tampered");
        List<Read> records = List.of(file("a", "original"));

        assertThat(restore(DirectoryTarget.overwriteChanged(root).trustTimes(), Map.of(), records)
                        .left())
                .isEqualTo(1);
        assertThat(file).hasContent("tampered");

        assertThat(restore(DirectoryTarget.overwriteChanged(root), Map.of(), records)
                        .changed())
                .isEqualTo(1);
        assertThat(file).hasContent("original");
    }

    @ParameterizedTest
    @EnumSource(
            value = InPlace.class,
            names = {"OVERWRITE", "MIRROR"})
    void whatSomebodyElseWritesMeanwhileIsNotLost(InPlace way) throws IOException {
        Path changed = write("changed", "old");
        Path created = root.resolve("created");
        Path late = root.resolve("late");
        write("z", "surplus");
        DirectoryTarget target =
                way == InPlace.MIRROR ? DirectoryTarget.mirror(root) : DirectoryTarget.overwriteChanged(root);
        List<Read> records = List.of(
                during("changed", "new", () -> Files.writeString(changed, "theirs")),
                during("created", "new", () -> Files.writeString(created, "theirs")),
                file("last", "new"));
        RestoredCollection collection = Trees.collection(records);
        try (TargetSession session = target.open(Map.of(), List.of(collection))) {
            session.begin();
            assertThatThrownBy(() -> session.write(collection))
                    .hasMessageContaining("2 files were changed by somebody else")
                    .hasMessageContaining("changed, created");
        }
        assertThat(changed).hasContent("theirs");
        assertThat(created).hasContent("theirs");
        assertThat(root.resolve("last")).as("what nobody else has touched").hasContent("new");
        assertThat(root.resolve("z")).as("deletions come last").exists();

        List<Read> quiet = List.of(file("changed", "new"), file("created", "new"), file("last", "new"));
        RestoredCollection again = Trees.collection(quiet);
        try (TargetSession session = target.open(Map.of(), List.of(again))) {
            session.begin();
            session.write(again);
            Files.writeString(late, "theirs");
            if (way == InPlace.MIRROR) {
                waitForAnotherTick(late);
                assertThatThrownBy(session::finish)
                        .hasMessageContaining("changed by somebody else")
                        .hasMessageContaining("late");
            } else {
                session.finish();
            }
        }
        assertThat(late).hasContent("theirs");
        assertThat(changed).hasContent("new");
    }

    /** Writes until the file's time of change is another than that of the journal: the clock for these times ticks slowly. */
    private void waitForAnotherTick(Path file) throws IOException {
        Path journal = RestoreJournal.left(root).get(0).file();
        while (FileFacts.of(file).changed().compareTo(FileFacts.of(journal).changed()) <= 0) {
            Files.writeString(file, "theirs");
        }
    }

    private interface Interference {
        void happens() throws IOException;
    }

    /** A file while whose content is fetched something happens. */
    private static Read during(String path, String content, Interference interference) {
        Map<String, FieldValue> values = new LinkedHashMap<>(file(path, content).values());
        values.put(
                FileTree.CONTENT,
                FieldValue.content(
                        () -> {
                            interference.happens();
                            return new ByteArrayInputStream(Trees.utf8(content));
                        },
                        // Another length than that of the file, so that it is fetched once only.
                        -1));
        return new Read(RecordKey.path(path), new byte[0], values, true);
    }

    @Test
    void setIdBitsThatAreThereStayUnlessTheRecordDeniesThem() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"));
        Path kept = write("kept", "x");
        Path denied = write("denied", "x");
        Files.setAttribute(kept, "unix:mode", 04755);
        Files.setAttribute(denied, "unix:mode", 04755);
        List<Read> records = new ArrayList<>();
        records.add(
                Trees.record(RecordKey.path("denied"), "type", "file", "mode", "0755", "mtime", TIME, "content", "x"));
        records.add(Trees.record(
                RecordKey.path("kept"),
                "type",
                "file",
                "mode",
                "0755",
                "special",
                "setuid",
                "mtime",
                TIME,
                "content",
                "x"));

        TargetChanges done = restore(DirectoryTarget.overwriteChanged(root), Map.of(), records);

        assertThat(done.changed()).isEqualTo(1);
        assertThat((Integer) Files.getAttribute(kept, "unix:mode") & 07777).isEqualTo(04755);
        assertThat((Integer) Files.getAttribute(denied, "unix:mode") & 07777).isEqualTo(0755);
    }

    @Test
    void namesOfDeletionsAreBounded() throws IOException {
        for (int i = 0; i < 150; i++) {
            write("f" + i, "x");
        }
        TargetChanges expected = preview(DirectoryTarget.mirror(root), Map.of(), List.of())
                .changes()
                .orElseThrow();

        assertThat(expected.deleted()).isEqualTo(150);
        assertThat(expected.deletions()).hasSize(TargetChanges.MOST_DELETIONS);
        assertThat(restore(DirectoryTarget.mirror(root), Map.of(), List.of())).isEqualTo(expected);
    }
}
