package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Encryption;
import io.crmbackup.RecordReferences;
import io.crmbackup.examples.reader.Restore;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.crypto.NotAuthenticException;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the library backs up, a program restores that knows nothing but the format's description. */
class FormatReaderTest {
    private static final long SEED = 20261122;

    /** A variable that every process has; what it holds is the passphrase. */
    private static final String PASSPHRASE_VARIABLE = "PATH";

    private final Random random = new Random(SEED);

    @TempDir
    private Path directory;

    private Path repository;
    private Path keyFile;
    private SampleFiles files;
    private SampleTables tables;

    @BeforeEach
    void prepare() throws IOException {
        repository = Files.createDirectory(directory.resolve("repository"));
        byte[] key = new byte[32];
        random.nextBytes(key);
        keyFile = Files.write(directory.resolve("key"), key);
        files = new SampleFiles(Files.createDirectory(directory.resolve("files")), random);
        tables = new SampleTables(random);
    }

    @ParameterizedTest
    @EnumSource(Encryption.Kind.class)
    void everySnapshotIsRestoredAsItWasCaptured(Encryption.Kind kind) throws IOException {
        Map<String, Expected> snapshots = new LinkedHashMap<>();
        backUp(
                kind,
                snapshots,
                BackupStrategy.full(),
                BackupStrategy.incremental(),
                BackupStrategy.full().selfContained());

        Result list = read(kind, "list");
        assertThat(list.status).as(list.text).isZero();
        assertThat(list.text.lines())
                .hasSize(3)
                .zipSatisfy(
                        snapshots.keySet(),
                        (line, id) -> assertThat(line).startsWith(id).endsWith("complete  crm"));
        for (Map.Entry<String, Expected> snapshot : snapshots.entrySet()) {
            Path target = directory.resolve(snapshot.getKey());
            Result result = read(kind, "restore", snapshot.getKey().substring(0, 12), target.toString());
            assertThat(result.status).as(result.text).isZero();
            check(target, snapshot.getValue());
        }
        Path latest = directory.resolve("latest");
        assertThat(read(kind, "restore", "latest", latest.toString()).status).isZero();
        check(latest, new ArrayList<>(snapshots.values()).get(2));
    }

