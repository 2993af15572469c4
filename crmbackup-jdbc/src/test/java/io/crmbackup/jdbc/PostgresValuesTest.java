package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** Values that drivers and tools are known to damage, of as many types as PostgreSQL has. */
final class PostgresValuesTest {
    private static final String[][] VALUES = {
        {"bool", "true", "false"},
        {"int2", "-32768", "32767"},
        {"int4", "-2147483648", "0"},
        {"int8", "-9223372036854775808", "9223372036854775807"},
        {"oid", "4294967295"},
        {
            "numeric",
            "'NaN'",
            "'Infinity'",
            "'-Infinity'",
            "1.000",
            "-0.00000000000000000000000000001",
            "1e100",
            "10::numeric ^ 1000"
        },
        {"numeric(12,2)", "1234567890.10"},
        {"float4", "16777217", "'-0'", "'NaN'", "'1e-45'", "0.1", "'-Infinity'"},
        {"float8", "'-0'", "'4.9e-324'", "'1.7976931348623157e308'", "'NaN'", "0.1", "'Infinity'"},
        {"money", "1234567.89", "-0.01"},
        {
            "text",
            "''",
            "E'\\\\N'",
            "E'a\\tb\\nc\\\\d\\re\\bf\\fg\\vh'",
            "'Ω 😀 ''\"'",
            "E'\\\\.'",
            "E'\\u0001\\u007f'",
            "repeat('long ', 3000)"
        },
        {"varchar(20)", "'trailing  '", "''"},
        {"char(8)", "'ab'", "''"},
        {"\"char\"", "'x'", "''"},
        {"name", "'a name'"},
        {"bytea", "''", "'\\x00'", "'\\x5c4e0a09ff00'", "decode(repeat('00ff5c0a', 3000), 'hex')"},
        {"date", "'infinity'", "'-infinity'", "'0044-03-15 BC'", "'1582-10-10'", "'5874897-12-31'"},
        {"time", "'24:00:00'", "'00:00:00.000001'"},
        {"timetz", "'23:59:59.999999+15:59'", "'24:00:00-15:59:59'"},
        {
            "timestamp",
            "'2024-03-10 02:30:00'",
            "'infinity'",
            "'4713-01-01 00:00:00 BC'",
            "'294276-12-31 23:59:59.999999'"
        },
        {"timestamp(3)", "'2024-10-27 02:30:00.123'"},
        {
            "timestamptz",
            "'2024-03-31 02:30:00+02'",
            "'-infinity'",
            "'0001-01-01 00:00:00+00'",
            "'1883-11-18 12:03:58-04:56:02'"
        },
        {"interval", "'-1 year 2 days -03:04:05.000006'", "'178000000 years'", "'1 mon -1 day'"},
        {"interval day to second(0)", "'3 4:05:06'"},
        {"uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"},
        {"json", "'{\"a\":1, \"a\" : 2 ,\"b\": 1.000}'", "'null'"},
        {"jsonb", "'{\"a\":1,\"a\":2,\"n\":1e400}'", "'\"\\\\n\\u00e9\"'"},
        {"jsonpath", "'$.a[*] ? (@ > 1)'"},
        {"xml", "'<a b=\"c\">&lt;é</a>'", "'text <b/> only'"},
        {"bit(3)", "B'101'"},
        {"varbit", "B''", "B'10110'"},
        {"inet", "'10.1.2.3'", "'10.1.2.3/8'", "'::1/128'"},
        {"cidr", "'10.0.0.0/8'"},
        {"macaddr", "'08:00:2b:01:02:03'"},
        {"macaddr8", "'08:00:2b:01:02:03:04:05'"},
        {"point", "'(1e-300,-0)'"},
        {"line", "'{1,2,3}'"},
        {"lseg", "'[(0,0),(1,1)]'"},
        {"box", "'(2,2),(0,0)'"},
        {"path", "'[(0,0),(1,1)]'", "'((0,0),(1,1))'"},
        {"polygon", "'((0,0),(1,1),(2,0))'"},
        {"circle", "'<(0.1,0),5>'"},
        {"tsvector", "'a:1A fat:2B,4C cat:5'"},
        {"tsquery", "'fat & !rat:AB'"},
        {"int4range", "'empty'", "'[1,)'"},
        {"numrange", "'(1.0,2.00]'"},
        {"tstzrange", "'[\"2024-03-10 02:30:00+00\",infinity)'"},
        {"int4multirange", "'{[1,3),[5,9)}'"},
        {"int4[]", "'{}'", "'[0:2]={1,NULL,3}'", "'{{1,2},{3,4}}'"},
        {"text[]", "'{\"\",NULL,\"NULL\",\"a\\\\\\\\b,\\\"c\\\"\"}'"},
        {"bytea[]", "ARRAY['\\x00ff'::bytea, NULL]"},
        {"pg_lsn", "'16/B374D848'"},
        {"txid_snapshot", "'10:20:10,14,15'"},
        {"regclass", "'pg_class'"},
        {"odd.\"Mood!\"", "'so ''so'''", "''"},
        {"odd.pair", "'(1,\"a \"\"b\"\" c\")'", "'(,)'"},
        {"odd.positive", "1.50"},
        {"odd.mood_in_domain", "'ok'"},
        {"odd.span", "'[a,b)'"},
    };

