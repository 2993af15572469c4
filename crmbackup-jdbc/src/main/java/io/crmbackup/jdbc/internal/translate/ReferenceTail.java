package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.sql.TokenCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What follows REFERENCES in a foreign key: what happens with rows that refer when those referred to change, when that is checked, and how null counts.
 *
 * @param actions the actions that every product knows, in SQL; none if the usual
 * @param lost what can't be carried over, in the words of SQL
 */
record ReferenceTail(List<String> actions, List<String> lost) {
    /** Reads up to what is no more of the reference. */
    static ReferenceTail read(List<String> columns, TokenCursor in) {
        in.qualifiedName();
        if (in.peek("(")) {
            in.brackets();
        }
        List<String> actions = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        while (!in.atEnd()) {
            if (in.take("ON", "DELETE")) {
                action("ON DELETE", columns, in, lost).ifPresent(actions::add);
            } else if (in.take("ON", "UPDATE")) {
                action("ON UPDATE", columns, in, lost).ifPresent(actions::add);
            } else if (in.take("MATCH", "FULL")) {
                // With one column it says the same as the usual.
                if (columns.size() > 1) {
                    lost.add("MATCH FULL");
                }
            } else if (in.take("MATCH", "PARTIAL")) {
                lost.add("MATCH PARTIAL");
            } else if (in.take("DEFERRABLE")) {
                lost.add("DEFERRABLE");
            } else if (in.take("INITIALLY", "DEFERRED")) {
                lost.add("INITIALLY DEFERRED");
            } else if (!in.take("MATCH", "SIMPLE")
                    && !in.take("NOT", "DEFERRABLE")
                    && !in.take("INITIALLY", "IMMEDIATE")
                    && !in.take("NOCHECK")) {
                break;
            }
        }
        return new ReferenceTail(List.copyOf(actions), List.copyOf(lost));
    }

    private static Optional<String> action(String event, List<String> columns, TokenCursor in, List<String> lost) {
        if (in.take("CASCADE")) {
            return Optional.of(event + " CASCADE");
        } else if (in.take("SET", "NULL")) {
            if (!in.peek("(") || in.brackets().size() == columns.size()) {
                return Optional.of(event + " SET NULL");
            }
            lost.add(event + " SET NULL of some columns");
        } else if (in.take("SET", "DEFAULT")) {
            if (in.peek("(")) {
                in.brackets();
            }
            lost.add(event + " SET DEFAULT");
        } else if (!in.take("NO", "ACTION") && !in.take("RESTRICT")) {
            // ON UPDATE CURRENT_TIMESTAMP, say, where references are not of the column.
            in.name().ifPresent(word -> lost.add(event + " " + word));
        }
        return Optional.empty();
    }
}
