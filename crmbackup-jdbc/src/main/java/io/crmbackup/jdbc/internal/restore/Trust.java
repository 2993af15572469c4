package io.crmbackup.jdbc.internal.restore;

/** How far statements from a backup are trusted. */
public enum Trust {
    HARMLESS_ONLY,
    /** For a script: harmless to the programs that play it, too. */
    HARMLESS_IN_SCRIPTS,
    ALL
}
