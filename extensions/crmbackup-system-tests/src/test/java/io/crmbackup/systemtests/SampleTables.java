package io.crmbackup.systemtests;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A database in memory, and what its rows look like as lines of JSON. */
final class SampleTables {
    private static final RecordSchema CONTACT = RecordSchema.builder()
            .field("id", FieldType.INTEGER)
            .field("name", FieldType.TEXT)
            .field("photo", FieldType.BYTES)
            .field("notes", FieldType.TEXT)
            .key("id")
            .build();
    private static final RecordSchema EVENT = RecordSchema.builder()
            .field("what", FieldType.TEXT)
            .field("amount", FieldType.DECIMAL)
            .build();
    private static final RecordSchema LABEL = RecordSchema.builder()
            .field("name", FieldType.TEXT)
            .field("part", FieldType.BYTES)
            .field("content", FieldType.CONTENT)
            .key("name", "part")
            .build();
    private static final RecordSchema WIDE = wide();

    private final InMemorySource source = new InMemorySource().with(InMemorySource.Setting.FINGERPRINTS);
    private final Map<RecordKey, String> contacts = new HashMap<>();
    private final Map<String, List<String>> others = new TreeMap<>();
    private final Random random;
    private final ObjectMapper json = new ObjectMapper();
    private int edits;

    SampleTables(Random random) {
        this.random = random;
        source.collection("sales.contact", CONTACT)
                .collection("event", EVENT)
                .collection("label", LABEL)
                .collection("wide", WIDE)
                .collection("none", CONTACT);
        others.put("none", new ArrayList<>());
        for (int id = 0; id < 4000; id++) {
            contact(id);
        }
        for (int i = 0; i < 1500; i++) {
            add("event", EVENT, text("call " + i % 700), i % 5 == 0 ? FieldValue.NULL : text(i % 700 + ".50"));
        }
        for (int length : new int[] {0, 1, 991, 1000, 1015, 1020, 1024, 2000, 4000}) {
            for (int i = 0; i < 3; i++) {
                FieldValue name = text("n".repeat(length) + i);
                add("label", LABEL, name, FieldValue.of(new byte[] {0, (byte) i, (byte) 0xff}), bytes(length * 100));
            }
        }
        FieldValue[] columns = new FieldValue[60];
        Arrays.setAll(columns, i -> text(i + "é\"\\\n\u0001" + "w".repeat(200 * (i % 2))));
        add("wide", WIDE, columns);
    }

    /** Its rows lie apart as a whole. */
    private static RecordSchema wide() {
        RecordSchema.Builder schema = RecordSchema.builder();
        for (int i = 0; i < 60; i++) {
            schema.field("column " + i, FieldType.TEXT);
        }
        return schema.key("column 0").build();
    }

    InMemorySource source() {
        return source;
    }

    /** Adds, changes and removes rows. */
    void edit() {
        edits++;
        for (int i = 0; i < 50; i++) {
            contact(random.nextInt(4000));
        }
        contact(-edits);
        contact(Integer.MAX_VALUE - edits);
        RecordKey gone = RecordKey.of(CONTACT, List.of(text("" + (1000 + edits)), text(""), text(""), text("")));
        source.remove("sales.contact", gone);
        contacts.remove(gone);
        add("event", EVENT, text("edit"), FieldValue.NULL);
    }

    private void contact(long id) {
        FieldValue[] values = {
            FieldValue.number(id),
            text("name of " + random.nextInt(1000)),
            id % 3 == 0 ? FieldValue.NULL : bytes(id % 500 == 1 ? 200_000 : random.nextInt(60)),
            id % 400 == 7 ? text("long €".repeat(2000)) : text("")
        };
        source.put("sales.contact", values);
        contacts.put(RecordKey.of(CONTACT, List.of(values)), line(CONTACT, values));
    }

    private void add(String table, RecordSchema schema, FieldValue... values) {
        source.put(table, values);
        others.computeIfAbsent(table, name -> new ArrayList<>()).add(line(schema, values));
    }

    private static FieldValue text(String text) {
        return FieldValue.text(text);
    }

    private FieldValue bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return FieldValue.of(bytes);
    }

    private String line(RecordSchema schema, FieldValue... values) {
        ObjectNode line = json.createObjectNode();
        for (int i = 0; i < values.length; i++) {
            @Nullable String text = values[i].text();
            String name = schema.fields().get(i).name();
            if (text == null) {
                line.putNull(name);
            } else if (schema.fields().get(i).type().isBinary()) {
                line.putObject(name).put("base64", Base64.getEncoder().encodeToString(values[i].bytes()));
            } else {
                line.put(name, text);
            }
        }
        return line.toString();
    }

    /** The rows of each table in one order. */
    Map<String, List<String>> describe() {
        Map<String, List<String>> result = new TreeMap<>();
        result.put("sales.contact", sorted(contacts.values()));
        others.forEach((table, lines) -> result.put(table, sorted(lines)));
        return result;
    }

    /** The rows of a restored table in the same order. */
    static List<String> describe(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(json.readTree(line).toString());
        }
        return sorted(lines);
    }

    private static List<String> sorted(Iterable<String> lines) {
        List<String> sorted = new ArrayList<>();
        lines.forEach(sorted::add);
        Collections.sort(sorted);
        return sorted;
    }
}
