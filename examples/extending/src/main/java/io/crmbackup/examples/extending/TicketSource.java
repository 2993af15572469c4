package io.crmbackup.examples.extending;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Captures a support-ticket system whose export has one moment but no order: the engine sorts. */
public final class TicketSource implements Source {
    private static final String TICKETS = "ticket";
    private static final RecordSchema SCHEMA = RecordSchema.builder()
            .field("number", FieldType.INTEGER)
            .field("subject", FieldType.TEXT)
            .key("number")
            .build();

    private final Supplier<List<Ticket>> export;

    /** A ticket as the system exports it. */
    public record Ticket(long number, String subject) {}

    /** A source that exports all tickets, as of one moment, whenever it is captured. */
    public TicketSource(Supplier<List<Ticket>> export) {
        this.export = export;
    }

    @Override
    public Consistency consistency() {
        return Consistency.MOMENT;
    }

    @Override
    public Capture capture(CaptureContext context) {
        List<Ticket> tickets = List.copyOf(export.get());
        Instant moment = Instant.now();
        return new Capture() {
            @Override
            public Instant moment() {
                return moment;
            }

            @Override
            public String position() {
                return "";
            }

            @Override
            public Map<String, String> attributes() {
                return Map.of("product", "support tickets");
            }

            @Override
            public List<CapturedCollection> collections() {
                return List.of(new CapturedCollection(TICKETS, SCHEMA, CapturedCollection.Order.UNSORTED));
            }

            @Override
            public RecordCursor read(String collection) {
                return new Tickets(tickets.iterator());
            }

            @Override
            public void close() {}
        };
    }

    private static final class Tickets implements RecordCursor {
        private final Iterator<Ticket> tickets;
        private List<FieldValue> values = List.of();

        Tickets(Iterator<Ticket> tickets) {
            this.tickets = tickets;
        }

        @Override
        public boolean next() throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while tickets are read");
            }
            if (!tickets.hasNext()) {
                return false;
            }
            Ticket ticket = tickets.next();
            values = List.of(FieldValue.number(ticket.number()), FieldValue.text(ticket.subject()));
            return true;
        }

        @Override
        public RecordKey key() {
            return RecordKey.of(SCHEMA, values);
        }

        @Override
        public List<FieldValue> values() {
            return values;
        }

        @Override
        public void close() {}
    }
}
