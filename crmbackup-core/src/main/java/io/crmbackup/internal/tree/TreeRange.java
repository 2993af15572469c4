package io.crmbackup.internal.tree;

/**
 * The records of a node.
 *
 * @param first the lowest key; the range ends before that of the next
 * @param records how many there are
 */
public record TreeRange(byte[] first, long records) {}
