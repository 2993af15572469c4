package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.fs.Trees.Read;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random directories in use, random backups, each way to restore: what is there afterwards, and whether the preview said so. */
class InPlacePropertyTest {
    private static final int SEEDS = Integer.getInteger("crmbackup.inPlaceSeeds", 60);

    @TempDir
    Path place;

    @ParameterizedTest
    @EnumSource(InPlace.class)
    void treeIsAsTheWaySaysAndAsThePreviewSaid(InPlace way) throws IOException {
        int begun = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Path home = Files.createDirectory(place.resolve("seed" + seed));
            Path original = Files.createDirectory(home.resolve("original"));
            Path root = Files.createDirectory(home.resolve("root"));
            RandomTree random = new RandomTree(new Random(seed));
            random.fill(original, 0);
            random.copyAltered(original, root);
            random.fill(root, 1);
            if (check(way, original, root, "seed " + seed)) {
                begun++;
            }
        }
        assertThat(begun).as("restores that were not refused").isGreaterThan(5);
    }

    /** By a clock that does not make the reader wait for what was just written. */
    private static List<Read> read(Path directory) throws IOException {
        return Trees.read(DirectorySource.of(directory).at(Clock.offset(Clock.systemUTC(), Duration.ofHours(1))));
    }

    private static DirectoryTarget target(InPlace way, Path root) {
        return unsynced(way, root).with(NameRules.POSIX, Durability.NONE);
    }

    private static DirectoryTarget unsynced(InPlace way, Path root) {
        return switch (way) {
            case REFUSE -> DirectoryTarget.merge(root, OnConflict.FAIL);
            case KEEP -> DirectoryTarget.onlyMissing(root);
            case OVERWRITE -> DirectoryTarget.overwriteChanged(root);
            case MIRROR -> DirectoryTarget.mirror(root);
        };
    }

    private static boolean check(InPlace way, Path original, Path root, String seed) throws IOException {
        List<Read> records = read(original);
        Map<String, Read> backup = byPath(records);
        Map<String, Read> before = byPath(read(root));
        Map<String, Object> files = identities(root);
        Optional<Map<String, String>> expected = expected(way, backup, before);
        RestoredCollection collection = Trees.collection(records);
        TargetPreview preview;
        try (TargetSession session = target(way, root).open(Map.of(), List.of(collection))) {
            preview = session.preview();
            assertThat(identities(root)).as(seed).isEqualTo(files);
            if (expected.isEmpty()) {
                assertThat(preview.blockers()).as(seed).isNotEmpty();
                assertThatThrownBy(() -> run(session, collection)).as(seed).isInstanceOf(IOException.class);
                return false;
            }
            assertThat(preview.blockers()).as(seed).isEmpty();
            run(session, collection);
            assertSame(seed, preview.changes().orElseThrow(), session.changes().orElseThrow());
        }
        Map<String, Read> after = byPath(read(root));
        assertThat(texts(after, way == InPlace.MIRROR)).as(seed).isEqualTo(expected.get());
        TargetChanges changes = preview.changes().orElseThrow();
        assertCounts(seed, changes, backup, before, way);
        if (way.overwrites()) {
            assertRepeatedRestoreDoesNothing(seed, way, root, records);
        }
        assertThat(identities(root))
                .as(seed + ": files that were equal")
                .containsAllEntriesOf(equal(files, backup, before, changes));
        return true;
    }

    private static void run(TargetSession session, RestoredCollection collection) throws IOException {
        session.begin();
        session.write(collection);
        session.finish();
    }

    private static void assertSame(String seed, TargetChanges preview, TargetChanges done) {
        assertThat(new TreeSet<>(done.deletions())).as(seed).isEqualTo(new TreeSet<>(preview.deletions()));
        assertThat(new TargetChanges(
                        done.created(), done.changed(), done.left(), done.deleted(), done.bytes(), List.of()))
                .as(seed)
                .isEqualTo(new TargetChanges(
                        preview.created(),
                        preview.changed(),
                        preview.left(),
                        preview.deleted(),
                        preview.bytes(),
                        List.of()));
    }

    private static void assertCounts(
            String seed, TargetChanges changes, Map<String, Read> backup, Map<String, Read> before, InPlace way) {
        long created = backup.keySet().stream()
                .filter(path -> !before.containsKey(path))
                .count();
        assertThat(changes.created()).as(seed + ": created").isEqualTo(created);
        assertThat(changes.created() + changes.changed() + changes.left())
                .as(seed + ": all")
                .isEqualTo(backup.size());
        TreeSet<String> deleted = new TreeSet<>(before.keySet());
        deleted.removeAll(backup.keySet());
        assertThat(changes.deletions())
                .as(seed)
                .containsExactlyInAnyOrderElementsOf(way == InPlace.MIRROR ? deleted : List.of());
        assertThat(changes.deleted()).as(seed).isEqualTo(way == InPlace.MIRROR ? deleted.size() : 0);
        if (!way.overwrites()) {
            assertThat(changes.changed()).as(seed).isZero();
        }
    }

    private static void assertRepeatedRestoreDoesNothing(String seed, InPlace way, Path root, List<Read> records)
            throws IOException {
        Map<String, Object> files = identities(root);
        RestoredCollection collection = Trees.collection(records);
        try (TargetSession session = target(way, root).open(Map.of(), List.of(collection))) {
            assertThat(session.preview().changes())
                    .as(seed)
                    .contains(new TargetChanges(0, 0, records.size(), 0, 0, List.of()));
            run(session, collection);
        }
        assertThat(identities(root)).as(seed).isEqualTo(files);
    }

    /** Paths with what they should be; empty if the restore should be refused. */
    private static Optional<Map<String, String>> expected(
            InPlace way, Map<String, Read> backup, Map<String, Read> before) {
        Map<String, String> expected = new TreeMap<>();
        if (way == InPlace.MIRROR) {
            return Optional.of(texts(backup, true));
        }
        for (Read read : before.values()) {
            Read wanted = backup.get(read.path());
            boolean kinds = wanted != null && isDirectory(wanted) != isDirectory(read);
            if (kinds || (wanted != null && way == InPlace.REFUSE && !isDirectory(read))) {
                return Optional.empty();
            }
        }
        expected.putAll(texts(before, false));
        texts(backup, false).forEach((path, text) -> {
            if (way == InPlace.OVERWRITE) {
                expected.put(path, text);
            } else {
                expected.putIfAbsent(path, text);
            }
        });
        return Optional.of(expected);
    }

    /** Without the times of directories, which change when something comes or goes in them, except after a mirror. */
    private static Map<String, String> texts(Map<String, Read> tree, boolean whole) {
        Map<String, String> texts = new TreeMap<>();
        tree.forEach((path, read) -> {
            StringBuilder text = new StringBuilder();
            read.values().forEach((field, value) -> {
                boolean told = whole
                        || (!field.equals(FileTree.HARD_LINK)
                                && !(field.equals(FileTree.MODIFIED) && isDirectory(read)));
                text.append(told ? field + "=" + value.text() + " " : "");
            });
            texts.put(path, text.toString());
        });
        return texts;
    }

    private static boolean isDirectory(Read read) {
        return read.text(FileTree.TYPE).equals("directory");
    }

    private static Map<String, Read> byPath(List<Read> reads) {
        Map<String, Read> tree = new TreeMap<>();
        reads.forEach(read -> tree.put(read.path(), read));
        return tree;
    }

    private static Map<String, Object> identities(Path root) throws IOException {
        Map<String, Object> identities = new HashMap<>();
        try (var all = Files.walk(root)) {
            // The directory itself gets a journal, and so another time.
            for (Path path : (Iterable<Path>) all.filter(path -> !path.equals(root))::iterator) {
                identities.put(
                        root.relativize(path).toString(),
                        Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS) + " "
                                + Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS));
            }
        }
        return identities;
    }

    /** What has just one name, and was as in the backup before. */
    private static Map<String, Object> equal(
            Map<String, Object> identities, Map<String, Read> backup, Map<String, Read> before, TargetChanges changes) {
        Map<String, Object> equal = new HashMap<>();
        before.forEach((path, read) -> {
            Read wanted = backup.get(path);
            if (wanted != null && !isDirectory(read) && wanted.values().equals(read.values())) {
                equal.put(path, identities.get(path));
            }
        });
        return equal;
    }
}
