package io.crmbackup.jdbc;

import io.crmbackup.spi.RecordSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Backups whose attributes somebody has damaged, or forged without care. */
final class Damage {
    private static final List<String> PIECES = List.of(
            "'",
            "\"",
            "(",
            ")",
            ",",
            ";",
            " ",
            "\n",
            "\\",
            "\0",
            "--",
            "/*",
            "[",
            "]",
            "`",
            "$$",
            "-1",
            "99999999999999999999",
            " SELECT ",
            " DEFAULT ",
            " REFERENCES ",
            " WITH ",
            " ON ",
            " ALARM() ",
            "é",
            "\uD800",
            ".",
            ":",
            "=");

    private final Random random;

    Damage(Random random) {
        this.random = random;
    }

    /** The same records, with one to three attributes that are no longer what they were. */
    Copy of(Copy copy) {
        Copy damaged = copy;
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            damaged = once(damaged);
        }
        return damaged;
    }

    private Copy once(Copy copy) {
        List<String> tables = new ArrayList<>(copy.parts().keySet());
        if (random.nextBoolean()) {
            return new Copy(damaged(copy.attributes()), copy.parts());
        }
        String table = tables.get(random.nextInt(tables.size()));
        Map<String, Copy.Part> parts = new LinkedHashMap<>(copy.parts());
        parts.computeIfPresent(table, (name, part) -> new Copy.Part(damaged(part.schema()), part.order(), part.rows()));
        return new Copy(copy.attributes(), parts);
    }

    private RecordSchema damaged(RecordSchema schema) {
        return new RecordSchema(
                schema.fields(), schema.keyForm(), schema.key(), schema.references(), damaged(schema.attributes()));
    }

    private Map<String, String> damaged(Map<String, String> attributes) {
        Map<String, String> all = new TreeMap<>(attributes);
        List<String> names = new ArrayList<>(all.keySet());
        if (names.isEmpty()) {
            return all;
        }
        String one = names.get(random.nextInt(names.size()));
        String other = names.get(random.nextInt(names.size()));
        String value = all.get(one);
        switch (random.nextInt(8)) {
            case 0 -> all.remove(one);
            case 1 -> all.put(one, all.put(other, value));
            case 2 -> all.put(renamed(one), all.remove(one));
            case 3 -> all.put(renamed(one), value);
            case 4 -> all.put(one, value.substring(0, random.nextInt(value.length() + 1)));
            case 5 -> all.put(one, flipped(value));
            default -> {
                int at = random.nextInt(value.length() + 1);
                all.put(one, value.substring(0, at) + PIECES.get(random.nextInt(PIECES.size())) + value.substring(at));
            }
        }
        return all;
    }

    private String flipped(String text) {
        if (text.isEmpty()) {
            return "\0";
        }
        StringBuilder flipped = new StringBuilder(text);
        int at = random.nextInt(text.length());
        flipped.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
        return flipped.toString();
    }

    private String renamed(String name) {
        int dot = name.lastIndexOf('.');
        String list = dot < 0 ? name : name.substring(0, dot);
        return switch (random.nextInt(6)) {
            case 0 -> list + ".99999";
            case 1 -> list + ".9999999999999";
            case 2 -> list + ".-1";
            case 3 -> list + ".";
            case 4 -> flipped(name);
            default ->
                List.of("before", "after", "position", "tableOrder", "beforeNeeds", "afterNeeds", "statement", "partOf")
                                .get(random.nextInt(8))
                        + name.substring(Math.max(dot, 0));
        };
    }
}
