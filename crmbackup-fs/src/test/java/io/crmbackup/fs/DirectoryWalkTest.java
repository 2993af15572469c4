package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryWalkTest {
    @TempDir
    Path root;

    @Test
    void manyFilesAreWalkedWithoutBeingHeld() throws IOException {
        int directories = 100;
        int files = 200;
        for (int d = 0; d < directories; d++) {
            Path directory = Files.createDirectory(root.resolve("d" + d));
            Path first = Files.createFile(directory.resolve("f0"));
            for (int f = 1; f < files; f++) {
                Files.createLink(directory.resolve("f" + f), first);
            }
        }
        DirectoryWalk walk =
                DirectoryWalk.in(root, List.of(), List.of(), new Trees.Context(), DirectoryWalk.MOST_NAMES);
        int count = 0;
        int most = 0;
        while (walk.next() != null) {
            count++;
            most = Math.max(most, walk.namesHeld());
        }

        assertThat(count).isEqualTo(directories * (files + 1));
        assertThat(most).as("names held").isLessThanOrEqualTo(directories + files);
    }

    @Test
    void largeDirectoriesAreWalkedInOrderWithoutHoldingTheirNames() throws IOException {
        Path work = Files.createDirectory(root.resolve("work"));
        Path tree = Files.createDirectories(root.resolve("tree"));
        for (String name : List.of("large", "large/m", "larger")) {
            Path directory = Files.createDirectories(tree.resolve(name));
            for (int i = 0; i < 2500; i++) {
                Files.createFile(directory.resolve(Integer.toHexString(Integer.reverse(i))));
            }
        }
        List<io.crmbackup.spi.RecordKey> keys = new java.util.ArrayList<>();
        int most = 0;
        try (DirectoryWalk walk = DirectoryWalk.in(tree, List.of(), List.of(), new Trees.Context(work), 1)) {
            for (DirectoryWalk.Entry entry = walk.next(); entry != null; entry = walk.next()) {
                keys.add(entry.key());
                most = Math.max(most, walk.namesHeld());
            }
            assertThat(work).isEmptyDirectory();
        }
        assertThat(keys).hasSize(3 * 2500 + 3).isSorted().doesNotHaveDuplicates();
        assertThat(most).isLessThan(10);
    }
}
