package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;

/** What a parent knows about a node: its level, first key and id, and how many records of how many bytes lie in and below it. */
record NodeRef(int level, byte[] key, ChunkId id, long records, long bytes) {}
