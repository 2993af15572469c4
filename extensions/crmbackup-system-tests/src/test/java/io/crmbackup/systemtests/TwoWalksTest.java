package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.FileReferences;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.ReferenceReport;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of one moment and files that go on changing around it. */
class TwoWalksTest {
    private static final FileReferences SIZED =
            FileReferences.from("db", "contact").path("file").size("size").in("files");

    @TempDir
    private Path work;

    private final InMemorySource files = Crm.files();
    private final InMemorySource database = Crm.database();
    private BackupRepository repository;

    @BeforeEach
    void create() {
        repository = Crm.on(new InMemorySink(), work).create();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    /** Between the first walk and the second something happens, before the moment of the database. */
    private BackupPlan.Builder plan(Crm.Event between) {
        return BackupPlan.named("crm")
                .source("db", Crm.before(database, between))
                .source("files", files);
    }

    private static ReferenceReport references(BackupReport report) {
        return report.references().get(0);
    }

    @Test
    void fileThatGoesBetweenTheWalksIsKeptWithItsDirectories() throws Exception {
        byte[] content = Crm.bytes(1, 9_000);
        Crm.directory(files, "a");
        Crm.directory(files, "a/b");
        Crm.file(files, "a/b/invoice", content);
        Crm.file(files, "a/b/other", new byte[3]);
        Crm.contact(database, 1, "Ada", "a/b/invoice", 9_000);
        Map<String, Map<String, List<String>>> expected = Contents.of(files);
        expected.get("files").remove(RecordKey.path("a/b/other").toString());
        BackupReport report = repository.backup(plan(() -> {
                    for (String gone : new String[] {"a/b/invoice", "a/b/other", "a/b", "a"}) {
                        files.remove("files", RecordKey.path(gone));
                    }
                })
                .references(SIZED)
                .build());
        assertThat(references(report).rescuedCount()).isEqualTo(1);
        assertThat(references(report).danglingCount()).isZero();
        assertThat(references(report).orphanCount()).isZero();
        assertThat(Contents.of(repository, report.snapshot(), "files")).isEqualTo(expected);
        assertThat(report.bytesChanged())
                .isEqualTo(repository
                        .backup(BackupPlan.named("crm")
                                .source("none", Crm.database())
                                .build())
                        .sizes()
                        .bytesRemoved());
    }

    @Test
    void rescuedFileIsReadAgainTheNextTime() {
        byte[] content = Crm.bytes(1, 9_000);
        Crm.file(files, "invoice", content);
        Crm.contact(database, 1, "Ada", "invoice", 9_000);
        repository.backup(plan(() -> Crm.file(files, "invoice", new byte[10]))
                .references(SIZED)
                .build());
        BackupReport next = repository.backup(plan(() -> {}).references(SIZED).build());
        assertThat(references(next).mismatched()).containsExactly("invoice");
        assertThat(next.collections().get(2).changed()).isEqualTo(1);
    }

    @Test
    void sizePicksTheVersionThatTheRecordDescribes() throws Exception {
        for (int i = 0; i < 2; i++) {
            Crm.file(files, "f" + i, Crm.bytes(i, 100));
            Crm.contact(database, i, "contact", "f" + i, i == 0 ? 100 : 200);
        }
        Map<String, Map<String, List<String>>> before = Contents.of(files);
        BackupReport report = repository.backup(plan(() -> {
                    Crm.file(files, "f0", Crm.bytes(10, 200));
                    Crm.file(files, "f1", Crm.bytes(11, 200));
                })
                .references(SIZED)
                .build());
        Map<String, List<String>> restored =
                Contents.of(repository, report.snapshot(), "files").get("files");
        String first = RecordKey.path("f0").toString();
        String second = RecordKey.path("f1").toString();
        assertThat(restored.get(first)).isEqualTo(before.get("files").get(first));
        assertThat(restored.get(second))
                .isEqualTo(Contents.of(files).get("files").get(second));
        assertThat(references(report).rescuedCount()).isEqualTo(1);
        assertThat(references(report).mismatchedCount()).isZero();
    }

    @Test
    void versionThatOneRecordDescribesStaysThoughAnotherRecordDescribesTheOneBefore() throws Exception {
        Crm.file(files, "f", Crm.bytes(1, 100));
        Crm.contact(database, 1, "old", "f", 100);
        Crm.contact(database, 2, "new", "f", 200);
        BackupReport report = repository.backup(plan(() -> Crm.file(files, "f", Crm.bytes(2, 200)))
                .references(SIZED)
                .build());
        assertThat(Contents.of(repository, report.snapshot(), "files")).isEqualTo(Contents.of(files));
        assertThat(references(report).rescuedCount()).isZero();
        assertThat(references(report).mismatched()).containsExactly("f");
    }

    @Test
    void nothingIsRescuedIntoAFileOrOntoADirectory() throws Exception {
        Crm.directory(files, "a");
        Crm.file(files, "a/x", Crm.bytes(1, 100));
        Crm.file(files, "b", Crm.bytes(2, 100));
        Crm.contact(database, 1, "below what is a file now", "a/x", 100);
        Crm.contact(database, 2, "is a directory now", "b", 100);
        BackupReport report = repository.backup(plan(() -> {
                    files.remove("files", RecordKey.path("a/x"));
                    Crm.file(files, "a", new byte[5]);
                    Crm.directory(files, "b");
                    Crm.file(files, "b/y", new byte[6]);
                })
                .references(SIZED)
                .build());
        assertThat(Contents.of(repository, report.snapshot(), "files")).isEqualTo(Contents.of(files));
        assertThat(references(report).dangling()).containsExactly("a/x");
        assertThat(references(report).mismatched()).containsExactly("b");
        assertThat(references(report).orphanCount()).isEqualTo(2);
    }

    @Test
    void severalCollectionsThatReferToOneSourceShareItsOrphans() {
        database.collection(
                "letter", RecordSchema.builder().field("path", FieldType.TEXT).build());
        for (String name : List.of("a", "b", "c", "d")) {
            Crm.file(files, name, new byte[4]);
        }
        Crm.contact(database, 1, "Ada", "a", -1);
        Crm.contact(database, 2, "Bob", "nowhere", -1);
        Crm.contact(database, 3, "Cy", "nowhere", 7);
        Crm.contact(database, 4, "Di", "../outside", 7);
        database.put("letter", FieldValue.text("/b"));
        database.put("letter", FieldValue.text("a"));
        database.put("letter", FieldValue.text(""));
        BackupReport report = repository.backup(plan(() -> {})
                .references(SIZED)
                .references(FileReferences.from("db", "letter").path("path").in("files"))
                .build());
        assertThat(report.references()).extracting(ReferenceReport::collection).containsExactly("contact", "letter");
        assertThat(report.references()).extracting(ReferenceReport::orphanCount).containsExactly(2L, 2L);
        assertThat(report.references()).extracting(ReferenceReport::referenced).containsExactly(4L, 2L);
        assertThat(references(report).dangling()).containsExactly("../outside", "nowhere");
        assertThat(references(report).danglingCount()).isEqualTo(2);
        assertThat(report.references().get(1).danglingCount()).isZero();
    }

    @Test
    void rescuedFileThatChangedWhileItWasReadIsReported() {
        Crm.file(files, "f", new byte[10]);
        Crm.file(files, "g", new byte[10]);
        Crm.contact(database, 1, "Ada", "f", 10);
        files.unstable("files", RecordKey.path("f"));
        files.unstable("files", RecordKey.path("g"));
        BackupPlan plan = plan(() -> {
                    files.heal();
                    files.remove("files", RecordKey.path("f"));
                })
                .references(SIZED)
                .build();
        assertThatThrownBy(() -> repository.backup(plan))
                .isInstanceOfSatisfying(
                        IncompleteBackupException.class,
                        incomplete -> assertThat(incomplete.report().problems())
                                .extracting(problem -> problem.kind() + " " + problem.item())
                                .containsExactly("UNSTABLE f"));
    }

    @Test
    void longPathsAreRescuedWithTheirDirectories() throws Exception {
        List<String> paths = new ArrayList<>();
        String path = "d";
        Crm.directory(files, path);
        for (int i = 0; i < 12; i++) {
            path += "/" + "x".repeat(120) + i;
            paths.add(path);
            Crm.directory(files, path);
        }
        String file = path + "/é.txt";
        Crm.file(files, file, new byte[10]);
        Crm.contact(database, 1, "Ada", file, 10);
        Map<String, Map<String, List<String>>> before = Contents.of(files);
        BackupReport report = repository.backup(plan(() -> {
                    files.remove("files", RecordKey.path(file));
                    paths.forEach(gone -> files.remove("files", RecordKey.path(gone)));
                })
                .references(SIZED)
                .build());
        assertThat(Contents.of(repository, report.snapshot(), "files")).isEqualTo(before);
    }

    @Test
    void whatReferencesNameIsMissedBeforeAnythingIsRead() {
        Crm.file(files, "f", new byte[10]);
        InMemorySource other = Crm.database();
        assertThatThrownBy(() -> repository.backup(BackupPlan.named("crm")
                        .source("db", database)
                        .source("other", other)
                        .references(FileReferences.from("db", "contact")
                                .path("file")
                                .in("other"))
                        .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("source other has no files");
        for (FileReferences wrong : List.of(
                FileReferences.from("db", "kontakt").path("file").in("files"),
                FileReferences.from("db", "contact").path("datei").in("files"),
                FileReferences.from("db", "contact").path("file").size("bytes").in("files"))) {
            Crm.contact(database, 1, "Ada");
            assertThatThrownBy(() ->
                            repository.backup(plan(() -> {}).references(wrong).build()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no ");
        }
        assertThat(database.valuesRead()).isZero();
        assertThat(repository.snapshots()).isEmpty();
    }

    @Test
    void sourcesOfOneKindAreReadOnce() {
        Crm.file(files, "f", new byte[10]);
        repository.backup(BackupPlan.named("files").source("files", files).build());
        assertThat(files.valuesRead()).isEqualTo(1);
        Crm.contact(database, 1, "Ada");
        repository.backup(BackupPlan.named("db").source("db", database).build());
        assertThat(database.valuesRead()).isEqualTo(1);
    }

    /** A file in one of the walks: its content's seed and length. */
    private record Version(long seed, int length) {}

    @Test
    void everyReferenceIsJudgedAsByHand() throws Exception {
        for (long seed = 0; seed < 40; seed++) {
            judge(seed);
        }
    }

    private void judge(long seed) throws Exception {
        Random random = new Random(seed);
        InMemorySource windows = Crm.files();
        InMemorySource moments = Crm.database();
        Map<String, Version> first = new TreeMap<>();
        Map<String, Version> second = new TreeMap<>();
        for (int i = 0; i < 30; i++) {
            String path = (i % 3 == 0 ? "d" + i % 6 + "/" : "") + "f" + i;
            Version version = new Version(i, random.nextInt(3) * 10 + 10);
            Version other = new Version(i + 100, random.nextInt(3) * 10 + 10);
            switch (random.nextInt(5)) {
                case 0 -> first.put(path, version);
                case 1 -> second.put(path, version);
                case 2 -> {
                    first.put(path, version);
                    second.put(path, other);
                }
                case 3 -> {
                    first.put(path, version);
                    second.put(path, version);
                }
                default -> {}
            }
        }
        Map<String, List<Integer>> wanted = new HashMap<>();
        for (int i = 0; i < 25; i++) {
            int number = random.nextInt(30);
            String path = (number % 3 == 0 ? "d" + number % 6 + "/" : "") + "f" + number;
            int size = random.nextInt(4) * 10;
            wanted.computeIfAbsent(path, any -> new ArrayList<>()).add(size);
            Crm.contact(moments, i, "contact", path, size == 0 ? -1 : size);
        }
        put(windows, first, Map.of());
        BackupReport report = repository.backup(
                BackupPlan.named("p" + seed)
                        .source("db", Crm.before(moments, () -> put(windows, second, first)))
                        .source("files", windows)
                        .references(SIZED)
                        .build(),
                BackupStrategy.full());

        Set<String> dangling = new TreeSet<>();
        Set<String> mismatched = new TreeSet<>();
        int rescued = 0;
        Map<String, Version> expected = new TreeMap<>(second);
        for (Map.Entry<String, List<Integer>> entry : wanted.entrySet()) {
            Version now = second.get(entry.getKey());
            Version then = first.get(entry.getKey());
            boolean anyNow = entry.getValue().stream().anyMatch(size -> fits(now, size));
            boolean anyThen = entry.getValue().stream().anyMatch(size -> fits(then, size));
            Version kept = now;
            if (!anyNow && (anyThen || (now == null && then != null))) {
                kept = then;
                expected.put(entry.getKey(), then);
                rescued += anyThen ? 1 : 0;
            }
            Version chosen = kept;
            if (kept == null) {
                dangling.add(entry.getKey());
            } else if (!entry.getValue().stream().allMatch(size -> fits(chosen, size))) {
                mismatched.add(entry.getKey());
            }
        }
        Set<String> orphans = new TreeSet<>(second.keySet());
        orphans.removeAll(wanted.keySet());
        ReferenceReport found = references(report);
        String when = "seed " + seed;
        assertThat(found.referenced()).as(when).isEqualTo(25);
        assertThat(found.dangling()).as(when).containsExactlyElementsOf(dangling);
        assertThat(found.mismatched()).as(when).containsExactlyElementsOf(mismatched);
        assertThat(found.rescuedCount()).as(when).isEqualTo(rescued);
        assertThat(found.orphanCount()).as(when).isEqualTo(orphans.size());
        InMemorySource oracle = Crm.files();
        put(oracle, expected, Map.of());
        assertThat(Contents.of(repository, report.snapshot(), "files")).as(when).isEqualTo(Contents.of(oracle));
    }

    private static boolean fits(@Nullable Version version, int size) {
        return version != null && (size == 0 || version.length() == size);
    }

    private static void put(InMemorySource files, Map<String, Version> versions, Map<String, Version> before) {
        before.keySet().forEach(path -> files.remove("files", RecordKey.path(path)));
        versions.forEach((path, version) -> Crm.file(files, path, Crm.bytes(version.seed(), version.length())));
    }
}
