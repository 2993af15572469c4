package io.crmbackup.fs;

import static io.crmbackup.fs.Trees.assertNothingUnfinished;
import static io.crmbackup.fs.Trees.open;
import static io.crmbackup.fs.Trees.preview;
import static io.crmbackup.fs.Trees.restore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.spi.TargetSession.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Restores beside what a directory holds already. */
class DirectoryMergeTest {
    @TempDir
    Path place;

    private Path root;

    @BeforeEach
    void chooseRoot() {
        root = place.resolve("restored");
    }

    @Test
    void mergeThatWasCutShortIsNotedByTheNextAndSaysSoItself() throws IOException {
        Files.createDirectory(root);
        DirectoryTarget target = DirectoryTarget.merge(root, OnConflict.SKIP);
        try (TargetSession crashed = open(target, List.of())) {
            crashed.begin();
        }

        List<Path> left;
        try (Stream<Path> entries = Files.list(root)) {
            left = entries.toList();
        }
        assertThat(left)
                .singleElement()
                .satisfies(marker -> assertThat(marker).content().contains("cut short"));
        assertThat(preview(target, List.of()).notes())
                .singleElement()
                .asString()
                .contains(left.get(0).toString(), "cut short");
        assertThat(preview(target, List.of()).blockers()).isEmpty();
    }

    @Test
    void mergeSkipsWhatIsThere() throws IOException {
        createTree();
        List<Read> records = records();
        DirectoryTarget target = DirectoryTarget.merge(root, OnConflict.SKIP);

        assertThat(preview(target, records).blockers()).isEmpty();
        assertThat(restore(target, records)).isEqualTo(new WriteResult(3, 3));

        assertThat(root.resolve("d/there")).hasContent("precious");
        assertThat(Files.readSymbolicLink(root.resolve("l"))).isEqualTo(Path.of("old"));
        assertThat(root.resolve("d/new")).hasContent("restored");
        assertThat(root.resolve("n/x")).hasContent("restored");
        assertThat(Files.getPosixFilePermissions(root.resolve("d")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(root.resolve("n")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        assertNothingUnfinished(place);
    }

    @Test
    void mergeReplacesWhatIsThere() throws IOException {
        createTree();
        Path secondName = Files.createLink(place.resolve("second-name"), root.resolve("d/there"));
        DirectoryTarget target = DirectoryTarget.merge(root, OnConflict.REPLACE);

        assertThat(preview(target, records()).blockers()).isEmpty();
        assertThat(restore(target, records())).isEqualTo(new WriteResult(6, 0));

        assertThat(root.resolve("d/there")).hasContent("restored");
        assertThat(secondName).as("another name of the replaced file").hasContent("precious");
        assertThat(Files.readSymbolicLink(root.resolve("l"))).isEqualTo(Path.of("new"));
        assertThat(Files.getPosixFilePermissions(root.resolve("d")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(root.resolve("other")).hasContent("untouched");
        assertNothingUnfinished(place);
    }

    @Test
    void mergeRefusesWhatIsThere() throws IOException {
        createTree();

        assertThat(preview(DirectoryTarget.merge(root, OnConflict.FAIL), records())
                        .blockers())
                .containsExactly("d/there is there already", "l is there already");
    }

    @ParameterizedTest
    @EnumSource(OnConflict.class)
    void mergeNeverWritesThroughLinksNorExchangesKinds(OnConflict onConflict) throws IOException {
        Path outside = Files.createDirectory(place.resolve("outside"));
        Files.createDirectory(root);
        Files.createSymbolicLink(root.resolve("d"), outside);
        Files.createDirectory(root.resolve("f"));
        List<Read> through = List.of(Trees.file("d/x/y", "x"));
        List<Read> same = List.of(Trees.directory("d"));
        DirectoryTarget target = DirectoryTarget.merge(root, onConflict);

        assertThat(preview(target, through).blockers())
                .singleElement()
                .asString()
                .contains("written through");
        assertThatThrownBy(() -> restore(target, through)).isInstanceOf(IOException.class);
        assertThat(preview(target, same).blockers()).hasSize(1);
        assertThatThrownBy(() -> restore(target, same)).isInstanceOf(IOException.class);
        List<Read> kinds = List.of(Trees.file("f", "x"));
        assertThat(preview(target, kinds).blockers()).hasSize(1);
        assertThatThrownBy(() -> restore(target, kinds)).isInstanceOf(IOException.class);
        assertThat(outside).isEmptyDirectory();
        assertThat(Files.isDirectory(root.resolve("f"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    private void createTree() throws IOException {
        Files.createDirectories(root.resolve("d"));
        Files.setPosixFilePermissions(root.resolve("d"), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(root.resolve("d/there"), "precious");
        Files.writeString(root.resolve("other"), "untouched");
        Files.createSymbolicLink(root.resolve("l"), Path.of("old"));
    }

    private static List<Read> records() {
        return List.of(
                Trees.directory("d"),
                Trees.file("d/new", "restored"),
                Trees.file("d/there", "restored"),
                Trees.link("l", "new"),
                Trees.directory("n"),
                Trees.file("n/x", "restored"));
    }
}
