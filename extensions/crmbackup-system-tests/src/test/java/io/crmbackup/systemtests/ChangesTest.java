package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.CollectionReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemorySource.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that tell what changed are read at the cost of the change, into the very tree that reading everything gives. */
class ChangesTest {
    private static final RecordSchema CONTACT = RecordSchema.builder()
            .field("id", FieldType.INTEGER)
            .field("name", FieldType.TEXT)
            .field("photo", FieldType.BYTES)
            .key("id")
            .build();
    private static final RecordSchema MEMBER = RecordSchema.builder()
            .field("role", FieldType.TEXT)
            .field("list", FieldType.TEXT)
            .field("contact", FieldType.INTEGER)
            .key("list", "contact")
            .build();
    private static final RecordSchema VISIT = RecordSchema.builder()
            .field("page", FieldType.TEXT)
            .field("at", FieldType.TEXT)
            .build();
    private static final String BY_VERSION = "changes: records put since change ";

    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();
    private final InMemorySource system = new InMemorySource()
            .with(Setting.CHANGES)
            .collection("contact", CONTACT)
            .collection("member", MEMBER)
            .collection("visit", VISIT);
    private BackupRepository repository;

    @BeforeEach
    void create() {
        repository = Crm.on(sink, work).create();
        for (int i = 0; i < 3_000; i++) {
            contact(i, "name " + i);
        }
        for (int i = 0; i < 500; i++) {
            system.put("member", Lab.values("reader", "list " + i % 7, i));
            system.put("visit", Lab.values("page " + i % 13, i % 50));
        }
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private void contact(long id, String name) {
        system.put("contact", Lab.values(id, name, id % 500 == 1 ? Crm.bytes(id, 9_000) : null));
    }

    private BackupReport backup(Source source, BackupStrategy strategy) {
        return repository.backup(BackupPlan.named("crm").source("db", source).build(), strategy);
    }

    private BackupReport backup() {
        return backup(system, BackupStrategy.incremental());
    }

    private static CollectionReport of(BackupReport report, String collection) {
        return report.collections().stream()
                .filter(one -> one.collection().equals(collection))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> readings(BackupReport report) {
        Map<String, String> readings = new TreeMap<>();
        report.collections()
                .forEach(one -> readings.put(one.collection(), one.reading().toString()));
        return readings;
    }

    private Map<String, TreeRoot> roots(SnapshotId snapshot) throws IOException {
        Map<String, TreeRoot> roots = new TreeMap<>();
        for (SourceManifest source : Inside.of(sink).manifest(snapshot).sources()) {
            for (CollectionManifest collection : source.collections()) {
                roots.put(collection.name(), collection.content());
            }
        }
        return roots;
    }

    /** The snapshot is, root for root, what reading everything gives now. */
    private void expectWhole(BackupReport report) throws IOException {
        BackupReport full = repository.backup(
                BackupPlan.named("control").source("db", system).build(), BackupStrategy.full());
        assertThat(roots(report.snapshot())).isEqualTo(roots(full.snapshot()));
    }

    private static RecordKey id(long id) {
        return Lab.intKey(id);
    }

    @Test
    void onlyWhatChangedIsReadAndTheTreeIsThatOfAFullBackup() throws IOException {
        assertThat(readings(backup())).containsValue("all: a full backup").hasSize(3);
        contact(7, "another");
        contact(10_000, "new");
        system.remove("contact", id(1_500));
        long before = system.valuesRead();
        BackupReport report = backup();
        assertThat(system.valuesRead() - before).isEqualTo(2);
        assertThat(readings(report).values()).allMatch(how -> how.startsWith(BY_VERSION));
        CollectionReport contacts = of(report, "contact");
        assertThat(List.of(contacts.added(), contacts.changed(), contacts.removed()))
                .containsExactly(1L, 1L, 1L);
        expectWhole(report);
    }
}
