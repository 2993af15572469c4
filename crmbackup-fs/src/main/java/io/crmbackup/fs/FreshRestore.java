package io.crmbackup.fs;

import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restore into a directory that is absent or empty. All is written into a staging directory that only its owner can enter: beside an absent
 * directory, whose name it then takes in one step, or inside an empty one (which may be a mount point), out of which the entries then move
 * up. A restore that is cut short leaves the staging directory, whose name says what it is.
 */
final class FreshRestore extends DirectoryRestore {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryTarget.class);
    private static final int MOST_COUNTED = 1000;

    private @Nullable Path staging;
    private boolean inside;

    FreshRestore(DirectoryTarget target, Map<String, String> captureAttributes, RestoredCollection files) {
        super(target, captureAttributes, files);
    }

    @Override
    void checkPlace(Findings findings) throws IOException {
        if (Files.isDirectory(root)) {
            String entries = entries();
            if (!entries.isEmpty()) {
                findings.blocker(root + " is not empty: it has " + entries);
            }
        } else if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            findings.blocker(root + " is not a directory");
        } else {
            Path above = existing(root);
            if (!Files.isDirectory(above)) {
                findings.blocker(root + " can't be created: " + above + " is not a directory");
                return;
            }
            findings.step("create the directory " + root);
            noteLeftOvers(findings);
        }
    }

    /** What is there of a path that is not. */
    private static Path existing(Path absent) {
        Path above = absent;
        while (above.getParent() != null && !Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
            above = above.getParent();
        }
        return above;
    }

    /** How many entries there are, for people; empty for none. */
    private String entries() throws IOException {
        int count = 0;
        Path first = null;
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            for (Path path : stream) {
                if (path.getFileName().toString().startsWith(UNFINISHED)) {
                    return path.getFileName() + ", left by a restore that was cut short; remove what it has left first";
                }
                first = path;
                if (++count > MOST_COUNTED) {
                    break;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (first == null) {
            return "";
        }
        String number = count > MOST_COUNTED
                ? "more than " + MOST_COUNTED + " entries"
                : count + (count == 1 ? " entry" : " entries");
        return number + ", as " + name(first);
    }

    private static String name(Path path) throws IOException {
        return RecordKey.of(RawNames.bytes(path.getFileName())).pathText();
    }

    private void noteLeftOvers(Findings findings) throws IOException {
        Path parent = root.getParent();
        if (parent != null && Files.isDirectory(parent)) {
            String prefix = root.getFileName() + UNFINISHED;
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(
                    parent, path -> path.getFileName().toString().startsWith(prefix))) {
                for (Path path : stream) {
                    findings.note(path + " was left by a restore that was cut short; it is of no use any more");
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
    }

    @Override
    boolean checkEntry(RecordKey key, Path path, RestoredEntry entry, Findings findings) {
        return true;
    }

    @Override
    public void begin() throws IOException {
        inside = Files.isDirectory(root);
        String name = UNFINISHED + TemporaryFiles.newName();
        Path place;
        if (inside) {
            String entries = entries();
            if (!entries.isEmpty()) {
                throw new DirectoryNotEmptyException(root + " has " + entries);
            }
            place = root.resolve(name);
        } else {
            Files.createDirectories(parent());
            place = root.resolveSibling(root.getFileName() + name);
        }
        Files.createDirectory(place, TemporaryFiles.ownerOnly(place, "rwx------"));
        staging = place;
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        return writer(staging(), new StagedPlacement(attributes, durability)).write(collection);
    }

    @Override
    public void finish() throws IOException {
        Path from = staging();
        if (inside) {
            moveUp(from);
        } else {
            RestoredEntry itself = RestoredEntry.root(captureAttributes);
            attributes.applyAllButMode(from, itself);
            attributes.applyMode(from, itself);
            // Fails if there is something meanwhile, unless it is an empty directory.
            Files.move(from, root, StandardCopyOption.ATOMIC_MOVE);
            staging = null;
            durability.directory(parent());
        }
    }

    private void moveUp(Path from) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            // From the first move on, the staging directory is what shows that the rest is missing.
            staging = null;
            for (Path entry : entries) {
                Path to = root.resolve(Objects.requireNonNull(entry.getFileName(), "an entry has a name"));
                if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                    throw new FileAlreadyExistsException(to.toString(), null, "it was created meanwhile");
                }
                Files.move(entry, to, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        durability.directory(root);
        Files.delete(from);
        durability.directory(root);
    }

    @Override
    public void close() {
        Path left = staging;
        staging = null;
        if (left != null) {
            try {
                remove(left);
            } catch (IOException e) {
                LOG.warn("What was restored so far could not be removed; it can be by hand: {}", left, e);
            }
        }
    }

    private void remove(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes facts) throws IOException {
                attributes.letWriteInto(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Path parent() {
        return Objects.requireNonNull(root.getParent(), "an absent directory has a parent");
    }

    private Path staging() {
        Path current = staging;
        if (current == null) {
            throw new IllegalStateException("the restore has not begun, or is over");
        }
        return current;
    }
}
