package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that drivers, time zones or text forms lose, through capture and restore. */
class MariaDbValuesTest {
    private static final MariaDbServer SERVER = TestedServer.mariaDb();
    private static final TimeZone DEFAULT = TimeZone.getDefault();

    /** Types with values as they are written in SQL. */
    private static final List<List<String>> VALUES = List.of(
            List.of("tinyint(1)", "2", "-128", "0", "1"),
            List.of("tinyint unsigned", "255"),
            List.of("int(5) zerofill", "42"),
            List.of("bigint", "-9223372036854775808"),
            List.of("bigint unsigned", "18446744073709551615"),
            List.of(
                    "decimal(65,30)",
                    "99999999999999999999999999999999999.999999999999999999999999999999",
                    "1.0",
                    "-1e-30"),
            List.of("decimal(10,3) zerofill", "1.5"),
            List.of("float", "16777216", "0.1", "3.4028234663852886e38", "1.1754943508222875e-38", "1e-45", "-0e0"),
            List.of("double", "0.1", "1.7976931348623157e308", "5e-324", "-0e0", "123456789.123456789", "1e15"),
            List.of("double(10,2)", "1.25"),
            List.of("bit(1)", "b'1'", "b'0'"),
            List.of("bit(64)", "0xFFFFFFFFFFFFFFFF", "1"),
            List.of("year", "'0000'", "2024", "1901", "2155"),
            List.of("date", "'0000-00-00'", "'2020-00-15'", "'1582-10-10'", "'9999-12-31'"),
            List.of("datetime", "'0000-00-00 00:00:00'", "'2021-03-14 02:30:00'", "'1000-01-01 00:00:00'"),
            List.of("datetime(6)", "'2021-03-28 02:30:00.000001'", "'9999-12-31 23:59:59.999999'"),
            List.of("timestamp(6) null", "'2021-10-31 00:30:00.123456'", "'2021-10-31 01:30:00'", "0"),
            List.of("time(6)", "'-838:59:59.999999'", "'838:59:59.999999'", "'24:00:00'", "'00:00:00'"),
            List.of("char(5)", "'a'", "''"),
            List.of("varchar(30)", "''", "'\\\\N'", "'tab\\tnew\\nline\\0end'", "'trailing  '", "'é\"''`'"),
            List.of("varchar(30) character set utf8mb4", "'😀🏳️‍🌈'", "_utf8mb4 0x00"),
            List.of("varchar(30) character set latin1", "'Zürich'", "_latin1 0x80818d8f909d9fff"),
            List.of("varchar(30) character set utf16", "'😀'"),
            List.of("varchar(30) character set big5", "_big5 0xA440"),
            List.of("char(3) character set cp1251", "_cp1251 0xC0"),
            List.of("char(36) character set ascii", "'4c55 ~'", "''", "_ascii 0x007F"),
            List.of("enum('a', 'b') character set ascii", "'a'", "0"),
            List.of("enum('\u00e4', 'b') character set cp1251", "'b'", "0"),
            List.of("enum('a', 'b')", "'a'", "0"),
            List.of("longtext", "REPEAT('ß', 70000)", "''"),
            List.of("json", "'{\"a\": 1.0, \"a\": [2]}'"),
            List.of("enum('', 'a', 'b''c', 'Ω')", "'b''c'", "'Ω'"),
            List.of("set('x','y','z')", "'x,z'", "''"),
            List.of("binary(4)", "0x00FF", "''"),
            List.of("varbinary(10)", "0x00FF27225C0A", "''", "0xC328"),
            List.of("longblob", "REPEAT(0x00FF, 40000)", "''"),
            List.of("uuid", "'123e4567-e89b-12d3-a456-426655440000'"),
            List.of("inet6", "'2001:db8::ff00:42:8329'", "'::ffff:192.0.2.128'"),
            List.of("inet4", "'192.0.2.1'"),
            List.of("geometry", "ST_GeomFromText('POINT(1 -2.5)', 4326)"),
            List.of("geometry", "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,4 0,4 4,0 4,0 0)))')"));

