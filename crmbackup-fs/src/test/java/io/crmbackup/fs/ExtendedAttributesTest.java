package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedAttributesTest {
    @TempDir
    Path place;

    private Path root;
    private Path file;
    private Path restored;

    @BeforeEach
    void create() throws IOException {
        assumeTrue(ExtendedAttributes.arePossibleOn(place), "no extended attributes here");
        root = Files.createDirectory(place.resolve("attachments"));
        file = Files.writeString(root.resolve("a"), "content");
        restored = place.resolve("restored");
    }

    private static void set(Path path, String name, byte[] value) throws IOException {
        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class).write(name, ByteBuffer.wrap(value));
    }

    private static Map<String, byte[]> of(Path path) throws IOException {
        return ExtendedAttributes.parse(ExtendedAttributes.read(path));
    }

    @Test
    void attributesAreWrittenInOneForm() throws IOException {
        set(file, "z", new byte[] {1, 2});
        set(file, "a.b", new byte[0]);

        assertThat(HexFormat.of().formatHex(ExtendedAttributes.read(file)))
                .isEqualTo("612e620000000000" + "7a00000000020102");
    }

    @Test
    void attributesOfFilesAndDirectoriesAreKept() throws IOException {
        Path directory = Files.createDirectory(root.resolve("d"));
        set(file, "origin", Trees.utf8("https://example.com"));
        set(file, "binary", new byte[] {0, -1, 0});
        set(directory, "colour", Trees.utf8("green"));
        Files.setPosixFilePermissions(file, FileFacts.permissions(0400));
        Files.createSymbolicLink(root.resolve("link"), Path.of("a"));
        List<Read> records = Trees.read(DirectorySource.of(root));

        Trees.restore(DirectoryTarget.at(restored), records);

        assertThat(of(restored.resolve("a")))
                .containsOnlyKeys("origin", "binary")
                .containsEntry("origin", Trees.utf8("https://example.com"))
                .containsEntry("binary", new byte[] {0, -1, 0});
        assertThat(of(restored.resolve("d"))).containsOnlyKeys("colour");
        assertThat(Trees.read(DirectorySource.of(restored)))
                .extracting(Read::values)
                .isEqualTo(records.stream().map(Read::values).toList());
    }

    @Test
    void changedAttributeChangesTheFingerprint() throws IOException {
        DirectorySource later = DirectorySource.of(root).at(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
        byte[] before = Trees.read(later).get(0).fingerprint();
        FileFacts facts = FileFacts.of(file);
        do {
            set(file, "origin", Trees.utf8("x"));
        } while (FileFacts.of(file).changed().equals(facts.changed()));

        assertThat(before).isNotEmpty();
        assertThat(Trees.read(later).get(0).fingerprint()).isNotEqualTo(before);
    }

    @Test
    void mergeGivesADirectoryJustTheAttributesOfTheBackup() throws IOException {
        Path directory = Files.createDirectory(root.resolve("d"));
        set(directory, "colour", Trees.utf8("green"));
        List<Read> records = Trees.read(DirectorySource.of(root));
        set(directory, "colour", Trees.utf8("red"));
        set(directory, "other", Trees.utf8("x"));

        Trees.restore(DirectoryTarget.merge(root, OnConflict.REPLACE), records);

        assertThat(of(directory)).containsOnlyKeys("colour").containsEntry("colour", Trees.utf8("green"));
    }

    @Test
    void attributesThatCannotBeSetAreNotedAndTheFilesRestored() throws IOException {
        List<Read> records = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            Read read = Trees.file(name, "x");
            Map<String, FieldValue> values = new LinkedHashMap<>(read.values());
            // No file system of Linux takes more than 64 KiB.
            values.put("xattr", FieldValue.of(ExtendedAttributes.bytes(Map.of("large", new byte[70_000]))));
            records.add(new Read(read.key(), read.fingerprint(), values, true));
        }
        Files.createDirectory(restored);
        for (DirectoryTarget target : List.of(DirectoryTarget.at(restored), DirectoryTarget.mirror(restored))) {
            var collection = Trees.collection(records);
            try (var session = target.open(Map.of(), List.of(collection))) {
                session.begin();
                session.write(collection);
                session.finish();
                assertThat(session.notes())
                        .singleElement()
                        .asString()
                        .startsWith("extended attributes could not be set of 2 files, the first of which is a: ");
            }
        }
        assertThat(restored.resolve("b")).hasContent("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"61", "6100", "610000000001", "61007fffffff00", "6100ffffffff", "0000000000"})
    void whatIsNoListIsRefused(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThatThrownBy(() -> ExtendedAttributes.parse(bytes)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tooManyAttributesInABackupAreRefusedByThePreview() throws IOException {
        Read read = Trees.file("a", "x");
        Map<String, FieldValue> values = new LinkedHashMap<>(read.values());
        values.put("xattr", FieldValue.of(new byte[ExtendedAttributes.MOST + 1]));
        var collection = Trees.collection(List.of(new Read(read.key(), read.fingerprint(), values, true)));
        try (var session = DirectoryTarget.at(restored).open(Map.of(), List.of(collection))) {
            assertThat(session.preview().blockers()).singleElement().asString().contains("more than 1048576 bytes");
        }
    }
}
