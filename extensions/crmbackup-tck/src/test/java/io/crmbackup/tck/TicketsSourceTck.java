package io.crmbackup.tck;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.Source;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/** The rules applied to the tickets, with all hooks. */
abstract class TicketsSourceTck extends SourceTck {
    final InMemorySource system = SupportTickets.create();

    @Override
    protected Source source() {
        return system;
    }

    @Override
    protected Map<String, Integer> records() {
        return Map.of("ticket", 13, "file", 4, "event", 3);
    }

    @Override
    protected void change() {
        SupportTickets.ticket(system, 3, "changed");
        system.put("file", SupportTickets.file(1), FieldValue.of(SinkScratch.bytes(5000, 99)));
    }

    @Override
    protected boolean changeAtRandom(Random random) {
        for (int i = random.nextInt(6); i > 0; i--) {
            int ticket = random.nextInt(30) - 4;
            switch (random.nextInt(4)) {
                case 0 -> system.remove("ticket", SupportTickets.ticketKey(ticket));
                case 1 -> system.remove("file", SupportTickets.file(random.nextInt(5)));
                case 2 ->
                    system.put(
                            "file",
                            SupportTickets.file(random.nextInt(5)),
                            FieldValue.of(SinkScratch.bytes(90, ticket)));
                default -> SupportTickets.ticket(system, ticket, "changed " + random.nextInt(3));
            }
        }
        return true;
    }

    @Override
    protected Object state() {
        return system.copy();
    }

    @Override
    protected boolean changeContent(String collection, RecordKey key) {
        system.put(collection, key, FieldValue.of(SinkScratch.bytes(5000, 99)));
        return true;
    }

    @Override
    protected boolean makeUnreadable() {
        system.unreadable("ticket", SupportTickets.ticketKey(5));
        return true;
    }

    @Override
    protected OptionalLong contentsOpened() {
        return OptionalLong.of(system.contentsOpened());
    }
}
