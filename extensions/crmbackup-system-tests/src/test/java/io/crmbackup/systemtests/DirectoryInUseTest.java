package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.tck.InMemorySink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory in use is brought back to what it was, from a repository that is far away. */
class DirectoryInUseTest {
    private static final int LARGE = 6 << 20;

    @TempDir
    private Path directory;

    private final InMemorySink sink = new InMemorySink();
    private final AtomicLong fetched = new AtomicLong();
    private Path files;
    private byte[] large;

    @BeforeEach
    void createFiles() throws IOException {
        files = Files.createDirectories(directory.resolve("files/letters")).getParent();
        large = new byte[LARGE];
        new Random(7).nextBytes(large);
        Files.write(files.resolve("large"), large);
        Files.writeString(files.resolve("letters/1.txt"), "Dear customer");
        Files.writeString(files.resolve("scratch.tmp"), "not backed up");
    }

    /** A sink that counts the bytes that are read of packs. */
    private Sink counting() {
        Sink real = sink.client();
        return new Sink() {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                real.put(name, content);
            }

            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                byte[] bytes = real.get(name, offset, length).readAllBytes();
                fetched.addAndGet(name.startsWith("packs/") ? bytes.length : 0);
                return new java.io.ByteArrayInputStream(bytes);
            }

            @Override
            public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
                real.list(prefix, visitor);
            }

            @Override
            public void delete(String name) throws IOException {
                real.delete(name);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    private BackupRepository repository(String work) {
        return BackupRepository.on(counting())
                .encryption(Encryption.none())
                .workDirectory(directory.resolve(work))
                .openOrCreate();
    }

    private SnapshotId backUp() {
        try (BackupRepository repository = repository("work")) {
            return repository
                    .backup(BackupPlan.named("crm")
                            .source(
                                    "files",
                                    DirectorySource.from(files).exclude("*.tmp").build())
                            .build())
                    .snapshot();
        }
    }

    private RestorePlan plan(SnapshotId snapshot, Target target) {
        return RestorePlan.snapshot(snapshot).into("files", target).verify().build();
    }

    @Test
    void onlyWhatDiffersIsFetched() throws IOException {
        SnapshotId snapshot = backUp();
        try (FileChannel channel = FileChannel.open(files.resolve("large"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), LARGE / 2);
        }
        RestoreReport report;
        try (BackupRepository repository = repository("other-work")) {
            fetched.set(0);
            try (PreparedRestore restore =
                    repository.prepare(plan(snapshot, DirectoryTarget.overwriteChanged(files)))) {
                TargetChanges changes = restore.preview().changes().get("files");
                assertThat(changes).isEqualTo(new TargetChanges(0, 1, 2, 0, LARGE, List.of()));
                report = restore.execute();
                assertThat(report.changes().get("files")).isEqualTo(changes);
            }
            assertThat(fetched.get()).as("bytes of packs read").isLessThan(LARGE / 4);
        }
        assertThat(report.verified()).isTrue();
        assertThat(files.resolve("large")).hasBinaryContent(large);
    }

    @Test
    void mirrorIsProvedByReadingBackAndLeavesWhatWasNotBackedUp() throws IOException {
        SnapshotId snapshot = backUp();
        Files.delete(files.resolve("letters/1.txt"));
        Files.delete(files.resolve("letters"));
        Files.writeString(files.resolve("letters"), "in the way");
        Files.createDirectories(files.resolve("surplus/deep"));
        Files.writeString(files.resolve("surplus/deep/x"), "x");
        try (BackupRepository repository = repository("other-work");
                PreparedRestore restore = repository.prepare(plan(snapshot, DirectoryTarget.mirror(files)))) {
            RestorePreview preview = restore.preview();
            assertThat(preview.changes().get("files").deletions())
                    .containsExactly("surplus/deep/x", "surplus/deep", "surplus");
            assertThat(files.resolve("surplus/deep/x")).exists();

            RestoreReport report = restore.execute();

            assertThat(report.verified()).isTrue();
            assertThat(report.changes()).isEqualTo(preview.changes());
        }
        assertThat(files.resolve("letters/1.txt")).hasContent("Dear customer");
        assertThat(files.resolve("surplus")).doesNotExist();
        assertThat(files.resolve("scratch.tmp")).hasContent("not backed up");
    }

    @Test
    void mirrorOfASelectionIsRefused() throws IOException {
        SnapshotId snapshot = backUp();
        try (BackupRepository repository = repository("other-work")) {
            assertThatThrownBy(() -> repository.restore(RestorePlan.snapshot(snapshot)
                            .only("files", Selection.paths("letters/**"))
                            .into("files", DirectoryTarget.mirror(files))
                            .build()))
                    .isInstanceOf(RestoreRefusedException.class)
                    .hasMessageContaining("a selection does not say what may be deleted");
        }
    }

    @Test
    void restoreOfAnotherSnapshotIntoAnUnfinishedDirectoryIsRefused() throws IOException {
        SnapshotId first = backUp();
        Files.writeString(files.resolve("letters/1.txt"), "Dear consumer");
        SnapshotId second = backUp();
        Target failing = new WrappedTarget(DirectoryTarget.mirror(files)) {
            @Override
            void finishing() throws IOException {
                throw new IOException("power failure");
            }
        };
        try (BackupRepository repository = repository("other-work")) {
            assertThatThrownBy(() -> repository.restore(plan(first, failing))).hasMessageContaining("power failure");
            assertThatThrownBy(() -> repository.restore(plan(second, DirectoryTarget.mirror(files))))
                    .isInstanceOf(RestoreRefusedException.class)
                    .hasMessageContaining("cut short");
            assertThat(repository
                            .restore(plan(first, DirectoryTarget.mirror(files)))
                            .verified())
                    .isTrue();
            assertThat(files.resolve("letters/1.txt")).hasContent("Dear customer");
            assertThat(repository
                            .restore(plan(second, DirectoryTarget.mirror(files)))
                            .verified())
                    .isTrue();
            assertThat(files.resolve("letters/1.txt")).hasContent("Dear consumer");
        }
    }
}
