package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.spi.TargetSession.WriteResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryTargetTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2011-12-13T14:15:16.123456789Z"));

    @TempDir
    Path place;

    private Path root;

    @BeforeEach
    void chooseRoot() {
        root = place.resolve("restored");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void restoredTreeReadsBackEqual(boolean rootExists) throws IOException {
        Path original = Files.createDirectory(place.resolve("original"));
        Files.setPosixFilePermissions(original, PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createDirectories(original.resolve("a/b/empty"));
        Files.writeString(original.resolve("a/b/text"), "content");
        Files.writeString(original.resolve("a.txt"), "");
        Files.write(Trees.raw(original, "ff2f".substring(0, 2)), new byte[200_000]);
        Files.createFile(Trees.raw(original, "78".repeat(255)));
        Files.createSymbolicLink(original.resolve("a/link"), Path.of("b/text"));
        Files.createSymbolicLink(original.resolve("dangling"), Trees.raw(Path.of("/nowhere"), "fe"));
        Files.setPosixFilePermissions(original.resolve("a/b/text"), PosixFilePermissions.fromString("---------"));
        Files.setAttribute(original.resolve("a/b"), "unix:mode", 03575);
        try (Stream<Path> all = Files.walk(original)) {
            for (Path path : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                Files.setLastModifiedTime(path, LONG_AGO);
            }
        }
        List<Read> records = Trees.read(DirectorySource.of(original));
        if (rootExists) {
            Files.createDirectory(root);
        }

        Map<String, String> attributes;
        try (var capture = DirectorySource.of(original).capture(new Trees.Context())) {
            attributes = capture.attributes();
        }
        WriteResult result = restore(DirectoryTarget.at(root), records, attributes);

        assertThat(result).isEqualTo(new WriteResult(records.size(), 0));
        DirectorySource readBack =
                (DirectorySource) DirectoryTarget.at(root).readBack(attributes).orElseThrow();
        assertThat(Trees.read(readBack))
                .extracting(Read::key, Read::values)
                .containsExactlyElementsOf(records.stream()
                        .map(read -> org.assertj.core.groups.Tuple.tuple(read.key(), read.values()))
                        .toList());
        if (!rootExists) {
            assertThat(Files.getPosixFilePermissions(root)).isEqualTo(Files.getPosixFilePermissions(original));
        }
        assertNothingUnfinished();
    }

    @Test
    void ownersAreRestoredByRootAndOtherwiseNoted() throws IOException {
        List<Read> records = List.of(Trees.record(
                RecordKey.path("a"), "type", "file", "mode", "0600", "uid", "4711", "gid", "4712", "content", "x"));
        DirectoryTarget target = DirectoryTarget.at(root);
        boolean isRoot = System.getProperty("user.name").equals("root");

        TargetPreview preview = preview(target, records);
        restore(target, records);

        if (isRoot) {
            assertThat(preview.notes()).isEmpty();
            assertThat(target.fieldsNotRestored("files")).containsExactlyInAnyOrder("special", "dos", "created", "acl");
            assertThat(Files.getAttribute(root.resolve("a"), "unix:uid")).isEqualTo(4711);
            assertThat(Files.getAttribute(root.resolve("a"), "unix:gid")).isEqualTo(4712);
        } else {
            assertThat(preview.notes()).hasSize(1);
            assertThat(target.fieldsNotRestored("files"))
                    .containsExactlyInAnyOrder("uid", "gid", "special", "dos", "created", "acl");
        }
    }

    @Test
    void directoryItselfGetsItsModeAndOwnerBackWhereItWasAbsent() throws IOException {
        Map<String, String> said = Map.of("directory.mode", "0710", "directory.uid", "4711", "directory.gid", "4712");
        boolean isRoot = System.getProperty("user.name").equals("root");

        restore(DirectoryTarget.at(root), List.of(Trees.file("a", "x")), said);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx--x---");
        if (isRoot) {
            assertThat(Files.getAttribute(root, "unix:uid")).isEqualTo(4711);
            assertThat(Files.getAttribute(root, "unix:gid")).isEqualTo(4712);
        }
        Path prepared = Files.createDirectory(place.resolve("prepared"));
        Object owner = Files.getAttribute(prepared, "unix:uid");
        restore(DirectoryTarget.at(prepared), List.of(Trees.file("a", "x")), said);
        assertThat(Files.getAttribute(prepared, "unix:uid")).isEqualTo(owner);
    }

    @Test
    void directoryThatIsDescribedWronglyIsLeftAsItIs() throws IOException {
        Map<String, String> said =
                Map.of("directory.mode", "rwx", "directory.uid", "4294967295", "directory.gid", "-1");

        restore(DirectoryTarget.at(root), List.of(Trees.file("a", "x")), said);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx------");
        assertThat(Files.getAttribute(root, "unix:uid")).isEqualTo(Files.getAttribute(place, "unix:uid"));
    }

    @Test
    void directoryBelowAFileIsRefusedByThePreview() throws IOException {
        Path file = Files.writeString(place.resolve("file"), "x");

        assertThat(preview(DirectoryTarget.at(file.resolve("a/b")), List.of()).blockers())
                .containsExactly(file.resolve("a/b") + " can't be created: " + file + " is not a directory");
        assertThat(preview(DirectoryTarget.at(place.resolve("a/b")), List.of()).blockers())
                .isEmpty();
    }

    @Test
    void mergeThatWasCutShortIsNotedByTheNextAndSaysSoItself() throws IOException {
        Files.createDirectory(root);
        DirectoryTarget target = DirectoryTarget.merge(root, OnConflict.SKIP);
        try (TargetSession crashed = open(target, List.of())) {
            crashed.begin();
        }

        List<Path> left;
        try (Stream<Path> entries = Files.list(root)) {
            left = entries.toList();
        }
        assertThat(left)
                .singleElement()
                .satisfies(marker -> assertThat(marker).content().contains("cut short"));
        assertThat(preview(target, List.of()).notes())
                .singleElement()
                .asString()
                .contains(left.get(0).toString(), "cut short");
        assertThat(preview(target, List.of()).blockers()).isEmpty();
    }

    @Test
    void setIdBitsAreRestoredOnlyIfAskedFor() throws IOException {
        List<Read> records = List.of(
                Trees.record(RecordKey.path("a"), "type", "file", "mode", "0755", "special", "setuid", "content", "x"),
                Trees.record(RecordKey.path("b"), "type", "file", "mode", "6755", "content", "x"));

        assertThat(preview(DirectoryTarget.at(root), records).notes()).hasSize(1);
        restore(DirectoryTarget.at(root), records);
        assertThat((Integer) Files.getAttribute(root.resolve("a"), "unix:mode") & 07777)
                .isEqualTo(0755);
        assertThat((Integer) Files.getAttribute(root.resolve("b"), "unix:mode") & 07777)
                .isEqualTo(0755);

        assumeTrue(System.getProperty("user.name").equals("root"));
        DirectoryTarget asked = DirectoryTarget.at(place.resolve("other")).withSpecialModes();
        restore(asked, records);
        assertThat((Integer) Files.getAttribute(place.resolve("other/a"), "unix:mode") & 07777)
                .isEqualTo(04755);
        assertThat(asked.fieldsNotRestored("files")).doesNotContain("special");
    }

    @Test
    void targetThatIsNotEmptyIsRefused() throws IOException {
        Files.createDirectory(root);
        Files.writeString(root.resolve("precious"), "x");

        assertThat(preview(DirectoryTarget.at(root), List.of(Trees.file("a", "x")))
                        .blockers())
                .containsExactly(root + " is not empty: it has 1 entry, as precious");

        Path file = Files.createFile(place.resolve("file"));
        assertThat(preview(DirectoryTarget.at(file), List.of()).blockers())
                .containsExactly(file + " is not a directory");
    }

    @Test
    void directoryThatGetsEntriesAfterThePreviewIsLeftAlone() throws IOException {
        try (TargetSession session = open(DirectoryTarget.at(root), List.of(Trees.file("a", "x")))) {
            assertThat(session.preview().blockers()).isEmpty();
            session.begin();
            session.write(Trees.collection(List.of(Trees.file("a", "restored"))));
            Files.createDirectory(root);
            Files.writeString(root.resolve("a"), "precious");
            assertThatThrownBy(session::finish).isInstanceOf(IOException.class);
        }
        assertThat(root.resolve("a")).hasContent("precious");
        assertNothingUnfinished();

        Files.delete(root.resolve("a"));
        try (TargetSession session = open(DirectoryTarget.at(root), List.of())) {
            session.begin();
            session.write(Trees.collection(List.of(Trees.file("a", "restored"))));
            Files.writeString(root.resolve("a"), "precious");
            assertThatThrownBy(session::finish).isInstanceOf(IOException.class);
        }
        assertThat(root.resolve("a")).hasContent("precious");
    }

    @Test
    void previewHasNoEffect() throws IOException {
        assertThat(preview(DirectoryTarget.at(root), List.of(Trees.file("a/b", "x")))
                        .blockers())
                .isEmpty();
        assertThat(place).isEmptyDirectory();
    }

    static List<List<Read>> attacks(Path outside) {
        String target = outside.toString();
        return List.of(
                List.of(raw("..\0escaped", "x")),
                List.of(raw("a\0..\0..\0escaped", "x")),
                List.of(raw("..", "x")),
                List.of(raw(".", "x")),
                List.of(raw("/escaped", "x")),
                List.of(raw(target + "/escaped", "x")),
                List.of(raw("a/../../escaped", "x")),
                List.of(raw("\0escaped", "x")),
                List.of(raw("a\0\0b", "x")),
                List.of(raw("a\0", "x")),
                List.of(Trees.link("l", target), Trees.file("l/escaped", "x")),
                List.of(Trees.link("l", target), Trees.directory("l"), Trees.file("l/escaped", "x")),
                List.of(Trees.link("l", target + "/victim"), Trees.file("l", "x")),
                List.of(Trees.link("l", target), Trees.directory("l")),
                List.of(Trees.file("f", "x"), Trees.file("f/escaped", "x")),
                List.of(Trees.directory("a"), Trees.link("a/l", "../.."), Trees.file("a/l/escaped", "x")),
                // Out of order, as no tree has them.
                List.of(Trees.file("l/x", "x"), Trees.link("l", target), Trees.file("l/escaped", "x")));
    }

    private static Read raw(String key, String content) {
        return Trees.record(RecordKey.of(Trees.utf8(key)), "type", "file", "mode", "0600", "content", content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "empty", "SKIP", "REPLACE", "FAIL"})
    void nothingIsWrittenOutside(String way) throws IOException {
        Path outside = Files.createDirectory(place.resolve("outside"));
        Path victim = Files.writeString(outside.resolve("victim"), "precious");
        int number = 0;
        for (List<Read> attack : attacks(outside)) {
            Path to = place.resolve("to" + number++).resolve("deeper");
            Files.createDirectories(way.equals("absent") ? to.getParent() : to);
            DirectoryTarget target = way.equals("absent") || way.equals("empty")
                    ? DirectoryTarget.at(to)
                    : DirectoryTarget.merge(to, OnConflict.valueOf(way));
            // As if the preview had seen nothing.
            try (TargetSession session = open(target, attack)) {
                session.begin();
                session.write(Trees.collection(attack));
                session.finish();
            } catch (IOException e) {
                // As it should be in most cases; what counts is what is there now.
            }
            assertThat(victim).hasContent("precious");
            try (Stream<Path> all = Files.walk(place)) {
                assertThat(all.filter(path -> path.endsWith("escaped") && !path.startsWith(to)))
                        .as("attack %d", number)
                        .isEmpty();
            }
            try (Stream<Path> entries = Files.list(outside)) {
                assertThat(entries).containsExactly(victim);
            }
        }
    }

    @Test
    void unsafeRecordsAreNamedByThePreview() throws IOException {
        for (List<Read> attack : attacks(place)) {
            List<Read> ordered = attack.stream()
                    .sorted((a, b) -> a.key().compareTo(b.key()))
                    .distinct()
                    .toList();
            boolean repeats = ordered.stream().map(Read::key).distinct().count() < ordered.size();
            if (!repeats) {
                assertThat(preview(DirectoryTarget.at(root), ordered).blockers())
                        .as(ordered.toString())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void manyBlockersAreSummedUp() throws IOException {
        List<Read> records = new ArrayList<>();
        for (int i = 100; i < 150; i++) {
            records.add(raw("..\0" + i, "x"));
        }
        assertThat(preview(DirectoryTarget.at(root), records).blockers())
                .hasSize(21)
                .last()
                .isEqualTo("and 30 more");
    }

    @Test
    void recordThatIsNoFileIsABlocker() throws IOException {
        assertThat(preview(
                                DirectoryTarget.at(root),
                                List.of(
                                        Trees.record(RecordKey.path("a"), "type", "fifo"),
                                        Trees.record(RecordKey.path("b"), "type", "file", "mode", "99999"),
                                        Trees.record(RecordKey.path("c"), "type", "file", "uid", "-2"),
                                        Trees.record(RecordKey.path("d"), "type", "file", "mtime", "yesterday"),
                                        Trees.record(RecordKey.path("e"), "type", "link")))
                        .blockers())
                .hasSize(5);
        RestoredCollection table = new RestoredCollection() {
            @Override
            public String name() {
                return "contact";
            }

            @Override
            public RecordSchema schema() {
                return RecordSchema.builder().build();
            }

            @Override
            public Extent extent() {
                return Extent.WHOLE;
            }

            @Override
            public long records() {
                return 0;
            }

            @Override
            public io.crmbackup.spi.RecordCursor open() {
                throw new AssertionError("needs no records");
            }
        };
        assertThatThrownBy(() -> DirectoryTarget.at(root).open(Map.of(), List.of(table)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contact");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:b",
                "C:",
                "a\\b",
                "con",
                "NUL.txt",
                "com1",
                "lpt9.x",
                "a.",
                "a ",
                "a?",
                "x\u0001",
                "<",
                "aux .c",
                "COM\u00b2.log",
                "nul",
                "conout$",
                "a|b",
                "\"",
                "a*",
                "LPT1 ",
                "prn."
            })
    void windowsNamesAreRefusedWhereTheyMeanSomething(String name) throws IOException {
        List<Read> records = List.of(raw(name, "x"));

        assertThat(preview(DirectoryTarget.at(root).with(NameRules.WINDOWS, Durability.SYNCED), records)
                        .blockers())
                .hasSize(1);
        assertThat(preview(DirectoryTarget.at(root), records).blockers()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(NameRules.class)
    void namesThatFallTogetherAreRefusedWhereTheyDo(NameRules rules) throws IOException {
        List<Read> records = new ArrayList<>(List.of(
                Trees.file("A", "x"),
                Trees.directory("a"),
                Trees.file("d/o\u0308", "x"),
                Trees.file("d/\u00f6", "x"),
                Trees.file("e/x", "x"),
                Trees.file("f/x", "x"),
                Trees.file("g/1", "x"),
                Trees.file("G/2", "x"),
                Trees.file("g/3", "x")));
        List<String> blockers = preview(DirectoryTarget.at(root).with(rules, Durability.SYNCED), records)
                .blockers();

        if (rules == NameRules.POSIX) {
            assertThat(blockers).isEmpty();
        } else {
            assertThat(blockers)
                    .containsExactly(
                            "a and A would be the same file here",
                            "d/\u00f6 and d/o\u0308 would be the same file here",
                            "G and g would be the same file here");
        }
    }

    @Test
    void tooLongNamesAndTooLittleSpaceAreBlockers() throws IOException {
        assertThat(preview(DirectoryTarget.at(root), List.of(raw("x".repeat(256), "x")))
                        .blockers())
                .hasSize(1);
        long usable = Files.getFileStore(place).getUsableSpace();
        int half = 1 << 25;
        List<Read> records = Stream.iterate(0, i -> i <= 2 * (usable / half), i -> i + 1)
                .map(i -> sized("f" + i, half))
                .toList();
        assertThat(preview(DirectoryTarget.at(root), records).blockers())
                .singleElement()
                .asString()
                .contains("space");
    }

    @Test
    void largeFilesThatMayHaveHolesAreNoBlockers() throws IOException {
        TargetPreview preview = preview(DirectoryTarget.at(root), List.of(sized("disk", Long.MAX_VALUE / 2)));

        assertThat(preview.blockers()).isEmpty();
        assertThat(preview.notes()).singleElement().asString().contains("only if large files have holes");
    }

    @Test
    void longNamesOfCharactersAreFineWhereNamesAreText() throws IOException {
        DirectoryTarget windows = DirectoryTarget.at(root).with(NameRules.WINDOWS, Durability.SYNCED);

        assertThat(preview(windows, List.of(raw("\u6f22".repeat(255), "x"))).blockers())
                .isEmpty();
        assertThat(preview(windows, List.of(raw("\u6f22".repeat(256), "x"))).blockers())
                .hasSize(1);
        assertThat(preview(DirectoryTarget.at(root), List.of(raw("\u6f22".repeat(255), "x")))
                        .blockers())
                .hasSize(1);
    }

    private static Read sized(String path, long length) {
        Map<String, FieldValue> values =
                new LinkedHashMap<>(Trees.file(path, "x").values());
        values.put("content", FieldValue.content(InputStream::nullInputStream, length));
        return new Read(RecordKey.path(path), new byte[0], values, true);
    }

    @Test
    void namesOfAnyFormAreRestoredWhereTheyDiffer() throws IOException {
        List<Read> records = List.of(
                Trees.file("A", "1"), Trees.file("a", "2"), Trees.file("o\u0308", "3"), Trees.file("\u00f6", "4"));
        assumeTrue(NameRules.of(root) == NameRules.POSIX);

        restore(DirectoryTarget.at(root), records);

        assertThat(Trees.read(DirectorySource.of(root)))
                .extracting(Read::path, read -> read.text("content"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("A", "1"),
                        org.assertj.core.groups.Tuple.tuple("a", "2"),
                        org.assertj.core.groups.Tuple.tuple("o\u0308", "3"),
                        org.assertj.core.groups.Tuple.tuple("\u00f6", "4"));
    }

    @Test
    void restoreThatIsClosedBeforeItsEndLeavesNothing() throws IOException {
        List<Read> records = List.of(Trees.directory("d"), Trees.file("d/a", "x"), Trees.link("l", "d"));
        TargetSession session = open(DirectoryTarget.at(root), records);
        session.begin();
        session.write(Trees.collection(records));
        assertThat(root).doesNotExist();
        session.close();
        session.close();

        assertThat(place).isEmptyDirectory();
    }

    @Test
    void contentThatFailsLeavesNothing() throws IOException {
        Map<String, FieldValue> values =
                new LinkedHashMap<>(Trees.file("b", "x").values());
        values.put(
                "content",
                FieldValue.content(
                        () -> new java.io.SequenceInputStream(
                                new ByteArrayInputStream(new byte[100]), new InputStream() {
                                    @Override
                                    public int read() throws IOException {
                                        throw new IOException("damaged");
                                    }
                                }),
                        200));
        List<Read> records = List.of(Trees.file("a", "x"), new Read(RecordKey.path("b"), new byte[0], values, true));

        assertThatThrownBy(() -> restore(DirectoryTarget.at(root), records)).hasMessageContaining("damaged");
        assertThat(place).isEmptyDirectory();

        Files.createDirectory(root);
        assertThatThrownBy(() -> restore(DirectoryTarget.merge(root, OnConflict.SKIP), records))
                .hasMessageContaining("damaged");
        assertThat(root.resolve("a")).hasContent("x");
        assertThat(root.resolve("b")).doesNotExist();
        try (Stream<Path> entries = Files.list(root)) {
            assertThat(entries.map(path -> path.getFileName().toString()).filter(name -> !name.equals("a")))
                    .as("what shows that the restore was cut short")
                    .hasSize(1)
                    .allMatch(name -> name.startsWith(".crmbackup-restore-"));
        }
    }

    @Test
    void crashedRestoreIsRecognised() throws IOException {
        TargetSession crashed = open(DirectoryTarget.at(root), List.of());
        crashed.begin();
        crashed.write(Trees.collection(List.of(Trees.file("a", "x"))));

        assertThat(root).doesNotExist();
        assertThat(preview(DirectoryTarget.at(root), List.of()).notes())
                .singleElement()
                .asString()
                .contains("cut short");

        Path empty = Files.createDirectory(place.resolve("empty"));
        open(DirectoryTarget.at(empty), List.of()).begin();
        assertThat(preview(DirectoryTarget.at(empty), List.of()).blockers())
                .singleElement()
                .asString()
                .contains("cut short");
    }

    @Test
    void stagingIsClosedToOthers() throws IOException {
        try (TargetSession session = open(DirectoryTarget.at(root), List.of())) {
            session.begin();
            try (Stream<Path> entries = Files.list(place)) {
                assertThat(entries.toList())
                        .singleElement()
                        .satisfies(staging -> assertThat(
                                        PosixFilePermissions.toString(Files.getPosixFilePermissions(staging)))
                                .isEqualTo("rwx------"));
            }
        }
    }

    @Test
    void everythingIsSyncedBeforeTheDirectoryGetsItsName() throws IOException {
        List<String> steps = new ArrayList<>();
        Durability recording = new Durability() {
            @Override
            public void file(FileChannel channel) throws IOException {
                steps.add("file of " + channel.size() + visible());
            }

            @Override
            public void directory(Path directory) {
                steps.add(directory.getFileName().toString().replaceAll("\\.crmbackup-restore-.*", "(staging)")
                        + visible());
            }

            private String visible() {
                return Files.exists(root) ? " visible" : "";
            }
        };
        List<Read> records = List.of(
                Trees.directory("d"),
                Trees.file("d/a", "1"),
                Trees.directory("d/e"),
                Trees.file("d/e/b", "12"),
                Trees.record(RecordKey.path("z"), "type", "file", "mode", "0000", "content", "123"));

        restore(DirectoryTarget.at(root).with(NameRules.POSIX, recording), records);

        assertThat(steps)
                .containsExactly(
                        "file of 2",
                        "e",
                        "file of 1",
                        "d",
                        "file of 3",
                        "restored(staging)",
                        place.getFileName() + " visible");
    }

    @Test
    void failedSyncFailsTheRestore() {
        Durability broken = new Durability() {
            @Override
            public void file(FileChannel channel) throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public void directory(Path directory) {}
        };
        assertThatThrownBy(() ->
                        restore(DirectoryTarget.at(root).with(NameRules.POSIX, broken), List.of(Trees.file("a", "x"))))
                .hasMessageContaining("Input/output error");
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void selectedFilesBringTheirDirectories() throws IOException {
        restore(DirectoryTarget.at(root), List.of(Trees.file("a/b/c", "x"), Trees.file("a/d", "y")));

        assertThat(root.resolve("a/b/c")).hasContent("x");
        assertThat(root.resolve("a/d")).hasContent("y");
    }

    @Test
    void mergeSkipsWhatIsThere() throws IOException {
        createTree();
        List<Read> records = records();
        DirectoryTarget target = DirectoryTarget.merge(root, OnConflict.SKIP);

        assertThat(preview(target, records).blockers()).isEmpty();
        assertThat(restore(target, records)).isEqualTo(new WriteResult(3, 3));

        assertThat(root.resolve("d/there")).hasContent("precious");
        assertThat(Files.readSymbolicLink(root.resolve("l"))).isEqualTo(Path.of("old"));
        assertThat(root.resolve("d/new")).hasContent("restored");
        assertThat(root.resolve("n/x")).hasContent("restored");
        assertThat(Files.getPosixFilePermissions(root.resolve("d")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(root.resolve("n")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        assertNothingUnfinished();
    }

    @Test
    void mergeReplacesWhatIsThere() throws IOException {
        createTree();
        Path secondName = Files.createLink(place.resolve("second-name"), root.resolve("d/there"));
        DirectoryTarget target = DirectoryTarget.merge(root, OnConflict.REPLACE);

        assertThat(preview(target, records()).blockers()).isEmpty();
        assertThat(restore(target, records())).isEqualTo(new WriteResult(6, 0));

        assertThat(root.resolve("d/there")).hasContent("restored");
        assertThat(secondName).as("another name of the replaced file").hasContent("precious");
        assertThat(Files.readSymbolicLink(root.resolve("l"))).isEqualTo(Path.of("new"));
        assertThat(Files.getPosixFilePermissions(root.resolve("d")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(root.resolve("other")).hasContent("untouched");
        assertNothingUnfinished();
    }

    @Test
    void mergeRefusesWhatIsThere() throws IOException {
        createTree();

        assertThat(preview(DirectoryTarget.merge(root, OnConflict.FAIL), records())
                        .blockers())
                .containsExactly("d/there is there already", "l is there already");
    }

    @ParameterizedTest
    @EnumSource(OnConflict.class)
    void mergeNeverWritesThroughLinksNorExchangesKinds(OnConflict onConflict) throws IOException {
        Path outside = Files.createDirectory(place.resolve("outside"));
        Files.createDirectory(root);
        Files.createSymbolicLink(root.resolve("d"), outside);
        Files.createDirectory(root.resolve("f"));
        List<Read> through = List.of(Trees.file("d/x/y", "x"));
        List<Read> same = List.of(Trees.directory("d"));
        DirectoryTarget target = DirectoryTarget.merge(root, onConflict);

        assertThat(preview(target, through).blockers())
                .singleElement()
                .asString()
                .contains("written through");
        assertThatThrownBy(() -> restore(target, through)).isInstanceOf(IOException.class);
        assertThat(preview(target, same).blockers()).hasSize(1);
        assertThatThrownBy(() -> restore(target, same)).isInstanceOf(IOException.class);
        List<Read> kinds = List.of(Trees.file("f", "x"));
        assertThat(preview(target, kinds).blockers()).hasSize(1);
        assertThatThrownBy(() -> restore(target, kinds)).isInstanceOf(IOException.class);
        assertThat(outside).isEmptyDirectory();
        assertThat(Files.isDirectory(root.resolve("f"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    private void createTree() throws IOException {
        Files.createDirectories(root.resolve("d"));
        Files.setPosixFilePermissions(root.resolve("d"), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(root.resolve("d/there"), "precious");
        Files.writeString(root.resolve("other"), "untouched");
        Files.createSymbolicLink(root.resolve("l"), Path.of("old"));
    }

    private static List<Read> records() {
        return List.of(
                Trees.directory("d"),
                Trees.file("d/new", "restored"),
                Trees.file("d/there", "restored"),
                Trees.link("l", "new"),
                Trees.directory("n"),
                Trees.file("n/x", "restored"));
    }

    private void assertNothingUnfinished() throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            assertThat(all.filter(path -> path.getFileName().toString().contains(".crmbackup-restore-")))
                    .isEmpty();
        }
    }

    private static TargetSession open(DirectoryTarget target, List<Read> records) {
        return target.open(Map.of(), List.of(Trees.collection(records)));
    }

    private static TargetPreview preview(DirectoryTarget target, List<Read> records) throws IOException {
        try (TargetSession session = open(target, records)) {
            return session.preview();
        }
    }

    private static WriteResult restore(DirectoryTarget target, List<Read> records) throws IOException {
        return restore(target, records, Map.of());
    }

    private static WriteResult restore(DirectoryTarget target, List<Read> records, Map<String, String> attributes)
            throws IOException {
        RestoredCollection collection = Trees.collection(records);
        try (TargetSession session = target.open(attributes, List.of(collection))) {
            session.begin();
            WriteResult result = session.write(collection);
            session.finish();
            return result;
        }
    }
}
