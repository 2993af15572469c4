package io.crmbackup.internal.codec;

/** Goes through the entries of a node of a record tree, of whichever level, without keeping where they lie. What is no node has no entries, or stops to have any. Not thread-safe. */
final class NodeEntries {
    /** What an entry above the leaves has between its key and two numbers: the id of a node. */
    private static final int ID_LENGTH = 32;

    private final NumberCursor in = new NumberCursor();
    private long left;
    private boolean isLeaf;
    private int begin;
    private int keyEnd;
    private int keyLength;
    private int end;

    /** Begins at the first entry, and returns where the node's header ends. */
    int start(byte[] node, int from, int to) {
        in.reset(node, from, to);
        isLeaf = in.number() == 0;
        left = Math.max(0, in.number());
        end = in.position();
        return end;
    }

    /** Steps to the next entry and returns whether there is one. */
    boolean next() {
        if (left == 0) {
            return false;
        }
        begin = in.position();
        keyLength = in.skipped();
        keyEnd = in.position();
        boolean whole = keyLength >= 0
                && (isLeaf ? in.skipped() >= 0 : in.skip(ID_LENGTH) && in.number() >= 0 && in.number() >= 0);
        left = whole ? left - 1 : 0;
        end = whole ? in.position() : end;
        return whole;
    }

    /** Where the entry begins. */
    int begin() {
        return begin;
    }

    int keyBegin() {
        return keyEnd - keyLength;
    }

    int keyEnd() {
        return keyEnd;
    }

    /** Where the entry ends; where the last one ended, if there is none any more. */
    int end() {
        return end;
    }
}
