package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.BackupRepository;
import io.crmbackup.RestorePlan;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.report.BackupListener;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are restored into a directory that has others, and are proved by reading back. */
class FilesBesideOthersTest {
    @TempDir
    private Path directory;

    private Path used;
    private Lab lab;
    private SnapshotId snapshot;

    @BeforeEach
    void backUp() throws IOException {
        Path original = Files.createDirectories(directory.resolve("original/letters"));
        Files.writeString(original.resolve("1.txt"), "Dear customer");
        used = Files.createDirectory(directory.resolve("used"));
        Files.writeString(used.resolve("mine"), "of the application");
        Files.writeString(used.resolve("zebra"), "of the application, too");
        lab = new Lab(directory.resolve("work"));
        snapshot = lab.backup("files", DirectorySource.of(original.getParent()));
    }

    private RestoreReport restore(Target target) {
        return lab.repository.restore(
                RestorePlan.snapshot(snapshot).into("files", target).verify().build());
    }

    @ParameterizedTest
    @EnumSource
    void filesThatWereThereAreNoFault(OnConflict onConflict) throws IOException {
        RestoreReport report = restore(DirectoryTarget.merge(used, onConflict));

        assertThat(report.verified()).isTrue();
        assertThat(used.resolve("letters/1.txt")).hasContent("Dear customer");
        assertThat(used.resolve("mine")).hasContent("of the application");
    }

    @Test
    void whatNobodyCanReadAmongTheOthersIsNoFault() throws IOException, InterruptedException {
        assumeTrue(
                new ProcessBuilder("mkfifo", used.resolve("pipe").toString())
                                .start()
                                .waitFor()
                        == 0,
                "there is no mkfifo");

        assertThat(restore(DirectoryTarget.overwriteChanged(used)).verified()).isTrue();
        Files.delete(used.resolve("mine"));
        Files.delete(used.resolve("zebra"));
        assertThat(restore(DirectoryTarget.mirror(used)).verified()).isTrue();
        assertThat(Files.exists(used.resolve("pipe"))).isTrue();
    }

    @Test
    void otherFilesAreNotReadToProveTheRestored() {
        Map<String, Long> records = new HashMap<>();
        BackupListener listener = new BackupListener() {
            @Override
            public void progressed(String phase, long count, long bytes) {
                records.put(phase, count);
            }
        };
        try (BackupRepository repository = lab.open(lab.sink, listener)) {
            repository.restore(RestorePlan.snapshot(snapshot)
                    .into("files", DirectoryTarget.onlyMissing(used))
                    .verify()
                    .build());
        }

        assertThat(records).containsEntry("verify files: files", 2L);
    }

    @Test
    void reportSaysWhatTheTargetCouldNotBringBackAndWhatNoBackupHas() {
        Target losing = new WrappedTarget(DirectoryTarget.onlyMissing(used)) {
            @Override
            List<String> notes(List<String> notes) {
                return List.of("colours could not be set");
            }
        };

        assertThat(restore(losing).notes())
                .contains("files: colours could not be set")
                .anyMatch(note -> note.startsWith("files: the backup has not: access control lists"));
    }

    @Test
    void fileThatDiffersIsStillFound() {
        Target altering = new WrappedTarget(DirectoryTarget.merge(used, OnConflict.FAIL)) {
            @Override
            void finished() throws IOException {
                Files.writeString(used.resolve("letters/1.txt"), "Dear consumer");
            }
        };

        assertThatThrownBy(() -> restore(altering))
                .isInstanceOf(VerificationFailedException.class)
                .hasMessageContaining("letters/1.txt")
                .hasMessageNotContaining("mine");
    }

    @Test
    void otherFilesInAFreshPlaceAreStillFound() {
        Path fresh = directory.resolve("fresh");
        Target adding = new WrappedTarget(DirectoryTarget.at(fresh)) {
            @Override
            void finished() throws IOException {
                Files.writeString(fresh.resolve("mine"), "of somebody");
            }
        };

        assertThatThrownBy(() -> restore(adding))
                .isInstanceOf(VerificationFailedException.class)
                .hasMessageContaining("mine")
                .hasMessageContaining("should not be there");
    }
}
