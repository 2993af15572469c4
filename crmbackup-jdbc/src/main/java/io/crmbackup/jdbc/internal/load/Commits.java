package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;

/**
 * When a restore commits what it has done. Once, when all is done, on one connection: whatever happens, the database has all of it or nothing. Or after each
 * piece, with a note in the database of what is done: several connections can work, and a restore that was cut short go on.
 *
 * @param bytesInPiece after so many bytes of rows of a table a piece ends
 */
public record Commits(long bytesInPiece) {
    /** All in one transaction; for databases that can undo definitions. */
    public static final Commits ONCE = new Commits(Long.MAX_VALUE);

    public Commits {
        if (bytesInPiece < 1) {
            throw new IllegalArgumentException("bytesInPiece: " + bytesInPiece + "; 1 or more would be right");
        }
    }

    /** What is best for a product. */
    public static Commits of(Dialect dialect) {
        return dialect.restoresInPieces() ? new Commits(dialect.bytesInPiece()) : ONCE;
    }

    boolean isOnce() {
        return equals(ONCE);
    }
}
