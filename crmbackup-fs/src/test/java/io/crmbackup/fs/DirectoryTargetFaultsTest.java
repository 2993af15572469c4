package io.crmbackup.fs;

import static io.crmbackup.fs.Trees.assertNothingUnfinished;
import static io.crmbackup.fs.Trees.open;
import static io.crmbackup.fs.Trees.preview;
import static io.crmbackup.fs.Trees.restore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.TargetSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores that fail, are cut short or lose their power: nothing half done gets the directory's name. */
class DirectoryTargetFaultsTest {
    @TempDir
    Path place;

    private Path root;

    @BeforeEach
    void chooseRoot() {
        root = place.resolve("restored");
    }

    @Test
    void directoryThatGetsEntriesAfterThePreviewIsLeftAlone() throws IOException {
        try (TargetSession session = open(DirectoryTarget.at(root), List.of(Trees.file("a", "x")))) {
            assertThat(session.preview().blockers()).isEmpty();
            session.begin();
            session.write(Trees.collection(List.of(Trees.file("a", "restored"))));
            Files.createDirectory(root);
            Files.writeString(root.resolve("a"), "precious");
            assertThatThrownBy(session::finish).isInstanceOf(IOException.class);
        }
        assertThat(root.resolve("a")).hasContent("precious");
        assertNothingUnfinished(place);

        Files.delete(root.resolve("a"));
        try (TargetSession session = open(DirectoryTarget.at(root), List.of())) {
            session.begin();
            session.write(Trees.collection(List.of(Trees.file("a", "restored"))));
            Files.writeString(root.resolve("a"), "precious");
            assertThatThrownBy(session::finish).isInstanceOf(IOException.class);
        }
        assertThat(root.resolve("a")).hasContent("precious");
    }

    @Test
    void restoreThatIsClosedBeforeItsEndLeavesNothing() throws IOException {
        List<Read> records = List.of(Trees.directory("d"), Trees.file("d/a", "x"), Trees.link("l", "d"));
        TargetSession session = open(DirectoryTarget.at(root), records);
        session.begin();
        session.write(Trees.collection(records));
        assertThat(root).doesNotExist();
        session.close();
        session.close();

        assertThat(place).isEmptyDirectory();
    }

    @Test
    void contentThatFailsLeavesNothing() throws IOException {
        Map<String, FieldValue> values =
                new LinkedHashMap<>(Trees.file("b", "x").values());
        values.put(
                "content",
                FieldValue.content(
                        () -> new java.io.SequenceInputStream(
                                new ByteArrayInputStream(new byte[100]), new InputStream() {
                                    @Override
                                    public int read() throws IOException {
                                        throw new IOException("damaged");
                                    }
                                }),
                        200));
        List<Read> records = List.of(Trees.file("a", "x"), new Read(RecordKey.path("b"), new byte[0], values, true));

        assertThatThrownBy(() -> restore(DirectoryTarget.at(root), records)).hasMessageContaining("damaged");
        assertThat(place).isEmptyDirectory();

        Files.createDirectory(root);
        assertThatThrownBy(() -> restore(DirectoryTarget.merge(root, OnConflict.SKIP), records))
                .hasMessageContaining("damaged");
        assertThat(root.resolve("a")).hasContent("x");
        assertThat(root.resolve("b")).doesNotExist();
        try (Stream<Path> entries = Files.list(root)) {
            assertThat(entries.map(path -> path.getFileName().toString()).filter(name -> !name.equals("a")))
                    .as("what shows that the restore was cut short")
                    .hasSize(1)
                    .allMatch(name -> name.startsWith(".crmbackup-restore-"));
        }
    }

    @Test
    void crashedRestoreIsRecognised() throws IOException {
        TargetSession crashed = open(DirectoryTarget.at(root), List.of());
        crashed.begin();
        crashed.write(Trees.collection(List.of(Trees.file("a", "x"))));

        assertThat(root).doesNotExist();
        assertThat(preview(DirectoryTarget.at(root), List.of()).notes())
                .singleElement()
                .asString()
                .contains("cut short");

        Path empty = Files.createDirectory(place.resolve("empty"));
        open(DirectoryTarget.at(empty), List.of()).begin();
        assertThat(preview(DirectoryTarget.at(empty), List.of()).blockers())
                .singleElement()
                .asString()
                .contains("cut short");
    }

    @Test
    void stagingIsClosedToOthers() throws IOException {
        try (TargetSession session = open(DirectoryTarget.at(root), List.of())) {
            session.begin();
            try (Stream<Path> entries = Files.list(place)) {
                assertThat(entries.toList())
                        .singleElement()
                        .satisfies(staging -> assertThat(
                                        PosixFilePermissions.toString(Files.getPosixFilePermissions(staging)))
                                .isEqualTo("rwx------"));
            }
        }
    }

    @Test
    void everythingIsSyncedBeforeTheDirectoryGetsItsName() throws IOException {
        List<String> steps = new ArrayList<>();
        Durability recording = new Durability() {
            @Override
            public void file(FileChannel channel) throws IOException {
                steps.add("file of " + channel.size() + visible());
            }

            @Override
            public void directory(Path directory) {
                steps.add(directory.getFileName().toString().replaceAll("\\.crmbackup-restore-.*", "(staging)")
                        + visible());
            }

            private String visible() {
                return Files.exists(root) ? " visible" : "";
            }
        };
        List<Read> records = List.of(
                Trees.directory("d"),
                Trees.file("d/a", "1"),
                Trees.directory("d/e"),
                Trees.file("d/e/b", "12"),
                Trees.record(RecordKey.path("z"), "type", "file", "mode", "0000", "content", "123"));

        restore(DirectoryTarget.at(root).with(NameRules.POSIX, recording), records);

        assertThat(steps)
                .containsExactly(
                        "file of 2",
                        "e",
                        "file of 1",
                        "d",
                        "file of 3",
                        "restored(staging)",
                        place.getFileName() + " visible");
    }

    @Test
    void failedSyncFailsTheRestore() {
        Durability broken = new Durability() {
            @Override
            public void file(FileChannel channel) throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public void directory(Path directory) {}
        };
        assertThatThrownBy(() ->
                        restore(DirectoryTarget.at(root).with(NameRules.POSIX, broken), List.of(Trees.file("a", "x"))))
                .hasMessageContaining("Input/output error");
        assertThat(place).isEmptyDirectory();
    }
}