    @Test
    void anotherSecretOpensNothing() throws IOException {
        backUp(Encryption.Kind.KEY_FILE, new LinkedHashMap<>(), BackupStrategy.full());
        Files.write(keyFile, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        Result result = read(Encryption.Kind.KEY_FILE, "list");
        assertThat(result.status).isEqualTo(1);
        assertThat(result.text).contains("opens none of the 1 key slots");
    }

    @Test
    void oneFlippedBitInAnyObjectIsFound() throws IOException {
        backUp(Encryption.Kind.NONE, new LinkedHashMap<>(), BackupStrategy.full());
        List<Path> objects;
        try (Stream<Path> found = Files.walk(repository)) {
            objects = found.filter(Files::isRegularFile).sorted().toList();
        }
        assertThat(objects).hasSizeGreaterThan(6);
        for (Path object : objects) {
            byte[] good = Files.readAllBytes(object);
            for (int i = 0; i < 3; i++) {
                long bit = random.nextLong(8L * good.length);
                byte[] bad = good.clone();
                bad[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
                Files.write(object, bad);
                Path target = Files.createTempDirectory(directory, "damaged");
                Result result = read(Encryption.Kind.NONE, "restore", "latest", target.toString());
                assertThat(result.status)
                        .as("seed %d, bit %d of %s", SEED, bit, object)
                        .isEqualTo(1);
                assertThat(result.text).contains(object.getFileName().toString());
            }
            Files.write(object, good);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "folder/../../outside", ".", "link/outside"})
    void nothingIsWrittenOutsideOfTheTarget(String path) throws IOException {
        RecordSchema schema = RecordSchema.builder()
                .pathKey()
                .field("type", FieldType.TEXT)
                .field("mtime", FieldType.TIMESTAMP_WITH_ZONE)
                .field("mode", FieldType.TEXT)
                .field("link", FieldType.BYTES)
                .field("content", FieldType.CONTENT)
                .build();
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        FieldValue none = FieldValue.NULL;
        InMemorySource hostile = new InMemorySource().collection("files", schema);
        FieldValue target = FieldValue.text(elsewhere.toString());
        hostile.put("files", RecordKey.path("link"), FieldValue.text("link"), none, none, target, none);
        hostile.put("files", RecordKey.path(path), FieldValue.text("file"), none, none, none, FieldValue.text("x"));
        try (BackupRepository open = BackupRepository.on(DirectorySink.at(repository))
                .encryption(Encryption.none())
                .workDirectory(Files.createDirectories(directory.resolve("work")))
                .create()) {
            open.backup(BackupPlan.named("crm").source("attachments", hostile).build());
        }
        Path restored = directory.resolve("restored");
        Result result = read(Encryption.Kind.NONE, "restore", "latest", restored.toString());
        assertThat(result.status).as(result.text).isEqualTo(1);
        assertThat(elsewhere).isEmptyDirectory();
        try (Stream<Path> found = Files.walk(directory)) {
            assertThat(found.map(file -> file.getFileName().toString())).doesNotContain("outside");
        }
    }

    @Test
    void damageToOneCopyIsNoneWhereThereIsAnother() throws IOException {
        Map<String, Expected> snapshots = new LinkedHashMap<>();
        BackupStrategy full = BackupStrategy.full();
        backUp(Encryption.Kind.NONE, snapshots, full);
        List<Path> first = packs();
        snapshots.clear();
        backUp(Encryption.Kind.NONE, snapshots, full, full.selfContained());
        for (Path pack : first) {
            byte[] bad = Files.readAllBytes(pack);
            bad[bad.length / 2] ^= 1;
            Files.write(pack, bad);
        }
        Path target = directory.resolve("restored");
        assertThat(read(Encryption.Kind.NONE, "restore", "latest", target.toString()).status)
                .isZero();
        check(target, new ArrayList<>(snapshots.values()).get(1));
    }

    @Test
    void copiesOfEveryCodecAreRead() throws IOException, NotAuthenticException {
        Map<String, Expected> snapshots = new LinkedHashMap<>();
        backUp(Encryption.Kind.NONE, snapshots, BackupStrategy.full());
        ObjectId slot = ObjectId.parse(only("keys"));
        ObjectId index = ObjectId.parse(only("index"));
        try (DirectorySink sink = DirectorySink.at(repository)) {
            assertThat(Reencoding.of(sink, slot, index))
                    .extracting(ChunkCopy::codec)
                    .contains(ChunkCodec.values());
        }
        Path target = directory.resolve("restored");
        Result result = read(Encryption.Kind.NONE, "restore", "latest", target.toString());
        assertThat(result.status).as(result.text).isZero();
        check(target, new ArrayList<>(snapshots.values()).get(0));
    }

    private String only(String prefix) throws IOException {
        try (Stream<Path> found = Files.list(repository.resolve(prefix))) {
            List<Path> all = found.toList();
            assertThat(all).hasSize(1);
            return all.get(0).getFileName().toString();
        }
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> found = Files.walk(repository.resolve("packs"))) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    /** What is in a snapshot. */
    private record Expected(Map<String, String> files, Map<String, List<String>> tables) {}

    private void backUp(Encryption.Kind kind, Map<String, Expected> snapshots, BackupStrategy... strategies)
            throws IOException {
        BackupPlan plan = BackupPlan.named("crm")
                .source("db", tables.source())
                .source("attachments", DirectorySource.of(files.root()))
                .references(RecordReferences.from("db", "sales.contact")
                        .fields("name")
                        .when("notes", "")
                        .to("label", "name"))
                .build();
        try (BackupRepository open = BackupRepository.on(DirectorySink.at(repository))
                .encryption(encryption(kind))
                .workDirectory(Files.createDirectories(directory.resolve("work")))
                .openOrCreate()) {
            for (BackupStrategy strategy : strategies) {
                files.edit();
                tables.edit();
                String id = open.backup(plan, strategy).snapshot().hex();
                snapshots.put(id, new Expected(SampleFiles.describe(files.root()), tables.describe()));
            }
        }
    }

    private Encryption encryption(Encryption.Kind kind) {
        return switch (kind) {
            case NONE -> Encryption.none();
            case KEY_FILE -> Encryption.keyFile(keyFile);
            case PASSPHRASE ->
                Encryption.passphrase(() -> System.getenv(PASSPHRASE_VARIABLE).toCharArray());
        };
    }

    private static void check(Path target, Expected expected) throws IOException {
        assertThat(SampleFiles.describe(target.resolve("attachments/files")))
                .as("seed " + SEED)
                .containsExactlyEntriesOf(expected.files);
        for (Map.Entry<String, List<String>> table : expected.tables.entrySet()) {
            assertThat(SampleTables.describe(target.resolve("db/" + table.getKey() + ".jsonl")))
                    .as("seed %d, table %s", SEED, table.getKey())
                    .isEqualTo(table.getValue());
        }
    }

    private record Result(int status, String text) {}

    private Result read(Encryption.Kind kind, String... what) {
        List<String> arguments = new ArrayList<>(List.of(repository.toString()));
        arguments.addAll(
                switch (kind) {
                    case NONE -> List.of("--none");
                    case KEY_FILE -> List.of("--key-file", keyFile.toString());
                    case PASSPHRASE -> List.of("--passphrase-env", PASSPHRASE_VARIABLE);
                });
        arguments.addAll(Arrays.asList(what));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(text, true, StandardCharsets.UTF_8);
        return new Result(Restore.run(arguments, print, print), text.toString(StandardCharsets.UTF_8));
    }
}
