package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedNamesTest {
    @TempDir
    Path work;

    private static List<String> all(SortedNames names) throws IOException {
        List<String> result = new ArrayList<>();
        for (byte[] name = names.poll(); name != null; name = names.poll()) {
            result.add(HexFormat.of().formatHex(name));
        }
        return result;
    }

    @Test
    void anyNamesComeInOrderAndOnce() throws IOException {
        for (long seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            int count = random.nextInt(3000);
            int most = 1 + random.nextInt(random.nextBoolean() ? 50 : 2000);
            TreeSet<byte[]> expected = new TreeSet<>(Arrays::compareUnsigned);
            List<String> found;
            try (SortedNames names = new SortedNames(work, most)) {
                for (int i = 0; i < count; i++) {
                    byte[] name = new byte[1 + random.nextInt(random.nextBoolean() ? 2 : 255)];
                    random.nextBytes(name);
                    names.add(name);
                    expected.add(name);
                }
                names.sort();
                assertThat(names.held()).isLessThanOrEqualTo(most);
                found = all(names);
            }
            assertThat(found)
                    .as("seed %d", seed)
                    .isEqualTo(expected.stream().map(HexFormat.of()::formatHex).toList());
            assertThat(work).isEmptyDirectory();
        }
    }

    @Test
    void fewNamesTouchNoDisk() throws IOException {
        try (SortedNames names = new SortedNames(work.resolve("missing"), 3)) {
            for (String name : List.of("c", "a", "b")) {
                names.add(Trees.utf8(name));
            }
            names.sort();
            assertThat(all(names)).containsExactly("61", "62", "63");
        }
    }

    @Test
    void workDirectoryThatFailsIsNotTakenForTheDirectoryThatIsRead() throws IOException {
        Path root = Files.createDirectories(work.resolve("root/large"));
        for (int i = 0; i < 1001; i++) {
            Files.createFile(root.resolve("f" + i));
        }
        Trees.Context context = new Trees.Context(work.resolve("missing"));
        try (DirectoryWalk walk = DirectoryWalk.in(root.getParent(), List.of(), List.of(), context, 1)) {
            assertThatThrownBy(walk::next).isInstanceOf(WorkDirectoryException.class);
        }
        assertThat(context.problems).isEmpty();
    }
}
