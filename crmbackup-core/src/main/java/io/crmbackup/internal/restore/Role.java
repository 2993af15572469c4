package io.crmbackup.internal.restore;

/** Why a record is restored; the first that holds. */
enum Role {
    /** It was asked for. */
    CHOSEN,
    /** It refers to one that was asked for, or to one that does. */
    CHILD,
    /** A record refers to it as a file, or it is a directory on the way there. */
    FILE,
    /** It is referred to. */
    PARENT
}
