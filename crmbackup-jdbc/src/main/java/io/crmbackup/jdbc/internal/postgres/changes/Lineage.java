package io.crmbackup.jdbc.internal.postgres.changes;

import io.crmbackup.spi.FormerCapture;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * What the text of a table's rows depends on besides the rows: as long as all of it is the same, a row that nobody wrote has the values that
 * it had.
 *
 * @param table the number of the table, which another one of the same name does not have
 * @param file where its rows lie: rewriting it, as TRUNCATE does, takes another file
 * @param storage who keeps its rows
 * @param columns its columns, and what they are for rows that were written before the column was there
 * @param types how the columns' types are defined
 * @param unsure a column whose type shows something that none of this covers, and its type; empty if there is none
 * @param removed how many of its rows were ever deleted, by the server's statistics, which lag behind and forget
 */
record Lineage(long table, long file, String storage, String columns, String types, String unsure, String removed) {
    private static final byte[] COLUMNS = Mark.key("columns");
    private static final byte[] REMOVED = Mark.key("removed");
    private static final byte[] SERVER = Mark.key("server");
    private static final byte[] TABLE = Mark.key("table");
    private static final byte[] TYPES = Mark.key("types");
    /** The only storage whose rows are known to carry the transaction that wrote them. */
    private static final String HEAP = "heap";

    /** What to remember. */
    List<Mark> marks(Position position) {
        return List.of(
                new Mark(COLUMNS, digest(columns)),
                new Mark(REMOVED, removed.getBytes(StandardCharsets.UTF_8)),
                new Mark(SERVER, position.toString().getBytes(StandardCharsets.UTF_8)),
                new Mark(TABLE, (table + " " + file).getBytes(StandardCharsets.UTF_8)),
                new Mark(TYPES, digest(types)));
    }

    /** Where the server stood, as it was remembered; empty if it was not. */
    static Optional<Position> position(FormerCapture former) {
        return text(former, SERVER).flatMap(Position::of);
    }

    /** Why rows may read otherwise than they did though nobody wrote them; empty if they don't. */
    Optional<String> difference(FormerCapture former) {
        if (!storage.equals(HEAP)) {
            return Optional.of("its rows are kept by " + storage + ", which may not tell who wrote them");
        } else if (!unsure.isEmpty()) {
            return Optional.of("column " + unsure + ", shows more than its rows hold");
        }
        String[] before = text(former, TABLE).orElse("").split(" ", -1);
        if (!before[0].equals(Long.toString(table))) {
            return Optional.of("the table was dropped and made again");
        } else if (before.length != 2 || !before[1].equals(Long.toString(file))) {
            return Optional.of("the table was emptied or rewritten");
        } else if (!isEqual(former, COLUMNS, columns)) {
            return Optional.of("its columns were redefined");
        } else if (!isEqual(former, TYPES, types)) {
            return Optional.of("the type of a column was redefined");
        }
        return Optional.empty();
    }

    /** Whether rows have probably been deleted since. */
    boolean hasProbablyRemoved(FormerCapture former) {
        return !text(former, REMOVED).orElse("").equals(removed);
    }

    private static Optional<String> text(FormerCapture former, byte[] key) {
        return former.mark(key).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private static boolean isEqual(FormerCapture former, byte[] key, String now) {
        return former.mark(key)
                .map(before -> MessageDigest.isEqual(before, digest(now)))
                .orElse(false);
    }

    /** Definitions may be long, marks not. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has no SHA-256", e);
        }
    }
}
