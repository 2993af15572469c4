package io.crmbackup.fs;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record that is to become a file, directory or link again; what it says was read from storage and is checked.
 *
 * @param mode permissions, of a directory the set-group-id and sticky bits too; -1 for none
 * @param special set-id bits of a file
 * @param uid number of the owner, -1 for none
 * @param gid number of the group, -1 for none
 * @param extended its extended attributes; null if nothing is known of them
 * @param windows what it had on Windows
 * @param hardLink the path of a file that is the same one; empty for none
 */
record RestoredEntry(
        FileFacts.Kind kind,
        int mode,
        int special,
        long uid,
        long gid,
        @Nullable FileTime modified,
        byte[] link,
        byte[] hardLink,
        @Nullable Map<String, byte[]> extended,
        WindowsAttributes windows,
        FieldValue content) {
    private static final long LARGEST_ID = 0xfffffffeL;
    private static final int LONGEST_PATH = 1 << 16;
    private static final int LONGEST_ACL = 1 << 20;
    private static final byte[] NONE = new byte[0];

    /** The directory itself, as its capture described it; what it says of it wrongly or not at all stays as it is. */
    static RestoredEntry root(Map<String, String> captureAttributes) {
        String mode = captureAttributes.getOrDefault(DirectoryCapture.ROOT_MODE, "");
        return new RestoredEntry(
                FileFacts.Kind.DIRECTORY,
                mode.matches("[0-3]?[0-7]{3}") ? Integer.parseInt(mode, 8) : -1,
                0,
                rootId(captureAttributes.getOrDefault(DirectoryCapture.ROOT_UID, "")),
                rootId(captureAttributes.getOrDefault(DirectoryCapture.ROOT_GID, "")),
                null,
                NONE,
                NONE,
                null,
                WindowsAttributes.NONE,
                FieldValue.NULL);
    }

    private static long rootId(String text) {
        long id = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
        return id <= LARGEST_ID ? id : -1;
    }

    /** Reads records of one schema. */
    static final class Reader {
        private final int type;
        private final int mode;
        private final int special;
        private final int uid;
        private final int gid;
        private final int modified;
        private final int link;
        private final int hardLink;
        private final int extended;
        private final int flags;
        private final int created;
        private final int acl;
        private final int content;

        Reader(RecordSchema schema) {
            type = schema.indexOf(FileTree.TYPE);
            mode = schema.indexOf(FileTree.MODE);
            special = schema.indexOf(FileTree.SPECIAL);
            uid = schema.indexOf(FileTree.UID);
            gid = schema.indexOf(FileTree.GID);
            modified = schema.indexOf(FileTree.MODIFIED);
            link = schema.indexOf(FileTree.LINK);
            hardLink = schema.indexOf(FileTree.HARD_LINK);
            extended = schema.indexOf(FileTree.EXTENDED);
            flags = schema.indexOf(FileTree.FLAGS);
            created = schema.indexOf(FileTree.CREATED);
            acl = schema.indexOf(FileTree.ACL);
            content = schema.indexOf(FileTree.CONTENT);
        }

        /** Whether records of a schema can be files: all else may be missing. */
        static boolean reads(RecordSchema schema) {
            return schema.keyForm() == RecordSchema.KeyForm.PATH
                    && schema.indexOf(FileTree.TYPE) >= 0
                    && schema.indexOf(FileTree.CONTENT) >= 0;
        }

        RestoredEntry read(List<FieldValue> values) throws IOException {
            try {
                FileFacts.Kind kind = switch (String.valueOf(text(values, type))) {
                    case "file" -> FileFacts.Kind.FILE;
                    case "directory" -> FileFacts.Kind.DIRECTORY;
                    case "link" -> FileFacts.Kind.LINK;
                    default -> throw new IllegalArgumentException("it is no file, directory or link");
                };
                FieldValue target = value(values, link);
                if (kind == FileFacts.Kind.LINK && target.length() <= 0) {
                    throw new IllegalArgumentException("it is a link that leads nowhere");
                }
                return new RestoredEntry(
                        kind,
                        mode(text(values, mode), kind),
                        special(text(values, special)),
                        id(text(values, uid)),
                        id(text(values, gid)),
                        time(text(values, modified)),
                        kind == FileFacts.Kind.LINK ? bytes(target, LONGEST_PATH) : NONE,
                        kind == FileFacts.Kind.FILE ? bytes(value(values, hardLink), LONGEST_PATH) : NONE,
                        extended < 0
                                ? null
                                : ExtendedAttributes.parse(bytes(value(values, extended), ExtendedAttributes.MOST)),
                        WindowsAttributes.parse(
                                text(values, flags),
                                text(values, created),
                                value(values, acl).isNull()
                                        ? null
                                        : new String(bytes(value(values, acl), LONGEST_ACL), StandardCharsets.UTF_8)),
                        value(values, content));
            } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
                throw new IOException("the record is not that of a file: " + e.getMessage(), e);
            }
        }

        private static FieldValue value(List<FieldValue> values, int index) {
            return index < 0 ? FieldValue.NULL : values.get(index);
        }

        private static byte[] bytes(FieldValue value, int most) throws IOException {
            if (value.isNull()) {
                return NONE;
            }
            // What is too long for the record itself comes as a content.
            try (InputStream in = value.open()) {
                byte[] bytes = in.readNBytes(most + 1);
                if (bytes.length > most) {
                    throw new IllegalArgumentException("a field in it has more than " + most + " bytes");
                }
                return bytes;
            }
        }

        private static @Nullable String text(List<FieldValue> values, int index) {
            return value(values, index).text();
        }

        private static int mode(@Nullable String text, FileFacts.Kind kind) {
            if (text == null) {
                return -1;
            }
            if (!text.matches("[0-7]{4}")) {
                throw new IllegalArgumentException("permissions are four octal digits, not " + text);
            }
            return Integer.parseInt(text, 8) & (kind == FileFacts.Kind.DIRECTORY ? 03777 : 0777);
        }

        private static int special(@Nullable String text) {
            if (text == null) {
                return 0;
            }
            return (text.contains("setuid") ? FileTree.SET_UID : 0) | (text.contains("setgid") ? FileTree.SET_GID : 0);
        }

        private static long id(@Nullable String text) {
            if (text == null) {
                return -1;
            }
            long id = Long.parseLong(text);
            if (id < 0 || id > LARGEST_ID) {
                throw new IllegalArgumentException("no number of a user or group: " + text);
            }
            return id;
        }

        private static @Nullable FileTime time(@Nullable String text) {
            return text == null ? null : FileTime.from(Instant.parse(text));
        }
    }
}
