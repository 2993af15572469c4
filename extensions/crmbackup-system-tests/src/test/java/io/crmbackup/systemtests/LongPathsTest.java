package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.tck.InMemorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths of more than a thousand bytes are not stored in the order of paths; restores have to get them in it all the same. */
class LongPathsTest {
    @TempDir
    private Path directory;

    private BackupRepository repository;
    private SampleFiles files;
    private SnapshotId snapshot;

    @BeforeEach
    void backUp() throws IOException {
        files = new SampleFiles(Files.createDirectory(directory.resolve("files")), new Random(1));
        repository = BackupRepository.on(new InMemorySink().client())
                .encryption(Encryption.none())
                .workDirectory(directory.resolve("work"))
                .openOrCreate();
        snapshot = repository
                .backup(BackupPlan.named("crm")
                        .source("files", DirectorySource.of(files.root()))
                        .build())
                .snapshot();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private RestorePlan plan(Target target) {
        return RestorePlan.snapshot(snapshot).into("files", target).verify().build();
    }

    @Test
    void directoriesFarDownAreAsTheyWere() throws IOException {
        Path root = directory.resolve("restored");
        assertThat(repository.restore(plan(DirectoryTarget.at(root))).verified())
                .isTrue();
        assertThat(SampleFiles.describe(root)).isEqualTo(SampleFiles.describe(files.root()));
    }

    @Test
    void hardLinksFarDownAreHardLinksAgain() throws IOException {
        Path root = directory.resolve("restored");
        repository.restore(plan(DirectoryTarget.at(root)));
        Path deep;
        try (Stream<Path> found = Files.walk(root)) {
            deep = found.filter(
                            path -> path.endsWith("again") && !path.getParent().equals(root))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(Files.isSameFile(deep, root.resolve("folder/file 2"))).isTrue();
        assertThat(Files.isSameFile(root.resolve("folder again"), deep.resolveSibling("below")))
                .isTrue();
    }

    @Test
    void mirrorDeletesNothingOfWhatWasBackedUp() throws IOException {
        Map<String, String> before = SampleFiles.describe(files.root());
        try (PreparedRestore restore = repository.prepare(plan(DirectoryTarget.mirror(files.root())))) {
            TargetChanges changes = restore.preview().changes().get("files");
            assertThat(changes.deletions()).isEmpty();
            assertThat(changes.created() + changes.changed()).isZero();
            assertThat(restore.execute().changes()).containsEntry("files", changes);
        }
        assertThat(SampleFiles.describe(files.root())).isEqualTo(before);
    }
}
