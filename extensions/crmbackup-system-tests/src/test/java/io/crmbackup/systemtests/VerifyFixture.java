package io.crmbackup.systemtests;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.VerifyReport;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A repository with contacts and large files, and ways to look at its objects. */
abstract class VerifyFixture {
    static final int LARGE = 400_000;

    Lab lab;
    InMemorySource files;

    @BeforeEach
    void create(@TempDir Path work) {
        lab = new Lab(work);
        files = new InMemorySource()
                .collection("files", Lab.FILES)
                .collection(
                        "contact",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field("name", FieldType.TEXT)
                                .key("id")
                                .build());
        for (int i = 0; i < 300; i++) {
            files.put("contact", Lab.values(i, "name " + i));
        }
    }

    @AfterEach
    void close() {
        lab.close();
    }

    void file(String path, long seed) {
        files.put("files", RecordKey.path(path), Lab.values("rw", Lab.random(LARGE, seed)));
    }

    SnapshotId backup() {
        return lab.backup("s", files);
    }

    SnapshotId selfContained() {
        return lab.repository
                .backup(
                        BackupPlan.named("crm").source("s", files).build(),
                        BackupStrategy.full().selfContained())
                .snapshot();
    }

    static Map<String, Long> objects(InMemorySink sink, String prefix) throws IOException {
        Map<String, Long> names = new TreeMap<>();
        sink.list(prefix, object -> names.put(object.name(), object.length()));
        return names;
    }

    /** The objects with this prefix that something added. */
    Map<String, Long> added(String prefix, Runnable work) throws IOException {
        Map<String, Long> before = objects(lab.sink, prefix);
        work.run();
        Map<String, Long> after = objects(lab.sink, prefix);
        after.keySet().removeAll(before.keySet());
        return after;
    }

    /** The largest of some objects: of packs, the one with data rather than nodes. */
    static String largest(Map<String, Long> objects) {
        return objects.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    static String smallest(Map<String, Long> objects) {
        return objects.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    VerifyReport verify(InMemorySink sink, VerifyDepth depth) {
        try (BackupRepository repository = lab.open(sink)) {
            return repository.verify(depth);
        }
    }

    Map<String, Map<String, String>> restore(InMemorySink sink, SnapshotId id, Selection... selections)
            throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        RestorePlan.Builder plan = RestorePlan.snapshot(id).into("s", target);
        for (Selection selection : selections) {
            plan.only("s", selection);
        }
        try (BackupRepository repository = lab.open(sink)) {
            repository.restore(plan.build());
        }
        return Lab.content(target);
    }

    static byte[] bytes(InMemorySink sink, String name) throws IOException {
        try (InputStream in = sink.get(name, 0, Long.MAX_VALUE)) {
            return in.readAllBytes();
        }
    }
}