    @AfterEach
    void resetTimeZone() {
        TimeZone.setDefault(DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "mariadb, UTC", "mariadb, America/New_York", "mariadb, Europe/Berlin",
        "mysql, UTC", "mysql, America/New_York", "mysql, Europe/Berlin"
    })
    void valuesComeBackToTheBit(String driver, String zone) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        TestDatabase source = SERVER.newDatabase();
        TestDatabase target = SERVER.newDatabase();
        fill(source);
        Copy copy = Copy.of(JdbcSource.of(by(driver, source)));
        assertThat(copy.texts("t0", "v")).containsExactlyInAnyOrder("-128", "0", "1", "2", null);
        copy.restore(JdbcTarget.empty(by(driver, target)));
        for (int i = 0; i < VALUES.size(); i++) {
            String number = VALUES.get(i).get(0).matches("(uuid|inet|geom).*") ? "''" : "v + 0e0";
            String rows = "SELECT GROUP_CONCAT(IFNULL(HEX(WEIGHT_STRING(v)), 'null'), ':', IFNULL(HEX(" + number
                    + "), ''), ':',"
                    + " IFNULL(MD5(CAST(v AS BINARY)), ''), ':', IFNULL(SHA1(v), '') ORDER BY id) FROM t" + i;
            assertThat(Databases.query(target, rows)).as(VALUES.get(i).get(0)).isEqualTo(Databases.query(source, rows));
        }
        assertThat(checksums(target)).isEqualTo(checksums(source));
    }

    @ParameterizedTest
    @CsvSource({"mariadb, America/New_York", "mysql, Europe/Berlin"})
    void valuesArePutBackIntoADatabaseInService(String driver, String zone) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        TestDatabase database = SERVER.newDatabase();
        fill(database);
        List<String> before = checksums(database);
        Copy copy = Copy.of(JdbcSource.of(by(driver, database)));
        String[] damage = IntStream.range(0, VALUES.size())
                .boxed()
                .flatMap(i -> Stream.of(
                        "DELETE FROM t" + i + " WHERE id % 3 = 2", "UPDATE t" + i + " SET v = NULL WHERE id % 3 = 1"))
                .toArray(String[]::new);
        database.execute(damage);
        Copy damaged = Copy.of(JdbcSource.of(by(driver, database)));
        JdbcTarget merge = JdbcTarget.merge(by(driver, database), OnConflict.REPLACE);
        assertThat(Merges.restore(copy, merge).changed()).isPositive();
        assertThat(checksums(database)).isEqualTo(before);
        TargetChanges again = Merges.restore(copy, merge);
        assertThat(again.changed() + again.created())
                .as("nothing is left to be done")
                .isZero();

        database.execute(damage);
        Merges.undo(by(driver, database), copy, damaged);
        assertThat(checksums(database)).isEqualTo(before);
        Merges.undo(by(driver, database), damaged, copy);
        assertThat(Copy.of(JdbcSource.of(by(driver, database))).parts())
                .as("each value is the one to come from")
                .isEqualTo(damaged.parts());
    }

    @ParameterizedTest
    @CsvSource({"mariadb, ascii, C3A9", "mysql, ascii, C3A9", "mariadb, cp932, ED40", "mysql, cp932, ED40"})
    void textThatCouldNotBeWrittenBackFailsByName(String driver, String characters, String bytes) throws Exception {
        TestDatabase source = SERVER.newDatabase();
        source.execute(
                "CREATE TABLE names (id int primary key, v varchar(9) character set " + characters + ")",
                "SET sql_mode = ''",
                "INSERT INTO names SELECT 1, CONVERT(UNHEX('" + bytes + "') USING " + characters + ")");
        assertThat(Databases.query(source, "SELECT HEX(v) FROM names")).isEqualTo(bytes);
        assertThatThrownBy(() -> Copy.of(JdbcSource.of(by(driver, source))))
                .hasStackTraceContaining("reading names.v failed: it holds ");
    }

    private static TestDatabase by(String driver, TestDatabase database) {
        return driver.equals("mysql") ? SERVER.byConnectorJ(database) : database;
    }

    private static void fill(TestDatabase database) throws Exception {
        List<String> statements = new ArrayList<>();
        statements.add("SET sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'");
        for (int i = 0; i < VALUES.size(); i++) {
            List<String> values = VALUES.get(i);
            statements.add(
                    "CREATE TABLE t" + i + " (id int primary key, v " + values.get(0) + ") CHARACTER SET utf8mb4");
            statements.add("INSERT INTO t" + i + " VALUES (0, NULL)");
            for (int j = 1; j < values.size(); j++) {
                statements.add("INSERT INTO t" + i + " VALUES (" + j + ", " + values.get(j) + ")");
            }
        }
        database.execute(statements.toArray(String[]::new));
    }

    private static List<String> checksums(TestDatabase database) throws Exception {
        List<String> result = new ArrayList<>();
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            for (int i = 0; i < VALUES.size(); i++) {
                try (var rows = statement.executeQuery("CHECKSUM TABLE t" + i)) {
                    rows.next();
                    result.add(VALUES.get(i).get(0) + " " + rows.getString(2));
                }
            }
        }
        return result;
    }
}
