package io.crmbackup.internal.tree;

/** The hash that ranks the entries of a level; the smallest one around begins a node. Compared as an unsigned number. */
@FunctionalInterface
interface BoundaryHash {
    /** Hashes a level and a key. */
    long hash(int level, byte[] source, int offset, int length);
}
