package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.spi.Reference;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names of keys, indexes and references: those that they had, unless another thing of the same kind has them, or they are too long. */
final class Names {
    private final Vocabulary words;
    private final Set<String> taken = new HashSet<>();

    /**
     * Begins with the names of tables, which indexes can't have in some products.
     *
     * @param tables names of tables
     */
    Names(Vocabulary words, Iterable<String> tables) {
        this.words = words;
        tables.forEach(table -> taken.add(table.toLowerCase(Locale.ROOT)));
    }

    String index(String table, SourceIndex index) {
        String name = index.name().isEmpty() || index.name().equalsIgnoreCase("primary")
                ? table + "_" + String.join("_", index.columns())
                : index.name();
        return free(words.namesIndexesByTable() ? table + "\u0000" : "", table, name);
    }

    String reference(String table, Reference reference) {
        String name = reference.name().isEmpty()
                ? table + "_" + String.join("_", reference.fields()) + "_fkey"
                : reference.name();
        return free("", table, name);
    }

    private String free(String space, String table, String wanted) {
        for (int n = 0; ; n++) {
            String full = n == 0 ? wanted : n == 1 ? table + "_" + wanted : table + "_" + wanted + "_" + n;
            // Bytes count in PostgreSQL, and four are the most that a character has.
            int most = words.longestName() == Integer.MAX_VALUE ? 250 : words.longestName() - 3;
            String name = full.length() <= most && isAscii(full)
                    ? full
                    : "x" + Integer.toHexString(full.hashCode()) + "_" + n;
            if (taken.add((space + name).toLowerCase(Locale.ROOT))) {
                return name;
            }
        }
    }

    private static boolean isAscii(String name) {
        return name.chars().allMatch(c -> c < 128);
    }
}
