package io.crmbackup.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Small directories in which much happens. */
final class RandomTree {
    private static final List<String> NAMES = List.of("a", "b", "a.x", "c");
    private static final List<String> MODES = List.of("rw-r--r--", "rwx------", "rw-rw----");

    private final Random random;

    RandomTree(Random random) {
        this.random = random;
    }

    /** Adds entries; what is there stays. */
    void fill(Path directory, int rarity) throws IOException {
        fill(directory, rarity, 0);
        settle(directory);
    }

    private void fill(Path directory, int rarity, int depth) throws IOException {
        for (String name : NAMES) {
            Path path = directory.resolve(name);
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                fill(path, rarity, depth + 1);
            } else if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) && random.nextInt(2 + 4 * rarity) == 0) {
                create(path, rarity, depth);
            }
        }
    }

    private void create(Path path, int rarity, int depth) throws IOException {
        switch (random.nextInt(depth < 3 ? 5 : 3)) {
            case 0 -> Files.createSymbolicLink(path, Path.of(NAMES.get(random.nextInt(NAMES.size()))));
            case 1 -> link(path);
            case 2 -> write(path);
            default -> {
                Files.createDirectory(path);
                fill(path, rarity, depth + 1);
            }
        }
    }

    /** Makes another name of some file beside, if there is one. */
    private void link(Path path) throws IOException {
        for (String name : NAMES) {
            Path other = path.resolveSibling(name);
            if (Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)) {
                Files.createLink(path, other);
                return;
            }
        }
        write(path);
    }

    private void write(Path file) throws IOException {
        Files.writeString(file, "content " + random.nextInt(3));
        dress(file);
    }

    private void dress(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(MODES.get(random.nextInt(MODES.size()))));
        time(path);
    }

    private void time(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(1_000_000_000 + random.nextInt(2), 5)));
    }

    /** Copies a tree as it is, but for something here and there. */
    void copyAltered(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.filter(path -> !path.equals(from)).sorted().toList();
        }
        for (Path path : all) {
            Path copy = to.resolve(from.relativize(path));
            if (!Files.isDirectory(copy.getParent(), LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            int fate = random.nextInt(14);
            if (fate == 0) {
                continue;
            }
            if (fate == 1) {
                create(copy, 1, 3);
            } else if (fate == 2 && random.nextBoolean()) {
                Files.createDirectory(copy);
                fill(copy, 1, 2);
            } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && fate == 3) {
                link(copy);
            } else {
                copy(path, copy, all, from, to);
                if (fate == 4 && Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)) {
                    dress(copy);
                }
            }
        }
        settle(to);
        for (Path path : all) {
            Path copy = to.resolve(from.relativize(path));
            if (Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)
                    && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                    && random.nextInt(4) > 0) {
                Files.setLastModifiedTime(copy, Files.getLastModifiedTime(path));
            }
        }
    }

    private void copy(Path path, Path copy, List<Path> all, Path from, Path to) throws IOException {
        if (Files.isSymbolicLink(path) || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.isSymbolicLink(path)) {
                Files.createSymbolicLink(copy, Files.readSymbolicLink(path));
            } else {
                Files.createDirectory(copy);
                Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(path));
            }
            return;
        }
        for (Path other : all) {
            Path twin = to.resolve(from.relativize(other));
            if (!other.equals(path)
                    && Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)
                    && Files.isSameFile(other, path)
                    && Files.isRegularFile(twin, LinkOption.NOFOLLOW_LINKS)
                    && random.nextInt(5) > 0) {
                Files.createLink(copy, twin);
                return;
            }
        }
        Files.copy(path, copy);
        Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(path));
        Files.setLastModifiedTime(copy, Files.getLastModifiedTime(path));
    }

    /** Gives all directories a time, the deepest first. */
    private void settle(Path directory) throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            walk.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .forEach(all::add);
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            time(all.get(i));
        }
    }
}
