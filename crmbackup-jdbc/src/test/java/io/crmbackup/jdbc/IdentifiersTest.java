package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.OnConflict;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that end a statement, a string or a line wherever they are not quoted, and such as mean something else. */
class IdentifiersTest {
    private static final List<String> NAMES = List.of(
            "a\"b",
            "\"\"",
            "a'; DROP TABLE victim; --",
            "line\nfeed",
            "a.b\\c",
            "select",
            " ",
            "/*",
            "a?b{c}:d$1",
            "ÄÖ日本\uD83D\uDE00",
            "x".repeat(63),
            "y".repeat(64),
            "z".repeat(255));

    @Test
    void namesOfTablesAndColumnsComeBackAndGoNowhereElse(@TempDir Path directory) throws Exception {
        for (boolean file : new boolean[] {true, false}) {
            DataSource source = file ? sqlite(directory.resolve("a")) : h2();
            execute(source, "CREATE TABLE victim(id INTEGER PRIMARY KEY)", "INSERT INTO victim VALUES(1)");
            for (String name : NAMES) {
                String quoted = '"' + name.replace("\"", "\"\"") + '"';
                execute(
                        source,
                        "CREATE TABLE " + quoted + "(id INTEGER PRIMARY KEY, " + quoted + " VARCHAR(9))",
                        "INSERT INTO " + quoted + " VALUES(1, 'one')");
            }
            Copy original = Copy.of(JdbcSource.of(source));
            assertThat(original.parts()).hasSize(NAMES.size() + 1);

            DataSource target = file ? sqlite(directory.resolve("b")) : h2();
            original.restore(JdbcTarget.empty(target));
            assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(original.parts());

            for (String name : NAMES) {
                String quoted = '"' + name.replace("\"", "\"\"") + '"';
                execute(target, "UPDATE " + quoted + " SET " + quoted + " = 'two'");
            }
            original.restore(JdbcTarget.merge(target, OnConflict.REPLACE));
            assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(original.parts());
        }
    }
}
