package io.crmbackup.fs;

import static io.crmbackup.fs.Trees.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.fs.Trees.Context;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory in which others work while it is captured; fingerprints, by which the next capture sees what they did. */
class ChangingDirectoryTest {
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));

    @TempDir
    Path place;

    private Path root;

    @BeforeEach
    void createRoot() throws IOException {
        root = Files.createDirectory(place.resolve("attachments"));
    }

    @Test
    void directoryThatBecomesALinkIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(place.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "x");
        FileFacts before = FileFacts.of(Files.createDirectory(root.resolve("d")));
        assertThat(before.kind()).isEqualTo(FileFacts.Kind.DIRECTORY);
        Files.writeString(root.resolve("a"), "x");

        Context context = new Context();
        try (Capture capture = DirectorySource.of(root).capture(context);
                RecordCursor cursor = capture.read("files")) {
            assertThat(cursor.next()).isTrue();
            Files.delete(root.resolve("d"));
            Files.createSymbolicLink(root.resolve("d"), outside);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.values().get(0).text()).isEqualTo("link");
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void fileThatVanishesIsGone() throws IOException {
        Files.writeString(root.resolve("a"), "x");
        Files.writeString(root.resolve("b"), "x");
        Files.createDirectories(root.resolve("c/d"));
        Files.writeString(root.resolve("e"), "x");
        Context context = new Context();
        try (Capture capture = DirectorySource.of(root).capture(context);
                RecordCursor cursor = capture.read("files")) {
            assertThat(cursor.next()).isTrue();
            Files.delete(root.resolve("b"));
            Files.delete(root.resolve("c/d"));
            Files.delete(root.resolve("c"));
            Files.delete(root.resolve("a"));
            assertThatThrownBy(cursor::values).isInstanceOf(NoSuchFileException.class);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.key().pathText()).isEqualTo("e");
            FieldValue content = cursor.values().get(FileTree.SCHEMA.indexOf("content"));
            Files.delete(root.resolve("e"));
            assertThatThrownBy(content::open).isInstanceOf(NoSuchFileException.class);
            assertThat(cursor.isStable()).isFalse();
            assertThat(cursor.next()).isFalse();
        }
        assertThat(context.problems).isEmpty();
    }

    @Test
    void directoryThatGoesAwayFailsTheCaptureInsteadOfLookingEmpty() throws IOException {
        Files.writeString(root.resolve("a"), "x");
        Files.writeString(root.resolve("b"), "x");
        try (Capture capture = DirectorySource.of(root).capture(new Context());
                RecordCursor cursor = capture.read("files")) {
            assertThat(cursor.next()).isTrue();
            Files.move(root, place.resolve("moved"));
            assertThatThrownBy(cursor::values)
                    .isNotInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("went away");
            Files.createDirectory(root);
            assertThatThrownBy(cursor::next)
                    .isNotInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("went away");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"same length", "grow", "shrink", "replace", "touch"})
    void fileThatChangesWhileItIsReadIsNoticedAndStableAfterwards(String change) throws IOException {
        Path file = Files.writeString(root.resolve("a"), "0123456789");
        try (Capture capture = DirectorySource.of(root).capture(new Context());
                RecordCursor cursor = capture.read("files")) {
            assertThat(cursor.next()).isTrue();
            FieldValue content = cursor.values().get(FileTree.SCHEMA.indexOf("content"));
            try (InputStream in = content.open()) {
                assertThat(in.readNBytes(3)).hasSize(3);
                switch (change) {
                    case "same length" -> Files.writeString(file, "9876543210");
                    case "grow" -> Files.writeString(file, "x", StandardOpenOption.APPEND);
                    case "shrink" -> Files.writeString(file, "01");
                    case "replace" ->
                        Files.move(
                                Files.writeString(place.resolve("new"), "9876543210"),
                                file,
                                StandardCopyOption.REPLACE_EXISTING);
                    default -> Files.setLastModifiedTime(file, FileTime.fromMillis(0));
                }
                assertThat(in.readAllBytes()).hasSizeLessThanOrEqualTo(7);
            }
            assertThat(cursor.isStable()).isFalse();

            byte[] read = readAll(cursor.values().get(FileTree.SCHEMA.indexOf("content")));
            assertThat(cursor.isStable()).isTrue();
            assertThat(read).isEqualTo(Files.readAllBytes(file));
        }
    }

    @Test
    void secondChangeWithinOneTickOfTheClockIsNoticed() throws IOException {
        for (int i = 0; i < 20; i++) {
            Files.writeString(root.resolve("a"), "0123456789");
            try (Capture capture = DirectorySource.of(root).capture(new Context());
                    RecordCursor cursor = capture.read("files")) {
                assertThat(cursor.next()).isTrue();
                cursor.values();
                Files.writeString(root.resolve("a"), "9876543210");
                assertThat(cursor.isStable()).as("round " + i).isFalse();
            }
        }
    }

    @Test
    void fingerprintChangesWithTheFileAndOnlyThen() throws IOException {
        Path file = Files.writeString(root.resolve("a"), "0123456789");
        byte[] first = fingerprint(LATER);
        assertThat(first).hasSize(16).isEqualTo(fingerprint(LATER));
        FileTime modified = Files.getLastModifiedTime(file);

        waitForNextTick(file);
        Files.writeString(file, "9876543210");
        Files.setLastModifiedTime(file, modified);
        byte[] rewritten = fingerprint(LATER);
        assertThat(rewritten).as("rewritten with its old time and length").isNotEqualTo(first);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        byte[] moded = fingerprint(LATER);
        assertThat(moded).isNotEqualTo(rewritten);

        Path other = Files.writeString(place.resolve("b"), "9876543210");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(fingerprint(LATER)).isNotEqualTo(moded);
    }

    /** Two changes within one tick of the file system's clock have the same time. */
    private static void waitForNextTick(Path file) throws IOException {
        FileFacts first = FileFacts.of(file);
        Path probe = file.resolveSibling("probe");
        do {
            Files.writeString(probe, "x");
        } while (FileFacts.of(probe).changed().equals(first.changed()));
        Files.delete(probe);
    }

    @Test
    void fileThatHasJustChangedHasNoFingerprint() throws IOException {
        Path file = Files.writeString(root.resolve("a"), "x");
        assertThat(fingerprint(Clock.systemUTC())).isEmpty();

        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        assertThat(fingerprint(Clock.systemUTC()))
                .as("an old time of modification proves nothing")
                .isEmpty();
    }

    private byte[] fingerprint(Clock clock) throws IOException {
        return Trees.read(DirectorySource.of(root).at(clock)).get(0).fingerprint();
    }

    @Test
    void neitherWalkingNorFingerprintsOpenFiles() throws IOException {
        Path file = Files.writeString(root.resolve("a"), "x");
        FileTime before = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
        Files.setAttribute(file, "lastAccessTime", before);
        try (Capture capture = DirectorySource.of(root).at(LATER).capture(new Context());
                RecordCursor cursor = capture.read("files")) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.fingerprint()).isNotEmpty();
            FieldValue content = cursor.values().get(FileTree.SCHEMA.indexOf("content"));
            assertThat(Files.getAttribute(file, "lastAccessTime")).isEqualTo(before);
            readAll(content);
        }
    }
}
