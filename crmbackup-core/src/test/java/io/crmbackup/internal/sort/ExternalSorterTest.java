package io.crmbackup.internal.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.BackupException;
import io.crmbackup.error.DamagedObjectException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalSorterTest {
    private static final long SMALL = 1 << 16;

    @TempDir
    Path directory;

    @Test
    void anyRecordsComeOutAsSortedInMemory() {
        for (long seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Entry> records = randomRecords(random, random.nextInt(4000));
            int fanIn = 2 + random.nextInt(4);
            List<Entry> expected = new ArrayList<>(records);
            expected.sort(Entry.BY_KEY);
            try (ExternalSorter sorter = new ExternalSorter(directory, SMALL, fanIn)) {
                records.forEach(record -> sorter.add(record.key(), record.value()));
                assertSame(sorter.sorted(), expected, "seed " + seed);
            }
            assertThat(files()).as("seed %d", seed).isEmpty();
        }
    }

    /** Few different keys, so that equal ones meet across runs and merge passes. */
    private static List<Entry> randomRecords(SplittableRandom random, int count) {
        int keyLength = 1 + random.nextInt(3);
        List<Entry> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] key = new byte[random.nextInt(keyLength + 1)];
            random.nextBytes(key);
            byte[] value = Arrays.copyOf(Integer.toString(i).getBytes(StandardCharsets.US_ASCII), random.nextInt(300));
            records.add(new Entry(key, value));
        }
        return records;
    }

    private static void assertSame(SortedRecords sorted, List<Entry> expected, String what) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(sorted.next()).as("%s, record %d is there", what, i).isTrue();
            if (!Arrays.equals(sorted.key(), expected.get(i).key())
                    || !Arrays.equals(sorted.value(), expected.get(i).value())) {
                throw new AssertionError(what + ": record " + i + " is another");
            }
        }
        assertThat(sorted.next()).as("%s, nothing more", what).isFalse();
    }

    @Test
    void fewRecordsNeverTouchTheDisk() {
        try (ExternalSorter sorter = new ExternalSorter(directory.resolve("missing"), SMALL)) {
            sorter.add(new byte[] {(byte) 0x80}, new byte[0]);
            sorter.add(new byte[] {1}, new byte[0]);
            SortedRecords sorted = sorter.sorted();
            assertThat(sorted.next()).isTrue();
            assertThat(sorted.key()).containsExactly(1);
            assertThat(sorted.next()).isTrue();
            assertThat(sorted.key()).containsExactly(0x80);
            assertThat(sorted.next()).isFalse();
            assertThat(sorter.bytesSpilled()).isZero();
        }
    }

    @Test
    void recordsOfSeveralMebibytesPass() {
        List<Entry> expected = new ArrayList<>();
        try (ExternalSorter sorter = new ExternalSorter(directory, 1 << 20)) {
            for (int i = 4; i > 0; i--) {
                byte[] value = new byte[3 << 20];
                new Random(i).nextBytes(value);
                Entry record = new Entry(new byte[] {(byte) i}, value);
                sorter.add(record.key(), record.value());
                expected.add(0, record);
            }
            assertSame(sorter.sorted(), expected, "large records");
            assertThat(sorter.bytesSpilled()).isGreaterThan(12 << 20);
        }
    }

    @Test
    void memoryIsBounded() {
        try (ExternalSorter sorter = new ExternalSorter(directory, SMALL)) {
            long added = 0;
            for (int i = 0; i < 2000; i++) {
                sorter.add(new byte[8], new byte[100]);
                added += 108;
                // Zeros shrink to next to nothing: what isn't in a run is in memory.
                assertThat(files().size() * SMALL).isGreaterThanOrEqualTo(added - SMALL);
            }
        }
    }

    @Test
    void interruptCancelsAndStaysSet() {
        try (ExternalSorter sorter = new ExternalSorter(directory, SMALL)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> fill(sorter)).isInstanceOf(BackupCancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void interruptBetweenMergePassesCancelsAndStaysSet() {
        try (ExternalSorter sorter = new ExternalSorter(directory, SMALL, 2)) {
            fill(sorter);
            Thread.currentThread().interrupt();
            assertThatThrownBy(sorter::sorted).isInstanceOf(BackupCancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void bytesSpilledAreThoseOfTheFiles() {
        try (ExternalSorter sorter = new ExternalSorter(directory, SMALL)) {
            fill(sorter);
            assertThat(sorter.bytesSpilled())
                    .isEqualTo(
                            files().stream().mapToLong(ExternalSorterTest::size).sum());
        }
    }

    @Test
    void runsHoldNoPlaintext() throws IOException {
        try (ExternalSorter sorter = new ExternalSorter(directory, SMALL)) {
            fill(sorter);
            assertThat(files()).isNotEmpty();
            for (Path file : files()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                // Shorter ones stand in random bytes by chance.
                assertThat(bytes).doesNotContain("Ada, secret", "secret");
                // Nor the magic number of zstd, by which an unsealed stream would be known.
                assertThat(bytes).doesNotStartWith("(\u00b5/\u00fd");
            }
        }
    }

    @Test
    void runsBelongToTheirOwnerOnly() throws IOException {
        try (ExternalSorter sorter = new ExternalSorter(directory, SMALL)) {
            fill(sorter);
            for (Path file : files()) {
                if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------");
                }
            }
        }
    }

    @Test
    void anyFlippedBitIsDetected() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20; i++) {
            try (ExternalSorter sorter = new ExternalSorter(directory, SMALL)) {
                fill(sorter);
                Path file = files().get(random.nextInt(files().size()));
                byte[] bytes = Files.readAllBytes(file);
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
                assertThatThrownBy(() -> drain(sorter)).as("case %d", i).isInstanceOf(DamagedObjectException.class);
            }
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void runCutShortIsDetected() throws IOException {
        for (int cut : new int[] {1, 17, SegmentCipher.SEGMENT}) {
            try (ExternalSorter sorter = new ExternalSorter(directory, SMALL)) {
                fill(sorter);
                Path file = files().get(0);
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, bytes.length - cut), StandardOpenOption.TRUNCATE_EXISTING);
                assertThatThrownBy(() -> drain(sorter)).as("%d bytes", cut).isInstanceOf(DamagedObjectException.class);
            }
        }
    }

    @Test
    void exchangedRunsAreDetected() throws IOException {
        try (ExternalSorter sorter = new ExternalSorter(directory, SMALL)) {
            fill(sorter);
            List<Path> files = files();
            byte[] first = Files.readAllBytes(files.get(0));
            Files.write(files.get(0), Files.readAllBytes(files.get(1)));
            Files.write(files.get(1), first);
            assertThatThrownBy(() -> drain(sorter)).isInstanceOf(DamagedObjectException.class);
        }
    }

    @Test
    void closingRemovesFilesWhileTheyAreRead() {
        SortedRecords sorted;
        try (ExternalSorter sorter = new ExternalSorter(directory, SMALL, 2)) {
            fill(sorter);
            sorted = sorter.sorted();
            assertThat(sorted.next()).isTrue();
        }
        assertThat(files()).isEmpty();
        assertThatThrownBy(sorted::next).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void missingWorkDirectoryIsNamed() {
        Path missing = directory.resolve("missing");
        try (ExternalSorter sorter = new ExternalSorter(missing, SMALL)) {
            assertThatThrownBy(() -> fill(sorter))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining(missing.toString());
        }
    }

    @Test
    void nothingCanBeAddedAfterSorting() {
        try (ExternalSorter sorter = new ExternalSorter(directory, SMALL)) {
            sorter.sorted();
            assertThatThrownBy(() -> sorter.add(new byte[0], new byte[0])).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closedSorterGivesNothing() {
        ExternalSorter sorter = new ExternalSorter(directory, SMALL);
        sorter.close();
        assertThatThrownBy(sorter::sorted).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void recordsMayBeReadAgainFromMemoryAndFromDisk() {
        for (int count : new int[] {50, 4_000}) {
            List<Entry> records = randomRecords(new SplittableRandom(count), count);
            List<Entry> expected = new ArrayList<>(records);
            expected.sort(Entry.BY_KEY);
            try (ExternalSorter sorter = new ExternalSorter(directory, SMALL, 3)) {
                records.forEach(record -> sorter.add(record.key(), record.value()));
                assertThat(sorter.sorted().next()).isTrue();
                assertSame(sorter.sorted(), expected, "after one that was broken off");
                assertSame(sorter.sorted(), expected, "after one that was read");
                assertThat(sorter.bytesSpilled() > 0).isEqualTo(count > 50);
            }
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void tooLittleMemoryIsRefused() {
        assertThatThrownBy(() -> new ExternalSorter(directory, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536")
                .hasMessageContaining("100");
    }

    /** Records that don't shrink much, so that runs have several segments. */
    private static void fill(ExternalSorter sorter) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 600; i++) {
            byte[] value = new byte[400];
            random.nextBytes(value);
            System.arraycopy("Ada, secret".getBytes(StandardCharsets.US_ASCII), 0, value, 7, 11);
            sorter.add(Integer.toString(random.nextInt()).getBytes(StandardCharsets.US_ASCII), value);
        }
    }

    private static void drain(ExternalSorter sorter) {
        SortedRecords sorted = sorter.sorted();
        while (sorted.next()) {
            assertThat(sorted.key()).isNotNull();
        }
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
