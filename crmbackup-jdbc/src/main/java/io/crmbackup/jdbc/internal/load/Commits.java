package io.crmbackup.jdbc.internal.load;

/** When a restore commits what it has done. */
public enum Commits {
    /** Once, when all is done, on one connection: whatever happens, the database has all of it or nothing. */
    ONCE,

    /** After each piece, with a note in the database of what is done: several connections can work, and a restore that was cut short go on. */
    IN_PIECES
}