    private final TestDatabase database = PostgresServer.shared().newDatabase();
    private final TimeZone zone = TimeZone.getDefault();

    @BeforeEach
    void types() throws SQLException {
        database.execute(
                "CREATE SCHEMA odd",
                "CREATE TYPE odd.\"Mood!\" AS ENUM ('so ''so''', 'ok', '')",
                "CREATE TYPE odd.pair AS (a int, b text)",
                "CREATE DOMAIN odd.positive AS numeric(5,2) CHECK (VALUE > 0)",
                "CREATE DOMAIN odd.mood_in_domain AS odd.\"Mood!\"",
                "CREATE TYPE odd.span AS RANGE (subtype = text)");
        List<String> columns = new ArrayList<>();
        columns.add("id int PRIMARY KEY");
        int rows = 0;
        for (int i = 0; i < VALUES.length; i++) {
            columns.add("c" + i + " " + VALUES[i][0]);
            rows = Math.max(rows, VALUES[i].length - 1);
        }
        database.execute("CREATE TABLE matrix (" + String.join(", ", columns) + ")");
        // Every row that runs out of values of its own has nulls; the first row has none.
        for (int row = 0; row < rows; row++) {
            List<String> values = new ArrayList<>();
            values.add(Integer.toString(row));
            for (String[] type : VALUES) {
                values.add(row + 1 < type.length ? type[row + 1] : "NULL");
            }
            database.execute("INSERT INTO matrix VALUES (" + String.join(", ", values) + ")");
        }
        // A row of nulls is something else than no row.
        database.execute("UPDATE matrix SET c" + (VALUES.length - 4) + " = ROW(NULL, NULL)::odd.pair WHERE id = 1");
    }

