package io.crmbackup.jdbc.internal.replace;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an exchange has written and others don't see yet, read where it was written. To be captured once, and read from it as often as need be. */
final class WrittenSource implements Source {
    private final Exchange exchange;

    WrittenSource(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Consistency consistency() {
        return Consistency.MOMENT;
    }

    @Override
    public Capture capture(CaptureContext context) throws IOException {
        try {
            return new Written(exchange.written());
        } catch (SQLException e) {
            throw new DatabaseException("reading what was written", e);
        }
    }

    private final class Written implements Capture {
        private final Catalog catalog;
        private final Instant moment = Instant.now();
        private @Nullable RecordCursor open;

        Written(Catalog catalog) {
            this.catalog = catalog;
        }

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
            return Map.of();
        }

        @Override
        public List<CapturedCollection> collections() {
            return catalog.tables().stream().map(Table::captured).toList();
        }

        @Override
        public RecordCursor read(String collection) throws IOException {
            close();
            Table table = catalog.tables().stream()
                    .filter(candidate -> candidate.collection().equals(collection))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no table " + collection));
            try {
                RecordCursor cursor = exchange.read(table);
                open = cursor;
                return cursor;
            } catch (SQLException e) {
                throw new DatabaseException("reading table " + collection, e);
            }
        }

        @Override
        public void close() throws IOException {
            RecordCursor last = open;
            open = null;
            if (last != null) {
                last.close();
            }
        }
    }
}
