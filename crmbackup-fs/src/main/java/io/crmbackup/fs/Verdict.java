package io.crmbackup.fs;

/** What becomes of a record in a directory in use. */
enum Verdict {
    /** Nothing is there. */
    CREATE,
    /** Another file or link is there, which gives way in one step. */
    REPLACE,
    /** A directory is there for a file, or the other way round; it is moved out of the way and deleted at the end. */
    EXCHANGE,
    /** The same is there but for its attributes. */
    ADJUST,
    /** The same is there. */
    EQUAL,
    /** Something is there, and stays whatever it is. */
    KEEP,
    /** Something is there that must not be. */
    TAKEN,
    /** A directory is there for a file, or the other way round, and must not give way. */
    OTHER_KIND;

    boolean writesContent() {
        return this == CREATE || this == REPLACE || this == EXCHANGE;
    }

    /** Whether the target then has what the record says. */
    boolean restores() {
        return writesContent() || this == ADJUST || this == EQUAL;
    }
}
