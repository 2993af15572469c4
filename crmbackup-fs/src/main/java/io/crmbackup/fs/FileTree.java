package io.crmbackup.fs;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldContent;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a file is written as a record. All fields but {@code type} may be null, for kinds of files and for systems that have no such thing.
 * <ul>
 *   <li>{@code type}: {@code file}, {@code directory} or {@code link};
 *   <li>{@code size}: of a file, in bytes;
 *   <li>{@code mode}: four octal digits, the permissions, and of a directory the set-group-id and sticky bits too;
 *   <li>{@code special}: of a file, {@code setuid}, {@code setgid} or {@code setuid setgid};
 *   <li>{@code uid}, {@code gid}: numbers of owner and group;
 *   <li>{@code mtime}: of a file or directory, when it was modified, with all digits that the system has;
 *   <li>{@code link}: the raw bytes that a link holds;
 *   <li>{@code hardlink}: of a file that has several hard links, the first of their paths in this collection; null in that first one itself.
 *       All of them have a content, so that each can be restored without the others;
 *   <li>{@code xattr}: of a file or directory, its extended attributes, see {@link ExtendedAttributes};
 *   <li>{@code dos}, {@code created}, {@code acl}: of a file or directory of Windows, see {@link WindowsAttributes};
 *   <li>{@code content}: of a file.
 * </ul>
 */
final class FileTree {
    static final String COLLECTION = "files";

    static final String TYPE = "type";
    static final String SIZE = "size";
    static final String MODE = "mode";
    static final String SPECIAL = "special";
    static final String UID = "uid";
    static final String GID = "gid";
    static final String MODIFIED = "mtime";
    static final String LINK = "link";
    static final String HARD_LINK = "hardlink";
    static final String EXTENDED = "xattr";
    static final String FLAGS = "dos";
    static final String CREATED = "created";
    static final String ACL = "acl";
    static final String CONTENT = "content";

    /** What files have beside what {@link FileFacts} tells. */
    record Extras(byte[] extended, WindowsAttributes windows) {}

    static final int SET_UID = 04000;
    static final int SET_GID = 02000;
    private static final int FILE_BITS = 0777;
    private static final int DIRECTORY_BITS = 03777;

    static final RecordSchema SCHEMA = RecordSchema.builder()
            .pathKey()
            .field(new Field(TYPE, FieldType.TEXT, "", Field.Presence.REQUIRED))
            .field(SIZE, FieldType.INTEGER)
            .field(MODE, FieldType.TEXT)
            .field(SPECIAL, FieldType.TEXT)
            .field(UID, FieldType.INTEGER)
            .field(GID, FieldType.INTEGER)
            .field(MODIFIED, FieldType.TIMESTAMP_WITH_ZONE)
            .field(LINK, FieldType.BYTES)
            .field(HARD_LINK, FieldType.PATH)
            .field(EXTENDED, FieldType.BYTES)
            .field(FLAGS, FieldType.TEXT)
            .field(CREATED, FieldType.TIMESTAMP_WITH_ZONE)
            .field(ACL, FieldType.TEXT)
            .field(CONTENT, FieldType.CONTENT)
            .build();

    private FileTree() {}

    static List<FieldValue> file(FileFacts facts, byte @Nullable [] firstPath, Extras extras, FieldContent content) {
        return List.of(
                FieldValue.text("file"),
                FieldValue.number(facts.size()),
                mode(facts, FILE_BITS),
                FieldValue.text(special(facts)),
                number(facts.uid()),
                number(facts.gid()),
                time(facts.modified()),
                FieldValue.NULL,
                FieldValue.of(firstPath),
                extended(extras.extended()),
                FieldValue.text(extras.windows().flags()),
                created(extras.windows()),
                FieldValue.text(extras.windows().acl()),
                FieldValue.content(content, facts.size()));
    }

    static List<FieldValue> directory(FileFacts facts, Extras extras) {
        return List.of(
                FieldValue.text("directory"),
                FieldValue.NULL,
                mode(facts, DIRECTORY_BITS),
                FieldValue.NULL,
                number(facts.uid()),
                number(facts.gid()),
                time(facts.modified()),
                FieldValue.NULL,
                FieldValue.NULL,
                extended(extras.extended()),
                FieldValue.text(extras.windows().flags()),
                created(extras.windows()),
                FieldValue.text(extras.windows().acl()),
                FieldValue.NULL);
    }

    /** A link has no permissions, and not every system can set its time. */
    static List<FieldValue> link(FileFacts facts, byte[] target) {
        return List.of(
                FieldValue.text("link"),
                FieldValue.NULL,
                FieldValue.NULL,
                FieldValue.NULL,
                number(facts.uid()),
                number(facts.gid()),
                FieldValue.NULL,
                FieldValue.of(target),
                FieldValue.NULL,
                FieldValue.NULL,
                FieldValue.NULL,
                FieldValue.NULL,
                FieldValue.NULL,
                FieldValue.NULL);
    }

    private static FieldValue created(WindowsAttributes attributes) {
        return attributes.created() == null ? FieldValue.NULL : time(attributes.created());
    }

    private static FieldValue extended(byte[] attributes) {
        return attributes.length == 0 ? FieldValue.NULL : FieldValue.of(attributes);
    }

    static FieldValue mode(FileFacts facts) {
        return mode(facts, DIRECTORY_BITS);
    }

    private static FieldValue mode(FileFacts facts, int bits) {
        if (facts.mode() < 0) {
            return FieldValue.NULL;
        }
        String digits = Integer.toOctalString(facts.mode() & bits);
        return FieldValue.text("0".repeat(4 - digits.length()) + digits);
    }

    private static @Nullable String special(FileFacts facts) {
        boolean setUid = facts.mode() >= 0 && (facts.mode() & SET_UID) != 0;
        boolean setGid = facts.mode() >= 0 && (facts.mode() & SET_GID) != 0;
        return setUid ? (setGid ? "setuid setgid" : "setuid") : setGid ? "setgid" : null;
    }

    static FieldValue number(int number) {
        // Numbers of users are unsigned; only where there are none they are -1, which no user may have.
        return number == -1 ? FieldValue.NULL : FieldValue.number(Integer.toUnsignedLong(number));
    }

    private static FieldValue time(FileTime time) {
        Instant instant = time.toInstant();
        return FieldValue.text(instant.toString());
    }
}
