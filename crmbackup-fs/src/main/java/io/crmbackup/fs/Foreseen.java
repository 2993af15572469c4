package io.crmbackup.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Counts what a mirror will delete. */
final class Foreseen implements Surplus.Disposal {
    private final Tally tally;
    private final Consumer<String> blockers;

    Foreseen(Tally tally, Consumer<String> blockers) {
        this.tally = tally;
        this.blockers = blockers;
    }

    @Override
    public boolean file(DirectoryWalk.Entry file) {
        tally.deleted(file.key().pathText());
        return true;
    }

    @Override
    public boolean directory(DirectoryWalk.Entry directory, long gone) throws IOException {
        boolean empty = entries(directory.path()) == gone;
        if (empty) {
            tally.deleted(directory.key().pathText());
        }
        return empty;
    }

    @Override
    public void exchanged(DirectoryWalk.Entry directory, long gone) throws IOException {
        if (entries(directory.path()) != gone) {
            blockers.accept(
                    directory.key().pathText()
                            + " is a directory where a file belongs, and has entries that the backup left out and that would be lost");
        }
    }

    @Override
    public void changed(Path directory, RestoredEntry entry) {
        // Its attributes are those of the record afterwards as before.
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
