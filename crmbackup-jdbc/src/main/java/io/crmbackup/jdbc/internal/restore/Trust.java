package io.crmbackup.jdbc.internal.restore;

/** How far statements from a backup are trusted. */
public enum Trust {
    HARMLESS_ONLY,
    ALL
}
