package io.crmbackup.bench;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.Source;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Tables of a CRM whose rows belong to each other, made as they are read: nothing is held. About 100 bytes a row. */
final class FamilyTables implements Source {
    private static final Instant MOMENT = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Table> tables;

    /** A table with its share of all rows. */
    private record Table(String name, long rows, RecordSchema schema, RowMaker maker) {}

    @FunctionalInterface
    private interface RowMaker {
        List<FieldValue> row(long number, SplittableRandom random);
    }

    FamilyTables(long rows) {
        long accounts = rows / 20;
        long contacts = rows / 5;
        long members = rows * 3 / 20;
        long notes = rows / 4;
        long activities = rows - accounts - contacts - members - notes;
        this.tables = List.of(
                new Table(
                        "account",
                        accounts,
                        schema("name").key("id").build(),
                        (i, random) -> List.of(number(i), text(random, 20), text(random, 60))),
                new Table(
                        "contact",
                        contacts,
                        schema("name")
                                .field(required("account_id"))
                                .key("id")
                                .reference(to("account_id", "account"))
                                .build(),
                        (i, random) -> List.of(number(i), text(random, 20), text(random, 50), number(i % accounts))),
                new Table(
                        "activity",
                        activities,
                        schema("subject")
                                .field("contact_id", FieldType.INTEGER)
                                .key("id")
                                .reference(to("contact_id", "contact"))
                                .build(),
                        (i, random) -> List.of(
                                number(i), text(random, 20), text(random, 60), number(random.nextLong(contacts)))),
                new Table(
                        "list_member",
                        members,
                        RecordSchema.builder()
                                .field(required("contact_id"))
                                .field(required("list_id"))
                                .field("state", FieldType.TEXT)
                                .key("contact_id", "list_id")
                                .reference(to("contact_id", "contact"))
                                .build(),
                        (i, random) -> List.of(number(i), number(random.nextInt(50)), text(random, 8))),
                new Table(
                        "note",
                        notes,
                        schema("title")
                                .field("entity_type", FieldType.TEXT)
                                .field("entity_id", FieldType.INTEGER)
                                .key("id")
                                .build(),
                        (i, random) -> List.of(
                                number(i),
                                text(random, 12),
                                text(random, 70),
                                FieldValue.text(i % 3 == 0 ? "Account" : "Contact"),
                                number(random.nextLong(accounts)))));
    }

    private static RecordSchema.Builder schema(String name) {
        return RecordSchema.builder()
                .field(required("id"))
                .field(name, FieldType.TEXT)
                .field("description", FieldType.TEXT);
    }

    private static Field required(String name) {
        return new Field(name, FieldType.INTEGER, "BIGINT", Field.Presence.REQUIRED);
    }

    private static Reference to(String field, String table) {
        return new Reference("", List.of(field), table, List.of("id"));
    }

    private static FieldValue number(long number) {
        return FieldValue.number(number);
    }

    /** Letters that compress about as words do. */
    private static FieldValue text(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) "etaoin shrdlu".charAt(random.nextInt(13));
        }
        return FieldValue.of(bytes);
    }

    @Override
    public Consistency consistency() {
        return Consistency.MOMENT;
    }

    @Override
    public Capture capture(CaptureContext context) {
        return new Capture() {
            @Override
            public Instant moment() {
                return MOMENT;
            }

            @Override
            public String position() {
                return "";
            }

            @Override
            public Map<String, String> attributes() {
                return Map.of();
            }

            @Override
            public List<CapturedCollection> collections() {
                return tables.stream()
                        .map(table ->
                                new CapturedCollection(table.name(), table.schema(), CapturedCollection.Order.BY_KEY))
                        .toList();
            }

            @Override
            public RecordCursor read(String collection) {
                return new Rows(tables.stream()
                        .filter(table -> table.name().equals(collection))
                        .findFirst()
                        .orElseThrow());
            }

            @Override
            public void close() {}
        };
    }

    private static final class Rows implements RecordCursor {
        private final Table table;
        private final SplittableRandom random = new SplittableRandom(7);
        private List<FieldValue> values = List.of();
        private long at;

        Rows(Table table) {
            this.table = table;
        }

        @Override
        public boolean next() {
            if (at == table.rows()) {
                return false;
            }
            values = table.maker().row(at++, random);
            return true;
        }

        @Override
        public RecordKey key() {
            return RecordKey.of(table.schema(), values);
        }

        @Override
        public List<FieldValue> values() {
            return values;
        }

        @Override
        public void close() {}
    }

    @Override
    public String toString() {
        return "tables whose rows belong to each other";
    }
}
