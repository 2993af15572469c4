package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files with several names, from backup to verified restore. */
class HardLinksTest {
    @TempDir
    private Path directory;

    private Path original;
    private Path restored;
    private Lab lab;

    @BeforeEach
    void fill() throws IOException {
        original = Files.createDirectories(directory.resolve("original"));
        restored = directory.resolve("restored");
        Files.createDirectory(original.resolve("letters"));
        Files.writeString(original.resolve("a"), "shared");
        Files.createLink(original.resolve("b"), original.resolve("a"));
        Files.createLink(original.resolve("letters/c"), original.resolve("a"));
        lab = new Lab(directory.resolve("work"));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private SnapshotId backup() {
        return lab.backup("files", DirectorySource.of(original));
    }

    private void restore(SnapshotId snapshot, Target target) {
        lab.repository.restore(
                RestorePlan.snapshot(snapshot).into("files", target).verify().build());
    }

    private static boolean areOne(Path one, Path other) throws IOException {
        return Files.isSameFile(one, other);
    }

    @Test
    void linksAreRestoredAndVerified() throws IOException {
        restore(backup(), DirectoryTarget.at(restored));

        assertThat(areOne(restored.resolve("a"), restored.resolve("b"))).isTrue();
        assertThat(areOne(restored.resolve("a"), restored.resolve("letters/c"))).isTrue();
    }

    @Test
    void linksStayRightWhenTheFirstPathGoes() throws IOException {
        SnapshotId before = backup();
        Files.delete(original.resolve("a"));
        SnapshotId after = backup();

        restore(before, DirectoryTarget.at(directory.resolve("before")));
        restore(after, DirectoryTarget.at(restored));

        assertThat(areOne(directory.resolve("before/a"), directory.resolve("before/b")))
                .isTrue();
        assertThat(areOne(restored.resolve("b"), restored.resolve("letters/c"))).isTrue();
        assertThat(restored.resolve("a")).doesNotExist();
    }

    @Test
    void verifyFindsLinksThatWereRestoredAsFiles() throws IOException {
        Target separating = new WrappedTarget(DirectoryTarget.at(restored)) {
            @Override
            void finished() throws IOException {
                Path copy = Files.copy(
                        restored.resolve("b"),
                        directory.resolve("copy"),
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                Files.move(copy, restored.resolve("b"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        };
        SnapshotId snapshot = backup();

        assertThatThrownBy(() -> restore(snapshot, separating))
                .isInstanceOf(VerificationFailedException.class)
                .hasMessageContaining("hardlink");
    }

    @Test
    void laterPathAloneIsRestoredAndVerified() throws IOException {
        RestorePlan plan = RestorePlan.snapshot(backup())
                .only("files", Selection.paths("letters/**"))
                .into("files", DirectoryTarget.at(restored))
                .verify()
                .build();

        lab.repository.restore(plan);

        assertThat(restored.resolve("letters/c")).hasContent("shared");
    }

    @ParameterizedTest
    @EnumSource
    void mergeRestoresLinksAndIsVerified(OnConflict onConflict) throws IOException {
        SnapshotId snapshot = backup();
        Files.createDirectory(restored);
        Files.writeString(restored.resolve("0"), "mine");
        if (onConflict == OnConflict.REPLACE) {
            Files.writeString(restored.resolve("b"), "changed");
        }

        restore(snapshot, DirectoryTarget.merge(restored, onConflict));

        assertThat(areOne(restored.resolve("a"), restored.resolve("b"))).isTrue();
        assertThat(areOne(restored.resolve("a"), restored.resolve("letters/c"))).isTrue();
    }
}
