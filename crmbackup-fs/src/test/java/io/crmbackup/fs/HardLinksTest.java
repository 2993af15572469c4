package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.TargetSession.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
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
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HardLinksTest {
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));

    @TempDir
    Path place;

    private Path root;
    private Path restored;

    @BeforeEach
    void createRoot() throws IOException {
        root = Files.createDirectory(place.resolve("attachments"));
        restored = place.resolve("restored");
    }

    private static Map<String, String> firstPaths(List<Read> records) {
        Map<String, String> result = new LinkedHashMap<>();
        for (Read read : records) {
            FieldValue first = read.values().get(FileTree.HARD_LINK);
            result.put(
                    read.path(),
                    first.isNull() ? "" : RecordKey.of(first.bytes()).pathText());
        }
        return result;
    }

    @Test
    void laterPathsNameTheFirstOneAndAllHaveTheContent() throws IOException {
        Files.createDirectory(root.resolve("d"));
        Files.writeString(root.resolve("b"), "shared");
        Files.createLink(root.resolve("a"), root.resolve("b"));
        Files.createLink(root.resolve("d/c"), root.resolve("b"));
        Files.writeString(root.resolve("e"), "shared");

        List<Read> records = Trees.read(DirectorySource.of(root));

        assertThat(firstPaths(records))
                .containsExactly(
                        Map.entry("a", ""),
                        Map.entry("b", "a"),
                        Map.entry("d", ""),
                        Map.entry("d/c", "a"),
                        Map.entry("e", ""));
        assertThat(records.stream().filter(read -> !read.path().equals("d")))
                .allSatisfy(read -> assertThat(read.text("content")).isEqualTo("shared"));
    }

    @Test
    void firstPathIsTheFirstThatIsCaptured() throws IOException {
        Files.writeString(root.resolve("a"), "shared");
        Files.createLink(root.resolve("b"), root.resolve("a"));
        Files.createLink(root.resolve("c"), root.resolve("a"));
        Files.createLink(place.resolve("outside"), root.resolve("a"));

        List<Read> some =
                Trees.read(DirectorySource.from(root).exclude("a").build().at(LATER));
        List<Read> all = Trees.read(DirectorySource.of(root).at(LATER));

        assertThat(firstPaths(some)).containsExactly(Map.entry("b", ""), Map.entry("c", "b"));
        assertThat(firstPaths(all)).containsExactly(Map.entry("a", ""), Map.entry("b", "a"), Map.entry("c", "a"));
        assertThat(some.get(1).fingerprint())
                .as("nothing changed but what is captured")
                .isNotEqualTo(all.get(2).fingerprint());
    }

    @Test
    void fileThatChangesBetweenTwoOfItsPathsIsNotTakenForOne() throws IOException {
        Path first = Files.writeString(root.resolve("a"), "before");
        Files.createLink(root.resolve("b"), first);
        Files.createLink(root.resolve("c"), first);
        Map<String, String> found = new TreeMap<>();
        try (Capture capture = DirectorySource.of(root).capture(new Trees.Context());
                RecordCursor cursor = capture.read("files")) {
            while (cursor.next()) {
                Map<String, FieldValue> values = Trees.inMemory(cursor.values());
                FieldValue link = values.get("hardlink");
                found.put(cursor.key().pathText(), values.get("content").text() + " " + link.text());
                if (cursor.key().pathText().equals("a")) {
                    Files.writeString(first, "after");
                }
            }
        }
        assertThat(found)
                .containsExactly(
                        Map.entry("a", "before null"), Map.entry("b", "after null"), Map.entry("c", "after b"));
    }

    @Test
    void fileThatChangesAfterItWasFoundIsNotTakenForTheFirst() throws IOException {
        Path first = Files.writeString(root.resolve("a"), "before");
        Files.createLink(root.resolve("b"), first);
        try (Capture capture = DirectorySource.of(root).capture(new Trees.Context());
                RecordCursor cursor = capture.read("files")) {
            assertThat(cursor.next()).isTrue();
            assertThat(Trees.inMemory(cursor.values()).get("content").text()).isEqualTo("before");
            assertThat(cursor.next()).isTrue();
            Files.writeString(first, "after");

            Map<String, FieldValue> second = Trees.inMemory(cursor.values());

            assertThat(second.get("content").text()).isEqualTo("after");
            assertThat(second.get("hardlink").isNull()).isTrue();
        }
    }

    @Test
    void nothingIsLeftInTheWorkDirectory() throws IOException {
        Files.writeString(root.resolve("a"), "x");
        Files.createLink(root.resolve("b"), root.resolve("a"));
        Path work = Files.createDirectory(place.resolve("work"));

        Trees.read(DirectorySource.of(root), new Trees.Context(work));

        assertThat(work).isEmptyDirectory();
    }

    @Test
    void manyFilesAreRemembered() throws IOException {
        Path work = Files.createDirectory(place.resolve("work"));
        Path file = Files.createFile(root.resolve("a"));
        FileFacts facts = FileFacts.of(file);
        int count = 5000;
        try (FirstPaths paths = new FirstPaths(work)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < count; i++) {
                    FileFacts one = new FileFacts(
                            facts.kind(), i, 0, 0, 0, facts.modified(), facts.changed(), 2, facts.identity());
                    byte[] found = paths.claim(one, Trees.utf8("path " + i + " in round " + round));
                    if (round == 0) {
                        assertThat(found).as("file %d", i).isNull();
                    } else {
                        assertThat(found).as("file %d", i).isEqualTo(Trees.utf8("path " + i + " in round 0"));
                    }
                }
            }
        }
    }

    @Test
    void linksAreRestoredAsLinks() throws IOException {
        Files.createDirectory(root.resolve("d"));
        Files.writeString(root.resolve("a"), "shared");
        Files.createLink(root.resolve("d/b"), root.resolve("a"));
        Files.createLink(root.resolve("d/c"), root.resolve("a"));
        Files.writeString(root.resolve("e"), "shared");
        List<Read> records = Trees.read(DirectorySource.of(root));

        WriteResult result = Trees.restore(DirectoryTarget.at(restored), records);

        assertThat(result).isEqualTo(new WriteResult(5, 0));
        assertThat(groups(restored)).isEqualTo(groups(root)).contains(Set.of("a", "d/b", "d/c"), Set.of("e"));
        assertThat(firstPaths(Trees.read(DirectorySource.of(restored)))).isEqualTo(firstPaths(records));
    }

    @Test
    void linksThatCannotBeMadeAreNoted() throws IOException {
        Losses losses = new Losses();
        losses.at(RecordKey.path("letters/2").bytes());

        assertThat(HardLinks.create(root.resolve("2"), root.resolve("absent"), losses))
                .isFalse();
        assertThat(losses.notes())
                .containsExactly(
                        "no hard links could be made, so files of their own are letters/2: NoSuchFileException");
    }

    @Test
    void laterPathIsRestoredWithoutTheFirst() throws IOException {
        Read alone = linked("b", "a", "content");

        Trees.restore(DirectoryTarget.at(restored), List.of(alone));

        assertThat(restored.resolve("b")).hasContent("content");
    }

    private static Read linked(String path, String first, String content) {
        Read read = Trees.file(path, content);
        Map<String, FieldValue> values = new LinkedHashMap<>(read.values());
        values.put("hardlink", FieldValue.of(RecordKey.path(first).bytes()));
        return new Read(read.key(), read.fingerprint(), values, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "/outside",
                "link/outside",
                "directory",
                "missing",
                "b",
                "size",
                "mode",
                "symbolic",
                ".",
                "directory/../size"
            })
    void whatIsNoOtherNameOfTheFileIsNeverLinked(String first) throws IOException {
        Path outside = Files.writeString(place.resolve("outside"), "content");
        Files.setPosixFilePermissions(outside, FileFacts.permissions(0644));
        Read record = Trees.file("b", "content");
        Map<String, FieldValue> values = new LinkedHashMap<>(record.values());
        values.put("hardlink", FieldValue.text(first.replace('/', '\0')));
        Read mode = Trees.record(RecordKey.path("mode"), "type", "file", "mode", "0600", "content", "content");

        Trees.restore(
                DirectoryTarget.at(restored),
                List.of(
                        new Read(record.key(), record.fingerprint(), values, true),
                        Trees.directory("directory"),
                        Trees.link("link", place.toString()),
                        mode,
                        Trees.file("size", "other content"),
                        Trees.link("symbolic", outside.toString()),
                        new Read(RecordKey.path("z"), record.fingerprint(), values, true)));

        assertThat(Files.getAttribute(outside, "unix:nlink")).isEqualTo(1);
        assertThat(restored.resolve("z")).hasContent("content");
        if (!first.equals("b")) {
            assertThat(Files.getAttribute(restored.resolve("z"), "unix:nlink")).isEqualTo(1);
        }
    }

    @Test
    void mergeLinksToWhatHasTheSameContentOnly() throws IOException {
        FileTime time = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        for (String name : List.of("equal", "other")) {
            Path there = Files.writeString(root.resolve(name), name.equals("equal") ? "content" : "changed");
            Files.setPosixFilePermissions(there, FileFacts.permissions(0644));
            Files.setLastModifiedTime(there, time);
        }
        List<Read> records = new ArrayList<>();
        for (String name : List.of("equal", "other")) {
            Read read = linked("z" + name, name, "content");
            read.values().put("mtime", FieldValue.text("2020-01-01T00:00:00Z"));
            records.add(read);
        }

        Trees.restore(DirectoryTarget.merge(root, OnConflict.SKIP), records);

        assertThat(groups(root))
                .containsExactlyInAnyOrder(Set.of("equal", "zequal"), Set.of("other"), Set.of("zother"));
        assertThat(root.resolve("zother")).hasContent("content");
        assertThat(root.resolve("other")).hasContent("changed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mergeThatReplacesMakesLinksAgain(boolean linkedBefore) throws IOException {
        Files.writeString(root.resolve("a"), "shared");
        Files.createLink(root.resolve("b"), root.resolve("a"));
        List<Read> records = Trees.read(DirectorySource.of(root));
        if (!linkedBefore) {
            Files.delete(root.resolve("b"));
            Files.writeString(root.resolve("b"), "changed");
        }
        Files.createLink(place.resolve("elsewhere"), root.resolve("a"));
        Files.writeString(root.resolve("a"), "changed");

        Trees.restore(DirectoryTarget.merge(root, OnConflict.REPLACE), records);

        assertThat(groups(root)).containsExactly(Set.of("a", "b"));
        assertThat(root.resolve("b")).hasContent("shared");
        assertThat(place.resolve("elsewhere")).hasContent("changed");
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void mergeLeavesWhatIsThereWhenItSkips() throws IOException {
        Files.writeString(root.resolve("a"), "shared");
        Files.createLink(root.resolve("b"), root.resolve("a"));
        List<Read> records = Trees.read(DirectorySource.of(root));
        Files.delete(root.resolve("b"));
        Files.writeString(root.resolve("b"), "mine");

        WriteResult result = Trees.restore(DirectoryTarget.merge(root, OnConflict.SKIP), records);

        assertThat(result).isEqualTo(new WriteResult(0, 2));
        assertThat(root.resolve("b")).hasContent("mine");
    }

    /** Whatever happens to a tree, what an incremental capture gives is what a full one gives, and restores to the same groups. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void groupsStayRightWhenMembersComeGoAndMove(long seed) throws IOException {
        Random random = new Random(seed);
        for (String directory : List.of("d", "m", "x")) {
            Files.createDirectory(root.resolve(directory));
        }
        Map<RecordKey, Read> base = new HashMap<>();
        for (int step = 0; step < 25; step++) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                edit(random);
            }
            waitForNextTick();
            DirectorySource source = random.nextInt(4) == 0
                    ? DirectorySource.from(root).exclude("d/*1").build().at(LATER)
                    : DirectorySource.of(root).at(LATER);
            List<Read> full = Trees.read(source);
            List<Read> incremental = full.stream()
                    .map(read -> {
                        Read before = base.get(read.key());
                        boolean unchanged =
                                before != null && java.util.Arrays.equals(before.fingerprint(), read.fingerprint());
                        return unchanged ? before : read;
                    })
                    .toList();
            for (int i = 0; i < full.size(); i++) {
                assertThat(incremental.get(i).values())
                        .as("seed %d, step %d, %s", seed, step, full.get(i).path())
                        .isEqualTo(full.get(i).values());
            }
            base.clear();
            full.forEach(read -> base.put(read.key(), read));
        }
        List<Read> all = Trees.read(DirectorySource.of(root));
        Trees.restore(DirectoryTarget.at(restored), all);
        assertThat(groups(restored)).as("seed %d", seed).isEqualTo(groups(root));
    }

    private void edit(Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        Path target =
                root.resolve(List.of("d", "m", "x").get(random.nextInt(3))).resolve("f" + random.nextInt(6));
        Path any = files.isEmpty() ? null : files.get(random.nextInt(files.size()));
        switch (any == null ? 0 : random.nextInt(6)) {
            case 0 -> {
                Files.deleteIfExists(target);
                Files.writeString(target, "content " + random.nextInt(3));
            }
            case 1, 2 -> {
                if (!Files.exists(target)) {
                    Files.createLink(target, any);
                }
            }
            case 3 -> Files.delete(any);
            case 4 -> {
                if (!Files.exists(target)) {
                    Files.move(any, target);
                }
            }
            default -> {
                Path one = root.resolve("d");
                Files.move(one, root.resolve("y"));
                Files.move(root.resolve("x"), one);
                Files.move(root.resolve("y"), root.resolve("x"));
            }
        }
    }

    private void waitForNextTick() throws IOException {
        Path probe = Files.writeString(place.resolve("probe"), "x");
        FileTime first = FileFacts.of(probe).changed();
        do {
            Files.writeString(probe, "x");
        } while (FileFacts.of(probe).changed().equals(first));
    }

    /** Which paths are the same file. */
    private static Set<Set<String>> groups(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all
                    .filter(Files::isRegularFile)
                    .collect(Collectors.groupingBy(
                            HardLinksTest::identity,
                            Collectors.mapping(
                                    path -> tree.relativize(path).toString(), Collectors.toCollection(TreeSet::new))))
                    .values()
                    .stream()
                    .collect(Collectors.toSet());
        }
    }

    private static Object identity(Path path) {
        try {
            return FileFacts.of(path).identity();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
