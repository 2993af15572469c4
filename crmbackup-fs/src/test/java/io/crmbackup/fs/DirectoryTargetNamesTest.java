package io.crmbackup.fs;

import static io.crmbackup.fs.Trees.open;
import static io.crmbackup.fs.Trees.preview;
import static io.crmbackup.fs.Trees.restore;
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
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Records whose names a directory cannot or must not take. */
class DirectoryTargetNamesTest {
    @TempDir
    Path place;

    private Path root;

    @BeforeEach
    void chooseRoot() {
        root = place.resolve("restored");
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
}
