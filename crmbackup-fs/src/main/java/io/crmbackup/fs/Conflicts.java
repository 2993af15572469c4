package io.crmbackup.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files that somebody else has changed while they were to be restored, and that were therefore left alone. Not thread-safe. */
final class Conflicts {
    private static final int MOST = 10;

    private final Path root;
    private final List<String> paths = new ArrayList<>();
    private long count;

    Conflicts(Path root) {
        this.root = root;
    }

    void add(Path path) {
        count++;
        if (paths.size() < MOST) {
            paths.add(root.relativize(path).toString());
        }
    }

    /** Fails if there are any. */
    void check() throws IOException {
        if (count > 0) {
            throw new IOException(count + (count == 1 ? " file was" : " files were")
                    + " changed by somebody else during the restore and left alone: " + String.join(", ", paths)
                    + (count > paths.size() ? ", …" : "")
                    + ". Stop what writes into " + root + " and repeat the restore");
        }
    }
}
