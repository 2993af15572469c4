package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.TargetPreview;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of SQLite's that bring their own types, in columns of another product's. */
class SqliteTranslationTest {
    @TempDir
    private Path directory;

    private final DataSource target = h2();

    private TargetPreview restored(String... statements) throws Exception {
        DataSource source = sqlite(directory.resolve("source"));
        execute(source, statements);
        return Copy.of(JdbcSource.of(source)).restore(JdbcTarget.empty(target));
    }

    private String type() throws Exception {
        return query(target, "SELECT DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE COLUMN_NAME = 'v'");
    }

    private String value(int id) throws Exception {
        return query(target, "SELECT \"v\" FROM \"t\" WHERE \"id\" = " + id);
    }

    @Test
    void wholeNumbersBeyondADoubleKeepTheirDigitsAmongReals() throws Exception {
        TargetPreview preview = restored(
                "CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER)",
                "INSERT INTO t VALUES(1, 9007199254740993), (2, 0.125), (3, -9223372036854775808), (4, NULL)");
        assertThat(type()).isEqualTo("NUMERIC");
        assertThat(value(1)).isEqualTo("9007199254740993.000");
        assertThat(value(2)).isEqualTo("0.125");
        assertThat(value(3)).isEqualTo("-9223372036854775808.000");
        assertThat(preview.notes())
                .anySatisfy(note -> assertThat(note).contains("t.v").contains("keeps all digits"));
    }

    @Test
    void besideInfinityTheyBecomeText() throws Exception {
        for (String declared : new String[] {"INTEGER", "DECIMAL"}) {
            execute(target, "DROP ALL OBJECTS");
            restored(
                    "DROP TABLE IF EXISTS t",
                    "CREATE TABLE t(id INTEGER PRIMARY KEY, v " + declared + ")",
                    "INSERT INTO t VALUES(1, 9007199254740993), (2, 9e999)");
            assertThat(type()).isEqualTo("CHARACTER LARGE OBJECT");
            assertThat(value(1)).isEqualTo("9007199254740993");
            assertThat(value(2)).isEqualTo("Infinity");
        }
    }

    @Test
    void fixedTextIsAsLongAsItsLongestValue() throws Exception {
        restored("CREATE TABLE t(id INTEGER PRIMARY KEY, v CHAR(2))", "INSERT INTO t VALUES(1, 'a'), (2, 'longer')");
        assertThat(type()).isEqualTo("CHARACTER");
        assertThat(value(1)).isEqualTo("a     ");
        assertThat(value(2)).isEqualTo("longer");
    }

    @Test
    void fixedTextThatEndsWithSpacesKeepsThem() throws Exception {
        TargetPreview preview = restored(
                "CREATE TABLE t(id CHAR(5) PRIMARY KEY NOT NULL, v CHAR(2))",
                "INSERT INTO t VALUES('a', 'x'), ('a ', 'x  ')");
        assertThat(query(target, "SELECT LENGTH(\"v\") FROM \"t\" WHERE \"id\" = 'a '"))
                .isEqualTo("3");
        assertThat(preview.notes())
                .anySatisfy(note -> assertThat(note).contains("t.id (CHAR(5)) holds text that ends with spaces"))
                .anySatisfy(note -> assertThat(note).contains("t.v (CHAR(2)) holds text that ends with spaces"));
    }

    @Test
    void wholeNumbersThatADoubleHoldsBecomeDoublesAmongReals() throws Exception {
        restored(
                "CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER)",
                "INSERT INTO t VALUES(1, 9007199254740992), (2, 0.125)");
        assertThat(type()).isEqualTo("DOUBLE PRECISION");
        assertThat(value(1)).isEqualTo("9.007199254740992E15");
    }
}
