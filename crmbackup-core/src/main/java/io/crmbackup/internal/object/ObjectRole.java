package io.crmbackup.internal.object;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What an object is for. The role is part of every object's seal, so that one is never taken for another. */
public enum ObjectRole {
    /** What the repository is; in the clear, authenticated. */
    REPOSITORY(1, "repository", 1 << 16),
    /** A key slot. */
    KEY(2, "keys/", 1 << 16),
    /** Chunks. */
    PACK(3, "packs/", 1 << 30),
    /** Which chunks some packs hold. */
    INDEX(4, "index/", 1 << 28),
    /** What a snapshot contains. */
    SNAPSHOT(5, "snap/", 1 << 26),
    /** An entry of the history. */
    LOG(6, "log/", 1 << 26),
    /** The history up to an entry. */
    CHECKPOINT(7, "checkpoint/", 1 << 28),
    /** A writer's sign of life. */
    LEASE(8, "lease/", 1 << 16);

    private static final long MAX_NUMBER = 999_999_999_999L;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{12}");

    private final byte code;
    private final String prefix;
    private final int maxLength;

    ObjectRole(int code, String prefix, int maxLength) {
        this.code = (byte) code;
        this.prefix = prefix;
        this.maxLength = maxLength;
    }

    /** The byte that stands for this role in the format. */
    public byte code() {
        return code;
    }

    /** What the names of such objects begin with. */
    public String prefix() {
        return prefix;
    }

    /** Most bytes of plain content, and of a body, that are accepted. */
    public int maxLength() {
        return maxLength;
    }

    /** The name of the object with this id. */
    public String name(ObjectId id) {
        String text = id.toString();
        return this == PACK ? prefix + text.substring(0, 2) + "/" + text : prefix + text;
    }

    /** The name of the object with this number, 0 to 999,999,999,999. */
    public String name(long number) {
        if (number < 0 || number > MAX_NUMBER) {
            throw new IllegalArgumentException(number + " is not within 0.." + MAX_NUMBER);
        }
        String digits = Long.toString(number);
        return prefix + "0".repeat(12 - digits.length()) + digits;
    }

    /** The id in a name, or empty if it is not the name of an object of this role. */
    public Optional<ObjectId> id(String name) {
        if (name.length() < ObjectId.LENGTH * 2) {
            return Optional.empty();
        }
        try {
            ObjectId id = ObjectId.parse(name.substring(name.length() - ObjectId.LENGTH * 2));
            return name(id).equals(name) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The number in a name, or empty if it is not the name of a numbered object of this role. */
    public OptionalLong number(String name) {
        String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return NUMBER.matcher(digits).matches() ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    static Optional<ObjectRole> of(byte code) {
        for (ObjectRole role : values()) {
            if (role.code == code) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
