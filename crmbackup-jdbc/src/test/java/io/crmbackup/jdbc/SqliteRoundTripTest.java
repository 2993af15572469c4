package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.TargetPreview;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteRoundTripTest {
    static final String[] CRM = {
        "PRAGMA user_version = 7",
        "PRAGMA application_id = -5",
        "CREATE TABLE account(id INTEGER PRIMARY KEY AUTOINCREMENT, name NVARCHAR(100) NOT NULL UNIQUE COLLATE NOCASE,"
                + " owner_id INT REFERENCES CONTACT(ID), balance NUMERIC(12,2) DEFAULT (0), CHECK (balance > -1000))",
        "CREATE TABLE [contact] ( -- of an account\n id INTEGER NOT NULL PRIMARY KEY, account_id INT NOT NULL"
                + " REFERENCES account ON DELETE CASCADE, boss_id INT REFERENCES contact(id), email TEXT,"
                + " lower_email TEXT GENERATED ALWAYS AS (lower(email)) STORED, virt AS (length(email)))",
        "CREATE INDEX contact_email ON contact(lower(email) DESC, account_id) WHERE email IS NOT NULL",
        "CREATE TABLE log(line)",
        "CREATE TABLE nullkey(k TEXT PRIMARY KEY, v)",
        "CREATE TABLE pairs(b INT, a TEXT, v, PRIMARY KEY(a, b)) WITHOUT ROWID",
        "CREATE TABLE strict(k TEXT PRIMARY KEY, v ANY, i INT, r REAL, b BLOB) STRICT",
        "CREATE TABLE \"Or\"\"der \uD83D\uDE00.\\ x\"(\"select\" INT, `B c`, \"d.e\", [f\"g] TEXT)",
        "CREATE TABLE empty(a)",
        "INSERT INTO account(id, name) VALUES(1, 'one'), (5, 'two'), (9, 'gone')",
        "DELETE FROM account WHERE id = 9",
        "INSERT INTO contact(id, account_id, boss_id, email) VALUES(1, 1, 2, 'A@x'), (2, 5, 1, 'B@x'), (-3, 5, NULL, NULL)",
        "UPDATE account SET owner_id = 2",
        "INSERT INTO log VALUES('same'), ('same'), (NULL), (NULL), (''), (x''), (1), ('1'), (1.0)",
        "INSERT INTO nullkey VALUES(NULL, 1), (NULL, 1), ('a', 2)",
        "INSERT INTO pairs VALUES(2, 'x', 1), (10, 'x', 2), (1, 'y', 3)",
        "INSERT INTO strict VALUES('k', 'text', 1, 2.5, x'00')",
        "INSERT INTO \"Or\"\"der \uD83D\uDE00.\\ x\" VALUES(1, 'b', x'ff', 'é')",
    };

    private final TimeZone zone = TimeZone.getDefault();

    @AfterEach
    void setZoneBack() {
        TimeZone.setDefault(zone);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16le", "UTF-16be"})
    void databaseComesBackEqualWithItsSchema(String encoding, @TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        String[] sql = Stream.concat(Stream.of("PRAGMA encoding = '" + encoding + "'"), Stream.of(CRM))
                .toArray(String[]::new);
        execute(source, sql);
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.attributes()).containsEntry("encoding", encoding);
        DataSource target = sqlite(directory.resolve("b"));
        assertThat(notRestored(copy.restore(JdbcTarget.empty(target)))).isEmpty();
        assertThat(Copy.of(JdbcSource.of(target))).isEqualTo(copy);
        assertThat(query(target, "SELECT lower_email FROM contact WHERE id = 1"))
                .isEqualTo("a@x");
        assertThat(query(target, "PRAGMA user_version")).isEqualTo("7");
        execute(target, "INSERT INTO account(name) VALUES('next')");
        assertThat(query(target, "SELECT id FROM account WHERE name = 'next'")).isEqualTo("10");
    }

    @Test
    void schemaNamesKeysReferencesAndOrder(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, CRM);
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.parts()).containsKeys("account", "contact", "Or\"der \uD83D\uDE00\\.\\\\ x");
        assertThat(copy.parts().get("contact").order()).isEqualTo(Order.BY_KEY);
        assertThat(copy.texts("contact", "id")).containsExactly("-3", "1", "2");
        assertThat(copy.parts().get("contact").schema().references())
                .containsExactlyInAnyOrder(
                        new Reference("", List.of("account_id"), "account", List.of("id")),
                        new Reference("", List.of("boss_id"), "contact", List.of("id")));
        assertThat(copy.parts().get("account").schema().references())
                .containsExactly(new Reference("", List.of("owner_id"), "contact", List.of("id")));
        assertThat(copy.parts().get("contact").schema().indexOf("lower_email")).isEqualTo(-1);
        assertThat(copy.parts().get("contact").schema().indexOf("virt")).isEqualTo(-1);
        assertThat(copy.parts().get("pairs").schema().key()).containsExactly("a", "b");
        assertThat(copy.parts().get("strict").schema().key()).containsExactly("k");
        assertThat(copy.parts().get("nullkey").schema().key()).isEmpty();
        assertThat(copy.texts("log", "line"))
                .containsExactlyInAnyOrder("tsame", "tsame", null, null, "t", "b", "i1", "t1", "r1");
    }

    @Test
    void primaryKeyThatMayBeNullIsKeyAsLongAsItIsNot(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, "CREATE TABLE t(a TEXT, b TEXT, v, PRIMARY KEY(a, b))", "INSERT INTO t VALUES('x', 'y', 1)");
        assertThat(schema(source).key()).containsExactly("a", "b");
        execute(source, "INSERT INTO t VALUES('x', NULL, 2), ('x', NULL, 3)");
        assertThat(schema(source).isKeyed()).isFalse();
        execute(source, "DELETE FROM t WHERE b IS NULL");
        assertThat(schema(source).key()).containsExactly("a", "b");
    }

    private static RecordSchema schema(DataSource source) throws Exception {
        try (Capture capture = Copy.open(JdbcSource.of(source))) {
            return capture.collections().get(0).schema();
        }
    }

    @Test
    void descendingPrimaryKeyIsNoRowId(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, "CREATE TABLE t(id INTEGER PRIMARY KEY DESC, v)", "INSERT INTO t VALUES('text', 1), (NULL, 2)");
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.parts().get("t").schema().isKeyed()).isFalse();
        assertThat(copy.texts("t", "id")).containsExactlyInAnyOrder("ttext", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/New_York", "Asia/Kolkata"})
    void valuesOfEveryTypeInEveryAffinityComeBackEqual(String zone, @TempDir Path directory) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, "CREATE TABLE v(n, t TEXT, i INTEGER, r REAL, b BLOB, d NUMERIC)");
        for (String value : List.of(
                "NULL",
                "9223372036854775807",
                "-9223372036854775808",
                "0",
                "0.1",
                "-0.0",
                "4.9E-324",
                "1.7976931348623157E308",
                "9E999",
                "-9E999",
                "9007199254740993.0",
                "2E-3",
                "''",
                "x''",
                "'text'",
                "CAST(x'410042ff' AS TEXT)",
                "CAST(x'c0af' AS TEXT)",
                "x'00ff'",
                "'\uD83D\uDE00'",
                "'12'",
                "' 1.0 '",
                "'2021-03-14 02:30:00'",
                "1615707000000",
                "hex(zeroblob(5000))",
                "randomblob(100000)",
                "CAST(randomblob(100000) AS TEXT)")) {
            execute(source, "INSERT INTO v VALUES(" + String.join(",", java.util.Collections.nCopies(6, value)) + ")");
        }
        Copy copy = Copy.of(JdbcSource.of(source));
        DataSource target = sqlite(directory.resolve("b"));
        copy.restore(JdbcTarget.empty(target));
        assertThat(Copy.of(JdbcSource.of(target))).isEqualTo(copy);
        String attach = "ATTACH '" + directory.resolve("a") + "' AS source";
        try (var connection = target.getConnection()) {
            Dialect.execute(connection, attach);
            for (String column : List.of("n", "t", "i", "r", "b", "d")) {
                String sql = "SELECT COUNT(*) FROM (SELECT typeof(COL), CAST(COL AS BLOB), COL FROM source.v EXCEPT"
                                .replace("COL", column)
                        + " SELECT typeof(COL), CAST(COL AS BLOB), COL FROM main.v)".replace("COL", column);
                assertThat(Dialect.strings(connection, sql)).as(column).containsExactly("0");
            }
        }
    }

    @Test
    void chinookComesBackEqual(@TempDir Path directory) throws Exception {
        Path chinook = null;
        for (Path at = Path.of("").toAbsolutePath(); at != null && chinook == null; at = at.getParent()) {
            Path file = at.resolve("shared/data/chinook/Chinook_Sqlite.sqlite");
            chinook = Files.exists(file) ? file : null;
        }
        Assumptions.assumeTrue(chinook != null, "the Chinook sample is not here");
        Files.copy(chinook, directory.resolve("a"));
        directory.resolve("a").toFile().setWritable(true);
        Copy copy = Copy.of(JdbcSource.of(sqlite(directory.resolve("a"))));
        assertThat(copy.parts()).hasSize(11);
        DataSource target = sqlite(directory.resolve("b"));
        copy.restore(JdbcTarget.empty(target));
        assertThat(Copy.of(JdbcSource.of(target))).isEqualTo(copy);
    }

    private static List<String> notRestored(TargetPreview preview) {
        return preview.notes().stream()
                .filter(note -> note.startsWith("not restored"))
                .toList();
    }
}
