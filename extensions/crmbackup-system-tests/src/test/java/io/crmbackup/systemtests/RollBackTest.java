package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.Snapshot;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.error.TargetException;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in use become what they were, in their place, and again what they had become. */
class RollBackTest {
    @TempDir
    private Path directory;

    private Path files;
    private BackupPlan plan;
    private final InMemorySink sink = new InMemorySink();

    @BeforeEach
    void makeFiles() throws IOException {
        files = Files.createDirectories(directory.resolve("files/sub")).getParent();
        plan = BackupPlan.named("crm")
                .source("files", DirectorySource.from(files).exclude("*.tmp").build())
                .build();
        Files.writeString(files.resolve("kept"), "as it was");
        Files.writeString(files.resolve("changed"), "as it was");
        Files.writeString(files.resolve("sub/deleted"), "as it was");
        Files.writeString(files.resolve("own.tmp"), "left out");
    }

    private BackupRepository repository() {
        return Crm.on(sink, directory.resolve("work")).openOrCreate();
    }

    private void damage() throws IOException {
        Files.writeString(files.resolve("changed"), "otherwise now");
        Files.delete(files.resolve("sub/deleted"));
        Files.writeString(files.resolve("sub/new"), "new");
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(files)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                content.put(files.relativize(path).toString(), Files.readString(path));
            }
        }
        return content;
    }

    @Test
    void filesBecomeWhatTheyWereAndCanBecomeWhatTheyHadBecome() throws IOException {
        try (BackupRepository repository = repository()) {
            repository.backup(plan);
            Map<String, String> before = content();
            damage();
            Map<String, String> damaged = content();

            RestoreReport report = repository.restore(
                    RestorePlan.latest("crm").intoSourcesOf(plan).verify().build());
            assertThat(content()).isEqualTo(before);
            assertThat(report.verified()).isTrue();

            SnapshotId safety = report.safetySnapshot().orElseThrow();
            assertThat(repository.snapshots("crm.before-restore"))
                    .extracting(Snapshot::id)
                    .containsExactly(safety);
            assertThat(repository.snapshots("crm"))
                    .as("those of the plan itself")
                    .hasSize(1);
            repository.restore(
                    RestorePlan.snapshot(safety).intoSourcesOf(plan).verify().build());
            assertThat(content()).isEqualTo(damaged);
        }
    }

    @Test
    void previewTellsOfTheSnapshotAndChangesNothing() throws IOException {
        try (BackupRepository repository = repository()) {
            repository.backup(plan);
            damage();
            Map<String, String> damaged = content();
            try (PreparedRestore restore = repository.prepare(
                    RestorePlan.latest("crm").intoSourcesOf(plan).build())) {
                assertThat(restore.preview().notes()).anyMatch(note -> note.contains("crm.before-restore"));
                assertThat(restore.preview().changes().get("files").deletions()).containsExactly("sub/new");
            }
            assertThat(content()).isEqualTo(damaged);
            assertThat(repository.snapshots()).hasSize(1);
        }
    }

    @Test
    void whatIsWrittenAfterTheSnapshotIsNeitherReplacedNorDeleted() throws IOException {
        try (BackupRepository repository = repository()) {
            repository.backup(plan);
            damage();
            WrappedTarget target = new WrappedTarget(DirectoryTarget.replace(files)) {
                @Override
                RestoredCollection instead(RestoredCollection collection) throws IOException {
                    Files.writeString(files.resolve("changed"), "written meanwhile");
                    Files.writeString(files.resolve("late"), "written meanwhile");
                    return collection;
                }
            };
            assertThatThrownBy(() -> repository.restore(
                            RestorePlan.latest("crm").into("files", target).build()))
                    .isInstanceOf(TargetException.class)
                    .hasMessageContaining("changed by somebody else");
            assertThat(content())
                    .containsEntry("changed", "written meanwhile")
                    .containsEntry("late", "written meanwhile")
                    .containsEntry("sub/deleted", "as it was");
        }
    }

    @Test
    void aRestoreThatWasCutShortIsCompletedByTheSame() throws IOException {
        try (BackupRepository repository = repository()) {
            repository.backup(plan);
            Map<String, String> before = content();
            damage();
            Map<String, String> damaged = content();
            WrappedTarget target = new WrappedTarget(DirectoryTarget.replace(files)) {
                @Override
                void finishing() throws IOException {
                    throw new IOException("cut short");
                }
            };
            assertThatThrownBy(() -> repository.restore(
                            RestorePlan.latest("crm").into("files", target).build()))
                    .hasMessageContaining("cut short");
            SnapshotId first = repository.snapshots("crm.before-restore").get(0).id();

            repository.restore(
                    RestorePlan.latest("crm").intoSourcesOf(plan).verify().build());
            assertThat(content()).isEqualTo(before);
            assertThat(repository.snapshots("crm.before-restore")).hasSize(2);

            repository.restore(
                    RestorePlan.snapshot(first).intoSourcesOf(plan).verify().build());
            assertThat(content()).as("what was there before the first try").isEqualTo(damaged);
        }
    }

    @Test
    void nothingChangesIfTheSnapshotIsIncomplete() throws IOException {
        try (BackupRepository repository = repository()) {
            repository.backup(plan);
            damage();
            Map<String, String> damaged = content();
            WrappedTarget target = new WrappedTarget(DirectoryTarget.replace(files)) {
                @Override
                void holding() throws IOException {
                    new ProcessBuilder("mkfifo", files.resolve("pipe").toString())
                            .start()
                            .onExit()
                            .join();
                }
            };
            assertThatThrownBy(() -> repository.restore(
                            RestorePlan.latest("crm").into("files", target).build()))
                    .isInstanceOf(RestoreRefusedException.class)
                    .hasMessageContaining("nothing was written")
                    .hasMessageContaining("pipe");
            Files.delete(files.resolve("pipe"));
            assertThat(content()).isEqualTo(damaged);
            assertThat(target.calls)
                    .startsWith("open", "preview", "hold", "close")
                    .doesNotContain("begin");
        }
    }

    @Test
    void sourcesThatCannotBeRestoredInTheirPlacesAreNamed() {
        BackupPlan mixed = BackupPlan.named("crm")
                .source("files", DirectorySource.of(files))
                .source("one", new InMemorySource())
                .source("other", new InMemorySource())
                .build();
        assertThatThrownBy(() -> RestorePlan.latest("crm").intoSourcesOf(mixed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one (")
                .hasMessageContaining("other (");
    }

    @Test
    void aPartCannotReplaceAWhole() {
        RestorePlan.Builder part = RestorePlan.latest("crm")
                .only("files", Selection.paths("sub/**"))
                .intoSourcesOf(plan);
        assertThatThrownBy(part::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("replaces all");
    }

    @Test
    void aPlanWithALongNameHasSuchSnapshotsToo() throws IOException {
        String name = "p".repeat(64);
        BackupPlan named = BackupPlan.named(name)
                .source("files", DirectorySource.of(files))
                .build();
        try (BackupRepository repository = repository()) {
            repository.backup(named);
            repository.restore(RestorePlan.latest(name).intoSourcesOf(named).build());
            assertThat(repository.snapshots(name.substring(0, 49) + ".before-restore"))
                    .hasSize(1);
        }
    }
}
