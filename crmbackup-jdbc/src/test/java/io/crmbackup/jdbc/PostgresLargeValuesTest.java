package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values that are larger than the heap of who reads them. */
final class PostgresLargeValuesTest {
    private static final int MEBIBYTES = Integer.getInteger("crmbackup.largeValue", 48);

    private final TestDatabase database = PostgresServer.shared().newDatabase();

    @Test
    void largeValuesAreReadInPiecesAmongOthers() throws Exception {
        long times = MEBIBYTES * 1024L * 1024 / 34;
        database.execute(
                "CREATE TABLE keyed (id int, part text, body text, data bytea, doc json, PRIMARY KEY (id))",
                "INSERT INTO keyed SELECT i, 'p', 'body ' || i FROM generate_series(1, 1000) i",
                "UPDATE keyed SET body = repeat(md5('x') || 'Ω', " + times + ") WHERE id = 500",
                "UPDATE keyed SET data = decode(repeat(md5('y'), 1000000), 'hex'), doc = ('\"' || repeat('z\\\\t', 3000000) || '\"')::json"
                        + " WHERE id IN (1, 501)",
                "CREATE TABLE keyless (body varchar, padded char(10))",
                "INSERT INTO keyless SELECT 'body ' || i, 'p' FROM generate_series(1, 10) i",
                "INSERT INTO keyless SELECT repeat('long', 3000000 + i), 'q' FROM generate_series(1, 2) i",
                "CREATE TABLE wide (id uuid PRIMARY KEY, a text, b text, c text, d text, e text, f text)",
                "INSERT INTO wide SELECT md5(i::text)::uuid, t, t, t, t, t, t FROM generate_series(1, 20) i, repeat('wide', 500000) t");
        assertThat(LargeValueReader.lines(database.url(), "postgres")).containsExactlyInAnyOrderElementsOf(expected());
    }

    /** What the server itself says: of each type's own text, bytes as they are. */
    private List<String> expected() throws SQLException {
        List<String> lines = new ArrayList<>();
        for (String[] table : new String[][] {
            {"keyed", "id", "part", "body", "data", "doc"},
            {"keyless", "body", "padded"},
            {"wide", "id", "a", "b", "c", "d", "e", "f"}
        }) {
            List<String> values = new ArrayList<>();
            values.add("'" + table[0] + "'");
            for (int i = 1; i < table.length; i++) {
                values.add(
                        table[i].equals("data")
                                ? "coalesce(md5(data), 'null')"
                                : "CASE WHEN " + table[i] + " IS NULL THEN 'null' ELSE md5(format('%s', " + table[i]
                                        + ")) END");
            }
            try (Connection connection = database.getConnection()) {
                lines.addAll(Dialect.strings(
                        connection, "SELECT concat_ws(' ', " + String.join(", ", values) + ") FROM " + table[0]));
            }
        }
        return lines;
    }
}
