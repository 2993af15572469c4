package io.crmbackup.fs;

import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RestoredCollection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A restore into a directory that is in use. While it is under way, or if it was cut short, a file in the directory says so. */
final class MergeRestore extends DirectoryRestore {
    private static final String EXPLANATION = """
            A restore into this directory is under way, or was cut short. Then some files are those of the backup, others are not:
            repeat the restore, and remove this file when it is done. Backups are not complete as long as this file is here.
            """;

    private final OnConflict onConflict;
    private @Nullable Path marker;
    private @Nullable Path lastParent;
    private @Nullable String lastObjection;

    MergeRestore(DirectoryTarget target, OnConflict onConflict, RestoredCollection files) {
        super(target, files);
        this.onConflict = onConflict;
    }

    @Override
    void checkPlace(Findings findings) throws IOException {
        if (!Files.isDirectory(root)) {
            findings.blocker(root + " is not a directory; to restore a whole directory, let it be the target itself");
            return;
        }
        try (DirectoryStream<Path> leftOvers = Files.newDirectoryStream(root, UNFINISHED + "*")) {
            for (Path path : leftOvers) {
                findings.note(path + " shows that another restore is under way, or was cut short: then remove it"
                        + " when this restore has brought the rest");
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    @Override
    boolean checkEntry(RecordKey key, Path path, RestoredEntry entry, Findings findings) throws IOException {
        String objection = objectionToParent(path.getParent());
        if (objection != null) {
            findings.blocker(key.pathText() + " would be written through " + objection);
            return false;
        }
        FileFacts present;
        try {
            present = FileFacts.of(path);
        } catch (NoSuchFileException e) {
            return true;
        }
        boolean isDirectory = present.kind() == FileFacts.Kind.DIRECTORY;
        if (entry.kind() == FileFacts.Kind.DIRECTORY) {
            if (!isDirectory) {
                findings.blocker(key.pathText() + " is there and is no directory");
            }
            return onConflict == OnConflict.REPLACE;
        }
        switch (onConflict) {
            case FAIL -> findings.blocker(key.pathText() + " is there already");
            case REPLACE -> {
                if (isDirectory) {
                    findings.blocker(key.pathText() + " is there and is a directory, which is not replaced by a file");
                }
            }
            case SKIP -> {
                return false;
            }
        }
        return true;
    }

    /** What on the way to a directory is no directory; null if there is none. Remembers the last answer: entries come together. */
    private @Nullable String objectionToParent(@Nullable Path parent) {
        if (parent == null || parent.equals(root)) {
            return null;
        }
        if (!parent.equals(lastParent)) {
            String objection = objectionToParent(parent.getParent());
            if (objection == null
                    && Files.exists(parent, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
                objection = parent + ", which is no directory";
            }
            lastParent = parent;
            lastObjection = objection;
        }
        return lastObjection;
    }

    @Override
    public void begin() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
        Path file = root.resolve(UNFINISHED + TemporaryFiles.newName());
        TemporaryFiles.write(file, new ByteArrayInputStream(EXPLANATION.getBytes(StandardCharsets.UTF_8)), durability);
        marker = file;
        durability.directory(root);
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        if (marker == null) {
            throw new IllegalStateException("the restore has not begun, or is over");
        }
        return writer(root, new MergePlacement(onConflict, attributes, durability))
                .write(collection);
    }

    @Override
    public void finish() throws IOException {
        if (marker != null) {
            Files.deleteIfExists(marker);
            marker = null;
            durability.directory(root);
        }
    }

    @Override
    public void close() {
        // The marker of a restore that was not finished stays: it tells that the tree is mixed.
        marker = null;
    }
}
