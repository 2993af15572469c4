package io.crmbackup.tck;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;

/** A small system in memory with records of every kind: keyed by fields, by a path, and not at all. */
final class SupportTickets {
    static final RecordSchema TICKET = RecordSchema.builder()
            .field(new Field("id", FieldType.INTEGER, "int", Field.Presence.REQUIRED))
            .field("subject", FieldType.TEXT)
            .field("open", FieldType.BOOLEAN)
            .key("id")
            .build();
    static final RecordSchema FILE =
            RecordSchema.builder().field("content", FieldType.CONTENT).pathKey().build();
    static final RecordSchema EVENT =
            RecordSchema.builder().field("what", FieldType.TEXT).build();

    private SupportTickets() {}

    static InMemorySource create() {
        return withFiles(25_000);
    }

    /** With files of no, one, two and three times so many bytes. */
    static InMemorySource withFiles(int bytes) {
        InMemorySource system = new InMemorySource()
                .collection("ticket", TICKET)
                .collection("file", FILE)
                .collection("event", EVENT);
        for (int i = -3; i < 10; i++) {
            ticket(system, i, i % 4 == 0 ? null : "subject " + i);
        }
        for (int i = 0; i < 4; i++) {
            system.put("file", file(i), FieldValue.of(SinkScratch.bytes(bytes * i, i)));
        }
        for (String event : new String[] {"opened", "closed", "opened"}) {
            system.put("event", FieldValue.text(event));
        }
        return system;
    }

    static void ticket(InMemorySource system, int id, String subject) {
        system.put("ticket", FieldValue.number(id), FieldValue.text(subject), FieldValue.text("true"));
    }

    static RecordKey file(int number) {
        return RecordKey.path("attachments/" + number + ".bin");
    }

    static RecordKey ticketKey(int id) {
        return new RecordKey.Builder()
                .add(FieldType.INTEGER, FieldValue.number(id))
                .build();
    }
}
