package io.crmbackup.fs;

/** What a restore into a directory in use does with what is there. Each does what those before it do, and more. */
enum InPlace {
    /** Refuses to begin if a file or link is there. */
    REFUSE,
    /** Leaves files and links as they are. */
    KEEP,
    /** Makes files, links and directories equal to the backup's. */
    OVERWRITE,
    /** Exchanges files for directories and directories for files too, and removes what is not in the backup. */
    MIRROR;

    /** Whether what is there and differs gives way. */
    boolean overwrites() {
        return this == OVERWRITE || this == MIRROR;
    }
}
