package io.crmbackup.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the system knows of a file without opening it; links are not followed.
 *
 * @param mode permissions and set-id bits, -1 where there are none
 * @param uid number of the owner, -1 where there is none
 * @param gid number of the group, -1 where there is none
 * @param changed when content or attributes last changed, which programs can't set; where the system doesn't tell, when the file was created
 * @param links how many names it has, 1 where the system doesn't tell
 * @param identity tells files of one system apart; null where there is no such thing
 */
record FileFacts(
        Kind kind,
        long size,
        int mode,
        int uid,
        int gid,
        FileTime modified,
        FileTime changed,
        int links,
        @Nullable Object identity) {
    private static final String UNIX = "unix:mode,uid,gid,size,lastModifiedTime,ctime,nlink,fileKey";
    /** The permissions of a mode's nine bits, from the highest down. */
    private static final List<PosixFilePermission> PERMISSIONS = List.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private static final int HIGHEST_PERMISSION = 0400;

    private static final int TYPE = 0170000;
    static final int FINGERPRINT_LENGTH = 16;

    /** What a file is. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        /** A socket, a pipe, a device. */
        SPECIAL
    }

    static FileFacts of(Path path) throws IOException {
        return isUnix(path.getFileSystem())
                ? unix(Files.readAttributes(path, UNIX, LinkOption.NOFOLLOW_LINKS))
                : portable(path);
    }

    private static FileFacts unix(Map<String, Object> attributes) {
        int mode = attribute(attributes, "mode", Integer.class);
        Kind kind = switch (mode & TYPE) {
            case 0100000 -> Kind.FILE;
            case 0040000 -> Kind.DIRECTORY;
            case 0120000 -> Kind.LINK;
            default -> Kind.SPECIAL;
        };
        return new FileFacts(
                kind,
                attribute(attributes, "size", Long.class),
                mode & ~TYPE,
                attribute(attributes, "uid", Integer.class),
                attribute(attributes, "gid", Integer.class),
                attribute(attributes, "lastModifiedTime", FileTime.class),
                attribute(attributes, "ctime", FileTime.class),
                attribute(attributes, "nlink", Integer.class),
                attributes.get("fileKey"));
    }

    private static <T> T attribute(Map<String, Object> attributes, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(attributes.get(name), name));
    }

    private static FileFacts portable(Path path) throws IOException {
        Class<? extends BasicFileAttributes> known =
                isPosix(path) ? PosixFileAttributes.class : BasicFileAttributes.class;
        BasicFileAttributes attributes = Files.readAttributes(path, known, LinkOption.NOFOLLOW_LINKS);
        Kind kind = attributes.isRegularFile()
                ? Kind.FILE
                : attributes.isDirectory() ? Kind.DIRECTORY : attributes.isSymbolicLink() ? Kind.LINK : Kind.SPECIAL;
        int mode = attributes instanceof PosixFileAttributes posix ? mode(posix.permissions()) : -1;
        return new FileFacts(
                kind,
                attributes.size(),
                mode,
                -1,
                -1,
                attributes.lastModifiedTime(),
                attributes.creationTime(),
                1,
                attributes.fileKey());
    }

    /** The nine permission bits of a mode. */
    static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (int i = 0; i < PERMISSIONS.size(); i++) {
            mode |= permissions.contains(PERMISSIONS.get(i)) ? HIGHEST_PERMISSION >> i : 0;
        }
        return mode;
    }

    /** The permissions that a mode's nine bits stand for. */
    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < PERMISSIONS.size(); i++) {
            if ((mode & (HIGHEST_PERMISSION >> i)) != 0) {
                permissions.add(PERMISSIONS.get(i));
            }
        }
        return permissions;
    }

    /** Whether the file system has POSIX permissions and owners. */
    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Whether the file system tells modes, owners' numbers and change times. */
    static boolean isUnix(FileSystem fileSystem) {
        return fileSystem.supportedFileAttributeViews().contains("unix");
    }

    /** Whether the file may have been changed at this moment or later, as far as its times tell. */
    boolean changedSince(Instant moment) {
        FileTime limit = FileTime.from(moment);
        return modified.compareTo(limit) >= 0 || changed.compareTo(limit) >= 0;
    }

    /** A digest of all of this but the number of names, with which the time of change changes anyway. */
    byte[] fingerprint() {
        return fingerprint(new byte[0]);
    }

    /** A digest of this and more. */
    byte[] fingerprint(byte[] more) {
        MessageDigest digest = sha256();
        ByteBuffer numbers = ByteBuffer.allocate(64);
        numbers.putLong(size).putInt(mode).putInt(uid).putInt(gid);
        put(numbers, modified.toInstant());
        put(numbers, changed.toInstant());
        digest.update(numbers.flip());
        digest.update(kind.name().getBytes(StandardCharsets.US_ASCII));
        digest.update(String.valueOf(identity).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(more);
        return Arrays.copyOf(digest.digest(), FINGERPRINT_LENGTH);
    }

    private static void put(ByteBuffer numbers, Instant time) {
        numbers.putLong(time.getEpochSecond()).putInt(time.getNano());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
