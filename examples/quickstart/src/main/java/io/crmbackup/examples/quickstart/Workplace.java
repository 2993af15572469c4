package io.crmbackup.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The directory that the program works in: a temporary one that is removed at the end, or the user's, which stays. */
record Workplace(Path path, boolean temporary) implements AutoCloseable {
    static Workplace at(@Nullable Path wanted) throws IOException {
        return wanted == null
                ? new Workplace(Files.createTempDirectory("crmbackup-quickstart-"), true)
                : new Workplace(Files.createDirectories(wanted).toAbsolutePath(), false);
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            List<Path> all;
            try (Stream<Path> found = Files.walk(path)) {
                all = found.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path one : all) {
                Files.deleteIfExists(one);
            }
        }
    }
}
