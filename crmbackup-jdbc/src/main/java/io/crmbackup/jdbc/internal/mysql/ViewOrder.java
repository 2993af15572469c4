package io.crmbackup.jdbc.internal.mysql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Views after the views that their text names. */
final class ViewOrder {
    private ViewOrder() {}

    /** Definitions of views, by their names, in an order in which they can be made. */
    static List<String> of(Map<String, String> views) {
        List<String> result = new ArrayList<>();
        Map<String, String> left = new LinkedHashMap<>(views);
        while (!left.isEmpty()) {
            List<String> ready = left.entrySet().stream()
                    .filter(view -> left.keySet().stream()
                            .noneMatch(other -> !other.equals(view.getKey()) && uses(view.getValue(), other)))
                    .map(Map.Entry::getKey)
                    .toList();
            for (String name : ready.isEmpty() ? List.copyOf(left.keySet()) : ready) {
                result.add(left.remove(name));
            }
        }
        return result;
    }

    /** Whether a definition may name a table so. Columns stand behind a dot, and other names behind AS, as the server writes it. */
    private static boolean uses(String definition, String name) {
        String quoted = '`' + name.replace("`", "``") + '`';
        for (int at = definition.indexOf(quoted); at >= 0; at = definition.indexOf(quoted, at + 1)) {
            String before = definition.substring(Math.max(0, at - 4), at);
            boolean column =
                    before.endsWith(".") || before.equals(" AS ") || definition.startsWith(".", at + quoted.length());
            if (!column) {
                return true;
            }
        }
        return false;
    }
}
