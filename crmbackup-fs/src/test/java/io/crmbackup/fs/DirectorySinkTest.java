package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectorySinkTest {
    @TempDir
    Path place;

    private Path root;

    @BeforeEach
    void createRoot() throws IOException {
        root = Files.createDirectory(place.resolve("repository"));
    }

    @Test
    void objectIsReadBackWholeAndInParts() throws IOException {
        try (DirectorySink sink = DirectorySink.at(root)) {
            sink.put("packs/ab/abcd", content("0123456789"));

            assertThat(read(sink, "packs/ab/abcd", 0, Long.MAX_VALUE)).isEqualTo("0123456789");
            assertThat(read(sink, "packs/ab/abcd", 3, 4)).isEqualTo("3456");
            assertThat(read(sink, "packs/ab/abcd", 8, 100)).isEqualTo("89");
            assertThat(read(sink, "packs/ab/abcd", 10, 1)).isEmpty();
            assertThat(read(sink, "packs/ab/abcd", Long.MAX_VALUE, Long.MAX_VALUE))
                    .isEmpty();
            assertThat(read(sink, "packs/ab/abcd", 3, 0)).isEmpty();
        }
    }

    @Test
    void takenNameIsRefusedAndItsObjectStays() throws IOException {
        DirectorySink sink = DirectorySink.at(root);
        sink.put("log/0", content("first"));

        assertThatThrownBy(() -> sink.put("log/0", content("second"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(read(sink, "log/0", 0, Long.MAX_VALUE)).isEqualTo("first");
        assertNothingTemporary();
    }

    @Test
    void oneOfManyConcurrentPutsWins() throws Exception {
        assertOneWins(DirectorySink.at(root), DirectorySink.at(root));
    }

    @Test
    void oneOfManyConcurrentPutsWinsWithoutHardLinks() throws Exception {
        Path temporary = Files.createDirectory(root.resolve(".tmp"));
        List<Publication> ways = List.of(
                new Publication.Locked(temporary.resolve("lock")), new Publication.Locked(temporary.resolve("lock")));
        for (int round = 0; round < 50; round++) {
            Path file = root.resolve("f" + round);
            assertThat(race(8, i -> {
                        Path mine = Files.writeString(temporary.resolve(TemporaryFiles.newName()), "writer " + i);
                        ways.get(i % 2).publish(mine, file);
                    }))
                    .as("winners of round " + round)
                    .hasSize(1)
                    .allSatisfy(i -> assertThat(file).hasContent("writer " + i));
        }
    }

    @Test
    void hardLinksAreUsedWhereTheyWork() throws IOException {
        assertThat(Publication.offeredIn(root, root.resolve(".lock"))).isNotInstanceOf(Publication.Locked.class);
        assertThat(root).isEmptyDirectory();
    }

    private void assertOneWins(DirectorySink... sinks) throws Exception {
        for (int round = 0; round < 50; round++) {
            String name = "log/" + round;
            List<Integer> winners = race(8, i -> sinks[i % sinks.length].put(name, content("writer " + i)));
            assertThat(winners).as("winners of round " + round).hasSize(1);
            assertThat(read(sinks[0], name, 0, Long.MAX_VALUE)).isEqualTo("writer " + winners.get(0));
        }
        assertNothingTemporary();
    }

    private interface Attempt {
        void by(int writer) throws IOException;
    }

    private static List<Integer> race(int writers, Attempt attempt) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            CyclicBarrier start = new CyclicBarrier(writers);
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int writer = i;
                Callable<Boolean> task = () -> {
                    start.await();
                    try {
                        attempt.by(writer);
                        return true;
                    } catch (FileAlreadyExistsException e) {
                        return false;
                    }
                };
                results.add(threads.submit(task));
            }
            List<Integer> winners = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                if (results.get(i).get()) {
                    winners.add(i);
                }
            }
            return winners;
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, 6, 200_000})
    void contentOfAnotherLengthThanItSaysIsRefusedAndLeavesNothing(long said) {
        DirectorySink sink = DirectorySink.at(root);
        SinkContent lying = new SinkContent() {
            @Override
            public long length() {
                return said;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[] {1, 2, 3, 4, 5});
            }
        };

        assertThatThrownBy(() -> sink.put("a", lying)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> sink.get("a", 0, 1)).isInstanceOf(NoSuchFileException.class);
        assertNothingTemporary();
    }

    @Test
    void emptyObjectIsKept() throws IOException {
        DirectorySink sink = DirectorySink.at(root);
        sink.put("lease/a/0", content(""));

        assertThat(read(sink, "lease/a/0", 0, 10)).isEmpty();
        assertThat(list(sink, "")).containsExactly("lease/a/0:0");
    }

    @Test
    void listShowsWholeObjectsBelowThePrefixAndNothingElse() throws IOException {
        DirectorySink sink = DirectorySink.at(root);
        sink.put("repository", content("r"));
        sink.put("packs/ab/abcd", content("1234"));
        sink.put("packs/cd/cdef", content("12"));
        sink.put("index/ab", content("1"));
        Files.writeString(root.resolve(".tmp/1234"), "unfinished");
        Files.writeString(root.resolve("packs/.DS_Store"), "foreign");
        Files.createDirectories(root.resolve("lost+found/x"));

        assertThat(list(sink, ""))
                .containsExactlyInAnyOrder("repository:1", "packs/ab/abcd:4", "packs/cd/cdef:2", "index/ab:1");
        assertThat(list(sink, "packs/")).containsExactlyInAnyOrder("packs/ab/abcd:4", "packs/cd/cdef:2");
        assertThat(list(sink, "packs/ab/")).containsExactly("packs/ab/abcd:4");
        assertThat(list(sink, "none/")).isEmpty();
        assertThat(list(sink, "repository/")).isEmpty();
    }

    @Test
    void deleteIsIdempotentAndSparesDirectories() throws IOException {
        DirectorySink sink = DirectorySink.at(root);
        sink.put("a/b", content("x"));

        sink.delete("a/b/c");
        sink.delete("a/b");
        sink.delete("a/b");
        sink.delete("a/b/c");
        sink.delete("none/none");
        sink.delete("a");

        assertThat(list(sink, "")).isEmpty();
        assertThat(root.resolve("a")).isDirectory();
    }

    @Test
    void directoryIsNoObject() throws IOException {
        DirectorySink sink = DirectorySink.at(root);
        sink.put("a/b", content("x"));

        assertThatThrownBy(() -> sink.get("a", 0, 1)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> sink.get("a/b/c", 0, 1)).isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "..", "a/../b", ".tmp/a", "A", "a b", "a\\b", "ä", "a\0b", "."})
    void otherNamesAreRefused(String name) {
        DirectorySink sink = DirectorySink.at(root);

        assertThatThrownBy(() -> sink.put(name, content("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sink.get(name, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sink.delete(name)).isInstanceOf(IllegalArgumentException.class);
        assertThat(place).isDirectoryNotContaining("glob:**/b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/", "../", "a/../", "A/"})
    void otherPrefixesAreRefused(String prefix) {
        assertThatThrownBy(() -> DirectorySink.at(root).list(prefix, o -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longestNameWorksAndALongerOneIsRefused() throws IOException {
        DirectorySink sink = DirectorySink.at(root);
        sink.put("a".repeat(120), content("x"));

        assertThat(read(sink, "a".repeat(120), 0, 9)).isEqualTo("x");
        assertThatThrownBy(() -> sink.put("a".repeat(121), content("x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void missingDirectoryIsNotCreatedUnlessTold() throws IOException {
        Path missing = place.resolve("disk/repository");
        DirectorySink sink = DirectorySink.at(missing);

        assertThatThrownBy(() -> sink.put("a", content("x")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is its disk mounted?");
        assertThatThrownBy(() -> sink.get("a", 0, 1))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> list(sink, "")).isInstanceOf(IOException.class);
        assertThat(place.resolve("disk")).doesNotExist();

        DirectorySink creating = sink.createDirectory();
        assertThatThrownBy(() -> creating.get("a", 0, 1)).isInstanceOf(NoSuchFileException.class);
        assertThat(list(creating, "")).isEmpty();
        creating.delete("a");
        assertThat(place.resolve("disk")).doesNotExist();
        creating.put("a", content("x"));
        assertThat(read(creating, "a", 0, 9)).isEqualTo("x");
    }

    @Test
    void directoryThatIsExchangedIsNeitherFilledNorTakenForEmpty() throws IOException {
        DirectorySink sink = DirectorySink.at(root).createDirectory();
        sink.put("a", content("x"));
        Files.move(root, place.resolve("moved"));

        assertThatThrownBy(() -> sink.put("b", content("y"))).hasMessageContaining("not there any more");
        Files.createDirectory(root);

        assertThatThrownBy(() -> sink.put("b", content("y"))).hasMessageContaining("not there any more");
        assertThatThrownBy(() -> sink.get("a", 0, 1))
                .isNotInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("not there any more");
        assertThatThrownBy(() -> list(sink, "")).hasMessageContaining("not there any more");
        assertThatThrownBy(() -> sink.delete("a")).hasMessageContaining("not there any more");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        DirectorySink sink = DirectorySink.at(root);
        sink.put("packs/ab/abcd", content("x"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("packs/ab/abcd"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("packs"))))
                .isEqualTo("rwx------");
    }

    @Test
    void bytesAreSyncedBeforeTheNameExistsAndTheDirectoriesAfterwards() throws IOException {
        List<String> steps = new ArrayList<>();
        Durability recording = new Durability() {
            @Override
            public void file(FileChannel channel) throws IOException {
                steps.add("file of " + channel.size() + (Files.exists(root.resolve("a/b/c")) ? " visible" : ""));
            }

            @Override
            public void directory(Path directory) {
                steps.add(root.relativize(directory) + (Files.exists(root.resolve("a/b/c")) ? " visible" : ""));
            }
        };
        DirectorySink sink = DirectorySink.at(root, recording);
        sink.put("other", content(""));
        steps.clear();

        sink.put("a/b/c", content("12345"));

        assertThat(steps).containsExactly("", "a", "file of 5", "a/b visible");

        steps.clear();
        assertThatThrownBy(() -> sink.put("a/b/c", content("12345"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(steps).as("the object that is there is made durable too").containsExactly("a/b visible");

        steps.clear();
        sink.delete("a/b/c");
        assertThat(steps).containsExactly("a/b");
    }

    @Test
    void objectWhoseBytesCantBeSyncedIsAbandoned() throws IOException {
        List<FileChannel> synced = new ArrayList<>();
        boolean[] broken = {false};
        Durability failing = new Durability() {
            @Override
            public void file(FileChannel channel) throws IOException {
                assertThat(synced).doesNotContain(channel);
                synced.add(channel);
                if (broken[0]) {
                    throw new IOException("Input/output error");
                }
            }

            @Override
            public void directory(Path directory) {}
        };
        DirectorySink sink = DirectorySink.at(root, failing);
        sink.put("a", content("x"));
        broken[0] = true;

        assertThatThrownBy(() -> sink.put("b", content("x"))).hasMessageContaining("Input/output error");
        assertThat(list(sink, "")).containsExactly("a:1");
        assertNothingTemporary();

        broken[0] = false;
        sink.put("b", content("x"));
        assertThat(synced).allSatisfy(channel -> assertThat(channel.isOpen()).isFalse());
    }

    @Test
    void leftOversOfCrashedWritersDisappearWhenTheyAreOld() throws IOException {
        Path temporary = Files.createDirectory(root.resolve(".tmp"));
        Path old = Files.writeString(temporary.resolve("0011"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(2 * 86_400)));
        Path young = Files.writeString(temporary.resolve("2233"), "half");

        DirectorySink.at(root).put("a", content("x"));

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void interruptedPutFailsAndLeavesTheFlagSet() {
        DirectorySink sink = DirectorySink.at(root);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> sink.put("a", content("x"))).isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(root.resolve("a")).doesNotExist();
    }

    @Test
    void fileThatShrinksWhileItIsReadIsAnErrorNotAnEnd() throws IOException {
        DirectorySink sink = DirectorySink.at(root);
        sink.put("a", content("0123456789"));
        try (InputStream in = sink.get("a", 0, 10)) {
            assertThat(in.readNBytes(2)).hasSize(2);
            try (FileChannel channel = FileChannel.open(root.resolve("a"), StandardOpenOption.WRITE)) {
                channel.truncate(5);
            }
            assertThatThrownBy(in::readAllBytes).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void closedSinkRefusesWork() {
        DirectorySink sink = DirectorySink.at(root);
        sink.close();
        sink.close();

        assertThatThrownBy(() -> sink.put("a", content("x"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sink.get("a", 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sink.delete("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> list(sink, "")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void directoryIsTheRealPath() throws IOException {
        Path link = Files.createSymbolicLink(place.resolve("link"), root);

        assertThat(DirectorySink.at(link).directory()).contains(root.toRealPath());
    }

    private void assertNothingTemporary() {
        try (Stream<Path> files = Files.list(root.resolve(".tmp"))) {
            assertThat(files).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SinkContent content(String text) {
        return SinkContent.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(DirectorySink sink, String name, long offset, long length) throws IOException {
        try (InputStream in = sink.get(name, offset, length)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> list(DirectorySink sink, String prefix) throws IOException {
        List<String> found = new ArrayList<>();
        sink.list(prefix, (SinkObject o) -> found.add(o.name() + ":" + o.length()));
        return found;
    }
}
