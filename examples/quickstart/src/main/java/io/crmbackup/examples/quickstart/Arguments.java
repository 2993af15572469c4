package io.crmbackup.examples.quickstart;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the user asks for on the command line. */
record Arguments(
        @Nullable String jdbc, @Nullable Path dir, @Nullable Path work) {
    private static final Set<String> NAMES = Set.of("--jdbc", "--dir", "--work");

    static Arguments parse(String[] args) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!NAMES.contains(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException("use: [--jdbc URL] [--dir PATH] [--work PATH]; not: " + args[i]);
            }
            values.put(args[i], args[i + 1]);
        }
        return new Arguments(values.get("--jdbc"), path(values.get("--dir")), path(values.get("--work")));
    }

    boolean isOwnSystem() {
        return jdbc != null || dir != null;
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }
}
