package io.crmbackup.jdbc.internal.merge.reference;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Reference;

/**
 * A reference between tables as the database has them now.
 *
 * @param child the table whose rows refer
 * @param parent the table that they refer to
 */
public record Link(Table child, Reference reference, Table parent, Origin origin) {
    /** Who knows of a reference. */
    public enum Origin {
        /** The database, which enforces it. */
        DATABASE,
        /** The application only, and, as it told, the backup. */
        APPLICATION
    }
}
