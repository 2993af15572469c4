package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ReadAhead;
import io.crmbackup.jdbc.internal.dialect.RowStream;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TableCursor;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads ranges of a table's keys over several connections, and gives out the rows in their order. */
final class ParallelRead {
    private ParallelRead() {}

    static RowStream of(List<Connection> connections, Dialect dialect, Table table, List<String> ranges) {
        List<ReadAhead.Reading> readings = new ArrayList<>();
        for (String range : ranges) {
            readings.add(connection -> new Range(TableCursor.where(connection, dialect, table, range)));
        }
        return new ReadAhead(connections, readings);
    }

    private record Range(TableCursor rows) implements RowStream {
        @Override
        public @Nullable Row next() throws IOException {
            return rows.next() ? () -> rows.values().toArray(FieldValue[]::new) : null;
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}
