package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.BytesAtHand;
import io.crmbackup.spi.FieldContent;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restore leaves that dies at any moment, and what the next one makes of it. */
class InPlaceCrashTest {
    @TempDir
    Path place;

    private Path original;
    private Path root;
    private List<Read> records;

    @BeforeEach
    void createTrees() throws IOException {
        original = Files.createDirectory(place.resolve("original"));
        root = Files.createDirectory(place.resolve("root"));
        for (Path tree : List.of(original, root)) {
            Files.createDirectories(tree.resolve("d/e"));
            write(tree.resolve("d/same"), "same");
            write(tree.resolve("d/e/changed"), tree.equals(root) ? "old" : "new");
            write(tree.resolve("changed"), tree.equals(root) ? "old and longer" : "new");
        }
        write(original.resolve("d/missing"), "new");
        Files.createSymbolicLink(original.resolve("link"), Path.of("new"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("old"));
        Files.createDirectory(original.resolve("kind"));
        write(original.resolve("kind/within"), "new");
        write(root.resolve("kind"), "old");
        write(original.resolve("other"), "new");
        Files.createDirectories(root.resolve("other/x"));
        write(root.resolve("other/x/y"), "old");
        Files.createDirectory(root.resolve("surplus"));
        write(root.resolve("surplus/a"), "old");
        for (Path directory :
                List.of("d/e", "d", "kind", "").stream().map(original::resolve).toList()) {
            Files.setLastModifiedTime(directory, FileTime.from(Instant.ofEpochSecond(1_111_111_111)));
        }
        records = read(original);
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000_000_000)));
    }

    private static List<Read> read(Path tree) throws IOException {
        return Trees.read(DirectorySource.of(tree).at(Clock.offset(Clock.systemUTC(), Duration.ofHours(1))));
    }

    private static Map<String, Map<String, FieldValue>> values(List<Read> reads) {
        Map<String, Map<String, FieldValue>> values = new TreeMap<>();
        reads.forEach(read -> values.put(read.path(), read.values()));
        return values;
    }

    @Test
    void restoreThatDiedAtAnyMomentGoesOn() throws IOException {
        List<Path> crashes = new ArrayList<>();
        Steps steps = () -> {
            Path crash = place.resolve("crash" + crashes.size());
            copy(root, crash);
            crashes.add(crash);
        };
        run(DirectoryTarget.mirror(root).with(NameRules.POSIX, steps.durability()), steps, new TreeSet<>());
        assertThat(values(read(root))).isEqualTo(values(records));
        assertThat(crashes).hasSizeGreaterThan(30);

        int continued = 0;
        for (Path crash : crashes) {
            String when = crash.getFileName().toString();
            assertEachFileIsOldOrNew(crash, when);
            Set<String> differing = differing(crash);
            DirectoryTarget target = DirectoryTarget.mirror(crash).with(NameRules.POSIX, Durability.NONE);
            boolean unfinished = hasUnfinished(crash);
            try (TargetSession session = target.open(Map.of(), List.of(collection("1", () -> {}, new TreeSet<>())))) {
                TargetPreview preview = session.preview();
                assertThat(preview.blockers()).as(when).isEmpty();
                continued += preview.notes().stream().anyMatch(note -> note.contains("it is continued")) ? 1 : 0;
            }
            if (unfinished) {
                assertThatThrownBy(() -> Trees.read(DirectorySource.of(crash)))
                        .as("%s: a backup of it is not complete", when)
                        .isInstanceOf(AssertionError.class);
            }
            Set<String> fetched = new TreeSet<>();
            run(target, () -> {}, fetched);
            assertThat(values(read(crash))).as(when).isEqualTo(values(records));
            assertThat(hasUnfinished(crash)).as(when).isFalse();
            assertThat(fetched).as("%s: only what was not yet done", when).isEqualTo(differing);
        }
        assertThat(continued).isGreaterThan(crashes.size() / 2);
    }

    /** Files whose content is not yet there. */
    private Set<String> differing(Path tree) throws IOException {
        Set<String> differing = new TreeSet<>();
        for (Read read : records) {
            Path file = tree.resolve(read.path());
            if (read.text(FileTree.TYPE).equals("file")
                    && !(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            && Files.readString(file).equals(read.text(FileTree.CONTENT)))) {
                differing.add(read.path());
            }
        }
        return differing;
    }

    private void assertEachFileIsOldOrNew(Path tree, String when) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                if (!path.getFileName().toString().startsWith(DirectoryRestore.UNFINISHED)) {
                    assertThat(Files.readString(path))
                            .as("%s: %s", when, tree.relativize(path))
                            .isIn("old", "new", "same", "old and longer");
                }
            }
        }
    }

    private static boolean hasUnfinished(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.anyMatch(path -> path.getFileName().toString().startsWith(DirectoryRestore.UNFINISHED));
        }
    }

    @Test
    void anotherRestoreIsRefusedUntilItIsToldToSupersede() throws IOException {
        try (TargetSession session = DirectoryTarget.overwriteChanged(root)
                .open(Map.of(), List.of(collection("1", () -> {}, new TreeSet<>())))) {
            session.begin();
        }
        Map<String, DirectoryTarget> others = new LinkedHashMap<>();
        others.put("1", DirectoryTarget.mirror(root));
        others.put("2", DirectoryTarget.overwriteChanged(root));
        for (Map.Entry<String, DirectoryTarget> other : others.entrySet()) {
            try (TargetSession session =
                    other.getValue().open(Map.of(), List.of(collection(other.getKey(), () -> {}, new TreeSet<>())))) {
                assertThat(session.preview().blockers()).first().asString().contains("cut short", "supersede");
                assertThatThrownBy(session::begin).hasMessageContaining("cut short");
            }
        }
        try (TargetSession session = DirectoryTarget.mirror(root)
                .supersedeUnfinished()
                .open(Map.of(), List.of(collection("2", () -> {}, new TreeSet<>())))) {
            assertThat(session.preview().blockers()).isEmpty();
            session.begin();
            session.write(collection("2", () -> {}, new TreeSet<>()));
            session.finish();
        }
        assertThat(values(read(root))).isEqualTo(values(records));
        assertThat(hasUnfinished(root)).isFalse();
    }

    @Test
    void restoreThatIsUnderWayIsNotTakenOver() throws IOException {
        DirectoryTarget target = DirectoryTarget.mirror(root).supersedeUnfinished();
        try (TargetSession running = target.open(Map.of(), List.of(collection("1", () -> {}, new TreeSet<>())));
                TargetSession second = target.open(Map.of(), List.of(collection("1", () -> {}, new TreeSet<>())))) {
            running.begin();
            assertThatThrownBy(second::begin).hasMessageContaining("under way");
            running.write(collection("1", () -> {}, new TreeSet<>()));
            running.finish();
        }
        assertThat(hasUnfinished(root)).isFalse();
    }

    @Test
    void restoreThatGoesOnKeepsOtherProcessesOut() throws IOException {
        Path locks = Path.of("/proc/locks");
        assumeTrue(Files.isReadable(locks), "the system does not tell locks");
        DirectoryTarget target = DirectoryTarget.mirror(root);
        for (int run = 1; run <= 2; run++) {
            try (TargetSession session = target.open(Map.of(), List.of(collection("1", () -> {}, new TreeSet<>())))) {
                session.begin();
                Path journal;
                try (Stream<Path> entries = Files.list(root)) {
                    journal = entries.filter(
                                    path -> path.getFileName().toString().startsWith(DirectoryRestore.UNFINISHED))
                            .findFirst()
                            .orElseThrow();
                }
                String inode = ":" + Files.getAttribute(journal, "unix:ino") + " ";
                assertThat(Files.readAllLines(locks)).as("run %d", run).anyMatch(line -> line.contains(inode));
            }
        }
    }

    @Test
    void restoreThatFailsAtItsVeryEndLetsTheNextOneBegin() throws IOException {
        boolean[] failing = {false};
        Durability failsAtTheEnd = new Durability() {
            @Override
            public void file(FileChannel channel) {}

            @Override
            public void directory(Path directory) throws IOException {
                if (failing[0]) {
                    throw new IOException("power failure");
                }
            }
        };
        DirectoryTarget target = DirectoryTarget.mirror(root).with(NameRules.POSIX, failsAtTheEnd);
        try (TargetSession session = target.open(Map.of(), List.of(collection("1", () -> {}, new TreeSet<>())))) {
            session.begin();
            session.write(collection("1", () -> {}, new TreeSet<>()));
            failing[0] = true;
            assertThatThrownBy(session::finish).hasMessageContaining("power failure");
        }
        failing[0] = false;

        run(target, () -> {}, new TreeSet<>());

        assertThat(values(read(root))).isEqualTo(values(records));
        assertThat(hasUnfinished(root)).isFalse();
    }

    @Test
    void whatAMirrorHasMovedAwayIsDeletedByAMirrorOnly() throws IOException {
        try (TargetSession session =
                DirectoryTarget.mirror(root).open(Map.of(), List.of(collection("1", () -> {}, new TreeSet<>())))) {
            session.begin();
            session.write(collection("1", () -> {}, new TreeSet<>()));
        }
        DirectoryTarget other = DirectoryTarget.onlyMissing(root).supersedeUnfinished();
        try (TargetSession session = other.open(Map.of(), List.of(collection("2", () -> {}, new TreeSet<>())))) {
            assertThat(session.preview().blockers()).first().asString().contains("kind", "only a mirror");
        }
        try (TargetSession session = DirectoryTarget.mirror(root)
                .supersedeUnfinished()
                .open(Map.of(), List.of(collection("1", () -> {}, new TreeSet<>())))) {
            assertThat(session.preview().notes())
                    .anyMatch(note -> note.contains("moved " + root.resolve("kind")) && note.endsWith("deleted"));
        }
        run(DirectoryTarget.mirror(root).supersedeUnfinished(), () -> {}, new TreeSet<>());
        assertThat(values(read(root))).isEqualTo(values(records));
        assertThat(hasUnfinished(root)).isFalse();
    }

    @Test
    void forgedJournalLeadsToNoDeletionOutside() throws IOException {
        Path outside = Files.createDirectory(place.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "x");
        Files.createSymbolicLink(root.resolve("way"), outside);
        String name = DirectoryRestore.UNFINISHED + "0".repeat(32);
        Path victim = Files.createDirectory(outside.resolve(name + "-aside"));
        Path temporary = Files.writeString(outside.resolve(name + "-temporary"), "x");
        StringBuilder lines = new StringBuilder("restores MIRROR WHOLE 1 .\n");
        for (String way : List.of("way", "../outside", outside.toString())) {
            lines.append("aside ")
                    .append(hex(way + "/" + victim.getFileName()))
                    .append(" ")
                    .append(hex("x"))
                    .append(" .\n");
            lines.append("in ").append(hex(way)).append(" .\n");
        }
        Files.writeString(root.resolve(name), lines);

        run(DirectoryTarget.mirror(root), () -> {}, new TreeSet<>());

        assertThat(victim).exists();
        assertThat(temporary).exists();
        assertThat(outside.resolve("precious")).exists();
        assertThat(values(read(root))).isEqualTo(values(records));
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(Trees.utf8(text));
    }

    /** Called at every step of a restore. */
    @FunctionalInterface
    private interface Steps {
        void step() throws IOException;

        default Durability durability() {
            return new Durability() {
                @Override
                public void file(FileChannel channel) throws IOException {
                    step();
                }

                @Override
                public void directory(Path directory) throws IOException {
                    step();
                }
            };
        }
    }

    private void run(DirectoryTarget target, Steps steps, Set<String> fetched) throws IOException {
        RestoredCollection collection = collection("1", steps, fetched);
        try (TargetSession session = target.open(Map.of(), List.of(collection))) {
            session.begin();
            session.write(collection);
            session.finish();
        }
    }

    /** The records, with contents that take a step in the middle and tell when they are fetched. */
    private RestoredCollection collection(String identity, Steps steps, Set<String> fetched) {
        RestoredCollection whole = Trees.collection(records);
        return new RestoredCollection() {
            @Override
            public String name() {
                return whole.name();
            }

            @Override
            public RecordSchema schema() {
                return whole.schema();
            }

            @Override
            public Extent extent() {
                return whole.extent();
            }

            @Override
            public String identity() {
                return identity;
            }

            @Override
            public long records() {
                return whole.records();
            }

            @Override
            public RecordCursor open() {
                RecordCursor cursor = whole.open();
                return new RecordCursor() {
                    @Override
                    public boolean next() throws IOException {
                        steps.step();
                        return cursor.next();
                    }

                    @Override
                    public RecordKey key() throws IOException {
                        return cursor.key();
                    }

                    @Override
                    public List<FieldValue> values() throws IOException {
                        List<FieldValue> values = new ArrayList<>(cursor.values());
                        int content = FileTree.SCHEMA.indexOf(FileTree.CONTENT);
                        if (!values.get(content).isNull()) {
                            byte[] bytes = values.get(content).bytes();
                            values.set(
                                    content,
                                    FieldValue.content(
                                            new Content(bytes, cursor.key().pathText(), steps, fetched), bytes.length));
                        }
                        return values;
                    }

                    @Override
                    public void close() throws IOException {
                        cursor.close();
                    }
                };
            }
        };
    }

    private record Content(byte[] bytes, String path, Steps steps, Set<String> fetched) implements FieldContent {
        @Override
        public InputStream open() {
            fetched.add(path);
            return new ByteArrayInputStream(bytes) {
                @Override
                public int readNBytes(byte[] target, int offset, int length) {
                    try {
                        steps.step();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                    return super.readNBytes(target, offset, length);
                }
            };
        }

        @Override
        public boolean isEqualTo(BytesAtHand other) throws IOException {
            byte[] found = new byte[bytes.length + 1];
            int length = other.readFully(0, found, 0, found.length);
            return length == bytes.length && java.util.Arrays.equals(found, 0, length, bytes, 0, length);
        }
    }

    /** Copies a tree as it is; names of one file become files of their own. */
    private static void copy(Path from, Path to) throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path copy = to.resolve(from.relativize(path));
                if (Files.isSymbolicLink(path)) {
                    Files.createSymbolicLink(copy, Files.readSymbolicLink(path));
                } else if (Files.isDirectory(path)) {
                    Files.createDirectory(copy);
                    Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(path));
                    times.put(copy, Files.getLastModifiedTime(path));
                } else {
                    Files.copy(path, copy);
                    Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(path));
                    Files.setLastModifiedTime(copy, Files.getLastModifiedTime(path));
                }
            }
        }
        for (Map.Entry<Path, FileTime> time : times.entrySet()) {
            Files.setLastModifiedTime(Objects.requireNonNull(time.getKey()), time.getValue());
        }
    }
}
