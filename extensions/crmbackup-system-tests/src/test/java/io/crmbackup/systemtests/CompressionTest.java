package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Compression;
import io.crmbackup.VerifyDepth;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.report.BackupReport;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressionTest {
    private static final int CONTACTS = 10_000;

    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();
    private final InMemorySource database = Crm.database();
    private final InMemorySource files = Crm.files();
    private final Random random = new Random(7);
    private BackupRepository repository;

    @BeforeEach
    void create() {
        repository = Crm.on(sink.client(), work).create();
        for (int i = 0; i < CONTACTS; i++) {
            contact(i);
        }
        for (int i = 0; i < 60; i++) {
            mail(i);
        }
        Crm.file(files, "large.dat", Crm.bytes(1, 600_000));
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private void contact(int i) {
        Crm.contact(database, i, "name " + Integer.toString(random.nextInt(1 << 30), 36));
    }

    /** A file that has much in common with others and with its own earlier versions. */
    private void mail(int i) {
        StringBuilder text =
                new StringBuilder("From: someone@example.org\nTo: support@example.org\nSubject: a question\n\n");
        for (int line = 0; line < 40; line++) {
            text.append("Dear support, order number ")
                    .append(random.nextInt(1 << 30))
                    .append(" has not arrived.\n");
        }
        Crm.file(files, "mail/" + i, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Changes a little everywhere. */
    private void change() throws IOException {
        for (int i = 0; i < 30; i++) {
            contact(random.nextInt(CONTACTS));
        }
        for (int i = 0; i < 5; i++) {
            mail(random.nextInt(60));
        }
        byte[] large = Crm.bytes(1, 600_000);
        large[random.nextInt(large.length)]++;
        Crm.file(files, "large.dat", large);
    }

    private BackupPlan.Builder plan() {
        return BackupPlan.named("crm").source("db", database).source("files", files);
    }

    /** Backs up and returns how the chunks that are new are stored. */
    private Set<ChunkCopy> backUp(BackupPlan plan) throws IOException {
        Set<ChunkCopy> before = Inside.of(sink).copies();
        repository.backup(plan);
        Set<ChunkCopy> copies = new LinkedHashSet<>(Inside.of(sink).copies());
        copies.removeAll(before);
        return copies;
    }

    private static boolean isDependent(ChunkCopy copy) {
        return copy.base() != null || copy.dictionary() != null;
    }

    @Test
    void changesAreStoredAsWhatDiffers() throws IOException {
        BackupReport first = repository.backup(plan().build());
        change();
        Set<ChunkCopy> copies = backUp(plan().build());
        assertThat(copies).anyMatch(copy -> copy.base() != null);
        long whole = copies.stream().mapToLong(ChunkCopy::plainLength).sum();
        long stored = copies.stream().mapToLong(ChunkCopy::length).sum();
        assertThat(stored).isLessThan(whole / 10).isLessThan(first.bytesStored() / 10);
    }

    @Test
    void fullAndDifferentialResembleTheLatestSnapshotToo() throws IOException {
        repository.backup(plan().build());
        change();
        repository.backup(plan().build());
        for (BackupStrategy strategy : new BackupStrategy[] {BackupStrategy.full(), BackupStrategy.differential()}) {
            change();
            Set<ChunkCopy> copies = backUp(plan().strategy(strategy).build());
            assertThat(copies.stream()
                            .filter(copy -> copy.base() == null)
                            .mapToLong(ChunkCopy::plainLength)
                            .sum())
                    .as("%s", strategy)
                    .isLessThan(100_000);
        }
    }

    @Test
    void isolatedChunksDependOnNoOthers() throws IOException {
        for (BackupPlan plan : new BackupPlan[] {
            plan().compression("db", Compression.isolated())
                    .compression("files", Compression.isolated())
                    .build(),
            plan().compression("db", "CONTACT", Compression.isolated())
                    .compression("db", "event", Compression.isolated())
                    .compression("files", Compression.isolated())
                    .compression("files", "files", Compression.isolated())
                    .build()
        }) {
            assertThat(backUp(plan)).noneMatch(CompressionTest::isDependent);
            for (int day = 0; day < 3; day++) {
                change();
                assertThat(backUp(plan)).isNotEmpty().noneMatch(CompressionTest::isDependent);
            }
            change();
            repository.backup(plan().build());
            change();
            assertThat(backUp(plan)).as("after a backup as usual").isNotEmpty().noneMatch(CompressionTest::isDependent);
        }
        assertThat(repository.verify(VerifyDepth.allData()).isSound()).isTrue();
    }

    @Test
    void collectionsOfASourceAreIsolatedOneByOne() throws IOException {
        BackupPlan plan = plan().compression("db", Compression.isolated())
                .compression("db", "contact", Compression.standard())
                .build();
        repository.backup(plan);
        change();
        assertThat(backUp(plan)).anyMatch(CompressionTest::isDependent);
        database.put("event", FieldValue.text("x".repeat(300)));
        BackupPlan other = BackupPlan.named("crm")
                .source("db", database)
                .compression("db", "contact", Compression.isolated())
                .build();
        change();
        database.put("event", FieldValue.text("y".repeat(300)));
        assertThat(backUp(other))
                .filteredOn(copy -> copy.plainLength() > 5_000)
                .isNotEmpty()
                .noneMatch(CompressionTest::isDependent);
    }

    @Test
    void collectionThatIsNotThereIsRefusedBeforeAnythingIsStored() {
        int objects = sink.size();
        BackupPlan plan = BackupPlan.named("crm")
                .source("db", database)
                .compression("db", "contacts", Compression.isolated())
                .build();
        assertThatThrownBy(() -> repository.backup(plan))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("source db has no collection \"contacts\": [contact, event]");
        BackupPlan twice = BackupPlan.named("crm")
                .source("db", database)
                .compression("db", "contact", Compression.isolated())
                .compression("db", "CONTACT", Compression.standard())
                .build();
        assertThatThrownBy(() -> repository.backup(twice))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("collection contact of source db is to be both isolated and standard");
        assertThat(sink.size()).isEqualTo(objects);
    }

    @Test
    void latestSnapshotThatIsDamagedMakesBackupsLargerNotImpossible() throws IOException {
        BackupPlan plan = plan().strategy(BackupStrategy.full()).build();
        repository.backup(plan);
        damage(ChunkType.INNER);
        change();
        assertThat(backUp(plan))
                .as("nodes are looked up through inner nodes, files through a single leaf")
                .anyMatch(copy -> copy.type() == ChunkType.DATA && isDependent(copy))
                .noneMatch(copy -> copy.type() == ChunkType.LEAF && copy.plainLength() > 10_000 && isDependent(copy));
        damage(ChunkType.SCHEMA);
        change();
        assertThat(backUp(plan))
                .as("not even the schemas can be read")
                .isNotEmpty()
                .noneMatch(CompressionTest::isDependent);
    }

    /** Damages all chunks of a type, and forgets what was read of them. */
    private void damage(ChunkType type) throws IOException {
        repository.close();
        for (ChunkCopy copy : Inside.of(sink).copies()) {
            if (copy.type() == type) {
                sink.flip(
                        "packs/" + copy.pack().toString().substring(0, 2) + "/" + copy.pack(),
                        8 * (copy.offset() + copy.length() / 2));
            }
        }
        repository = Crm.on(sink.client(), work).open();
    }
}
