package io.crmbackup.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * One change of a tree: a record put in place of whatever its key had, or a key removed. The arrays aren't copied: leave them alone until
 * the edit has been applied.
 *
 * @param key the record's key
 * @param value the record's value, or null to remove it; removing an absent key changes nothing
 */
public record TreeEdit(byte[] key, byte @Nullable [] value) {
    /** A record to put. */
    public static TreeEdit put(byte[] key, byte[] value) {
        return new TreeEdit(key, value);
    }

    /** A key to remove. */
    public static TreeEdit remove(byte[] key) {
        return new TreeEdit(key, null);
    }
}
