package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.OnConflict;
import io.crmbackup.testservers.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names that end a statement, a string or a line wherever they are not quoted, and such as mean something else. */
class IdentifiersTest {
    private static final List<String> NAMES = List.of(
            "a\"b",
            "\"\"",
            "a`b",
            "a'; DROP TABLE victim; --",
            "line\nfeed",
            "a.b\\c",
            "select",
            " ",
            "/*",
            "a?b{c}:d$1",
            "ÄÖ日本",
            "\uD83D\uDE00",
            "x".repeat(63),
            "y".repeat(64),
            "z".repeat(128),
            "z".repeat(255));

    @TempDir
    private Path directory;

    private enum Product {
        H2,
        SQLITE,
        HSQLDB,
        DERBY,
        POSTGRES,
        MARIADB;

        DataSource database(Path file) {
            return switch (this) {
                case H2 -> h2();
                case SQLITE -> sqlite(file);
                case HSQLDB -> Databases.hsqldb("mvcc");
                case DERBY -> Databases.derby();
                case POSTGRES -> PostgresServer.shared().newDatabase();
                case MARIADB -> TestedServer.mariaDb().newDatabase();
            };
        }

        boolean takes(String name) {
            return switch (this) {
                case H2, SQLITE -> true;
                case HSQLDB, DERBY -> name.length() <= 128;
                case POSTGRES -> name.getBytes(StandardCharsets.UTF_8).length < 64;
                // No letters beyond the first 65,536, no spaces at the end.
                case MARIADB ->
                    name.length() <= 64
                            && !name.isBlank()
                            && name.chars().noneMatch(c -> Character.isSurrogate((char) c));
            };
        }

        String quoted(String name) {
            String quote = this == MARIADB ? "`" : "\"";
            return quote + name.replace(quote, quote + quote) + quote;
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesOfTablesAndColumnsComeBackAndGoNowhereElse(Product product) throws Exception {
        List<String> names =
                NAMES.stream().filter(product::takes).map(product::quoted).toList();
        DataSource source = product.database(directory.resolve("a"));
        execute(source, "CREATE TABLE victim(id INTEGER NOT NULL PRIMARY KEY)", "INSERT INTO victim VALUES(1)");
        for (String name : names) {
            execute(
                    source,
                    "CREATE TABLE " + name + "(id INTEGER NOT NULL PRIMARY KEY, " + name
                            + " VARCHAR(9) DEFAULT 'none', twice INTEGER," + " UNIQUE (" + name + "))",
                    "INSERT INTO " + name + " VALUES(1, 'one', 2)");
        }
        Copy original = Copy.of(JdbcSource.of(source));
        assertThat(original.parts()).hasSize(names.size() + 1);

        DataSource target = product.database(directory.resolve("b"));
        original.restore(JdbcTarget.empty(target));
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(original.parts());

        for (int i = 0; i < names.size(); i++) {
            execute(
                    target,
                    i % 2 == 0
                            ? "UPDATE " + names.get(i) + " SET " + names.get(i) + " = 'two'"
                            : "DELETE FROM " + names.get(i));
            execute(target, "INSERT INTO " + names.get(i) + " (id) VALUES (7)");
        }
        Copy changed = Copy.of(JdbcSource.of(target));
        original.restore(JdbcTarget.merge(target, MergePolicy.mirror()));
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(original.parts());
        changed.restore(JdbcTarget.merge(target, OnConflict.REPLACE));
        Merges.undo(target, original, changed);
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(original.parts());
    }
}
