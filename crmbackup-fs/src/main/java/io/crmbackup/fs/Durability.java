package io.crmbackup.fs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Brings what was written to the medium. After a failure nothing is known of what was written through that channel: it must be thrown away,
 * not synced again, because the system reports such an error only once.
 */
interface Durability {
    /** Syncs as the system offers it. */
    Durability SYNCED = new Durability() {
        @Override
        public void file(FileChannel channel) throws IOException {
            channel.force(true);
        }

        @Override
        public void directory(Path directory) throws IOException {
            if (FileFacts.isPosix(directory)) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
            // Elsewhere directories can't be opened, and the file system's own journal keeps their entries.
        }
    };

    /** Does nothing, where something else will. */
    Durability NONE = new Durability() {
        @Override
        public void file(FileChannel channel) {}

        @Override
        public void directory(Path directory) {}
    };

    /** Makes a file's bytes and attributes durable. */
    void file(FileChannel channel) throws IOException;

    /** Makes a directory's entries durable. */
    void directory(Path directory) throws IOException;
}