    @AfterEach
    void zone() {
        TimeZone.setDefault(zone);
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/New_York", "Asia/Kathmandu", "Europe/Berlin"})
    void everyValueComesBackToTheLastBit(String zoneId) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone(zoneId));
        Copy copy = Copy.of(JdbcSource.of(database));
        TestDatabase restored = PostgresServer.shared().newDatabase();
        copy.restore(JdbcTarget.empty(restored).trustSchema());
        assertThat(binary(restored)).isEqualTo(binary(database));
        assertThat(Copy.of(JdbcSource.of(restored)).parts()).isEqualTo(copy.parts());
    }

    /** As long as rows are not written that are there, and those that are, with values that read the same, are not taken for others. */
    @ParameterizedTest
    @ValueSource(strings = {"America/New_York", "Asia/Kathmandu", "Europe/Berlin"})
    void everyValueIsPutBackIntoADatabaseInService(String zoneId) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone(zoneId));
        List<Byte> before = binary(database);
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute("DELETE FROM matrix WHERE id % 3 = 0", "UPDATE matrix SET " + nulls() + " WHERE id % 3 = 1");
        Copy damaged = Copy.of(JdbcSource.of(database));
        JdbcTarget merge = JdbcTarget.merge(database, OnConflict.REPLACE);
        TargetChanges changes = Merges.restore(copy, merge);
        assertThat(changes.created()).isEqualTo(3);
        assertThat(changes.changed()).isEqualTo(2);
        assertThat(binary(database)).isEqualTo(before);
        assertThat(Merges.restore(copy, merge).changed())
                .as("nothing is left to be done")
                .isZero();

        database.execute("DELETE FROM matrix WHERE id % 3 = 0", "UPDATE matrix SET " + nulls() + " WHERE id % 3 = 1");
        Merges.undo(database, copy, damaged);
        assertThat(binary(database)).isEqualTo(before);
        assertThat(Merges.undo(database, damaged, copy).changed())
                .as("each value is the one to come from")
                .isEqualTo(2);
        assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(damaged.parts());
    }

    private static String nulls() {
        return IntStream.range(0, VALUES.length)
                .mapToObj(i -> "c" + i + " = NULL")
                .collect(Collectors.joining(", "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/New_York", "Asia/Kathmandu", "Europe/Berlin"})
    void aDriverWithoutCopyGivesAndTakesTheSameRecords(String zoneId) throws Exception {
        Copy copy = Copy.of(JdbcSource.of(database));
        TimeZone.setDefault(TimeZone.getTimeZone(zoneId));
        Copy selected = Copy.of(JdbcSource.of(WatchedDatabase.hidingItsDriver(database)));
        assertThat(copy.attributes()).containsEntry("reading", "COPY");
        assertThat(selected.attributes()).containsEntry("reading", "SELECT");
        for (int i = 0; i < VALUES.length; i++) {
            assertThat(selected.texts("matrix", "c" + i)).as(VALUES[i][0]).isEqualTo(copy.texts("matrix", "c" + i));
        }
        assertThat(selected.parts()).isEqualTo(copy.parts());
        TestDatabase restored = PostgresServer.shared().newDatabase();
        copy.restore(JdbcTarget.empty(WatchedDatabase.hidingItsDriver(restored)).trustSchema());
        assertThat(binary(restored)).isEqualTo(binary(database));
    }

    @Test
    void whatASessionIsSetToChangesNothing() throws IOException {
        Copy plain = Copy.of(JdbcSource.of(database));
        String settings = "-c%20DateStyle=German%20-c%20IntervalStyle=iso_8601%20-c%20TimeZone=Asia/Tokyo"
                + "%20-c%20bytea_output=escape%20-c%20extra_float_digits=-5%20-c%20search_path=odd"
                + "%20-c%20xmloption=document%20-c%20lc_monetary=C.UTF-8";
        Copy odd = Copy.of(JdbcSource.of(database.at(database.url() + "?options=" + settings)));
        assertThat(odd.parts()).isEqualTo(plain.parts());
    }

    @Test
    void theEncodingThatAConnectionWasLeftInChangesNothing() throws Exception {
        database.execute("CREATE TABLE short (id int PRIMARY KEY, what text)", "INSERT INTO short VALUES (1, 'Zoë')");
        Copy plain = Copy.of(JdbcSource.of(database));
        TestDatabase free = database.at(database.url() + "?allowEncodingChanges=true");
        try (Connection connection = free.getConnection()) {
            Dialect.execute(connection, "SET client_encoding = 'LATIN1'");
            JdbcSource one = JdbcSource.from(LentConnection.of(connection))
                    .include("short")
                    .build();
            assertThat(Copy.of(one).parts())
                    .containsEntry("short", plain.parts().get("short"));
            assertThat(Dialect.strings(connection, "SELECT what FROM short")).containsExactly("Zoë");
            assertThat(Dialect.strings(connection, "SHOW client_encoding")).containsExactly("LATIN1");
        }
    }

    private static List<Byte> binary(TestDatabase database) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Connection connection = database.getConnection()) {
            Dialect.execute(connection, "SET search_path = ''");
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (SELECT * FROM public.matrix ORDER BY id) TO STDOUT (FORMAT binary)", out);
        }
        List<Byte> bytes = new ArrayList<>();
        for (byte b : out.toByteArray()) {
            bytes.add(b);
        }
        return bytes;
    }
}
