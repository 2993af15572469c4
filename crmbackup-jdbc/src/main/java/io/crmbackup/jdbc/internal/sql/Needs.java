package io.crmbackup.jdbc.internal.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a statement of a list makes, and what must be there before it is executed. Both are names for people as well: {@code table crm.account}
 * (a table by its collection), {@code function crm.next_code()}, {@code role alice}.
 *
 * @param name what it makes; empty if nothing that others could need
 * @param needs what it needs
 */
public record Needs(String name, List<String> needs) {
    /** Nothing that is known. */
    public static final Needs NONE = new Needs("", List.of());

    public Needs {
        needs = List.copyOf(needs);
    }

    /** The name of a table. */
    public static String table(String collection) {
        return "table " + collection;
    }

    /** The list of attributes with the needs of a list's statements. */
    static String list(String list) {
        return list + "Needs";
    }

    /** The attribute with the needs of a list's n-th statement. */
    public static String attribute(String list, int n) {
        return Statements.name(list(list), n);
    }

    /** The needs of a list's n-th statement. */
    public static Needs of(Map<String, String> attributes, String list, int n) {
        String text = attributes.get(attribute(list, n));
        return text == null ? NONE : parse(text);
    }

    /** As an attribute's value: the name and the needs, a line each. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(name);
        lines.addAll(needs);
        return String.join(
                "\n",
                lines.stream()
                        .map(line -> line.replace("\\", "\\\\").replace("\n", "\\n"))
                        .toList());
    }

    /** What {@link #text()} gave. */
    public static Needs parse(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            StringBuilder plain = new StringBuilder();
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                if (c == '\\' && i + 1 < line.length()) {
                    c = line.charAt(++i);
                    plain.append(c == 'n' ? '\n' : c);
                } else {
                    plain.append(c);
                }
            }
            lines.add(plain.toString());
        }
        return new Needs(lines.get(0), lines.subList(1, lines.size()));
    }
}
