package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.TargetPreview;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever SQLite can have in a schema, through capture and restore. */
class SqliteSchemaTest {
    private static final String[] ALL = {
        "PRAGMA page_size = 8192",
        "PRAGMA auto_vacuum = 1",
        "PRAGMA user_version = 3",
        "CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT COLLATE NOCASE CHECK (length(b) < 10), g AS (b || 'x') VIRTUAL,"
                + " h INT GENERATED ALWAYS AS (id * 2) STORED, d DEFAULT (strftime('%s', 'now')))",
        "CREATE TABLE strict(k TEXT PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID",
        "CREATE UNIQUE INDEX partial ON a(lower(b) DESC, id) WHERE b IS NOT NULL",
        "CREATE VIRTUAL TABLE f USING fts5(title, body, tokenize='porter')",
        "CREATE VIRTUAL TABLE \"f_x \"\"y'z\" USING fts5(b, content='a', content_rowid='id')",
        "CREATE VIRTUAL TABLE contentless USING fts5(b, content='')",
        "CREATE VIRTUAL TABLE f4 USING fts4(x, y)",
        "CREATE VIRTUAL TABLE [r t] USING rtree(id, minx, maxx, +aux)",
        "CREATE VIRTUAL TABLE words USING fts5vocab('f', 'row')",
        "INSERT INTO f VALUES('hello', 'worlds')",
        "INSERT INTO contentless(rowid, b) VALUES(7, 'seven')",
        "INSERT INTO \"r t\" VALUES(1, 2, 3, 't')",
        "INSERT INTO f4 VALUES('q', 'z')",
        "CREATE TRIGGER ai AFTER INSERT ON a BEGIN INSERT INTO \"f_x \"\"y'z\"(rowid, b) VALUES(new.id, new.b); END",
        "CREATE VIEW v AS SELECT * FROM w",
        "CREATE VIEW w AS SELECT b FROM a",
        "CREATE TRIGGER vi INSTEAD OF INSERT ON w BEGIN INSERT INTO a(b) VALUES(new.b); END",
        "INSERT INTO w VALUES('one')",
        "ANALYZE",
    };

    @Test
    void everythingComesBack(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, ALL);
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.attributes().get("leftOut").lines())
                .containsExactlyInAnyOrder(
                        "hidden row ids",
                        "statistics of the planner (sqlite_stat1): execute ANALYZE",
                        "statistics of the planner (sqlite_stat4): execute ANALYZE");
        DataSource target = sqlite(directory.resolve("b"));
        TargetPreview preview = copy.restore(JdbcTarget.empty(target).trustSchema());
        assertThat(preview.notes()).allMatch(note -> note.startsWith("not in the backup"));
        execute(target, "ANALYZE");
        assertThat(schema(target)).isEqualTo(schema(source));
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(copy.parts());
        for (String pragma : List.of("page_size", "auto_vacuum", "user_version", "encoding")) {
            assertThat(query(target, "PRAGMA " + pragma)).isEqualTo(query(source, "PRAGMA " + pragma));
        }
        assertThat(query(target, "PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(query(target, "SELECT COUNT(*) FROM pragma_foreign_key_check"))
                .isEqualTo("0");
    }

    @Test
    void virtualTablesWorkOn(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, ALL);
        DataSource target = sqlite(directory.resolve("b"));
        Copy.of(JdbcSource.of(source)).restore(JdbcTarget.empty(target).trustSchema());
        execute(target, "INSERT INTO w VALUES('two')", "INSERT INTO \"r t\" VALUES(2, 5, 6, 'u')");
        assertThat(query(target, "SELECT title FROM f WHERE f MATCH 'world'")).isEqualTo("hello");
        assertThat(query(target, "SELECT b FROM \"f_x \"\"y'z\" WHERE b MATCH 'one OR two' ORDER BY 1"))
                .isEqualTo("one,two");
        assertThat(query(target, "SELECT rowid FROM contentless WHERE b MATCH 'seven'"))
                .isEqualTo("7");
        assertThat(query(target, "SELECT y FROM f4 WHERE f4 MATCH 'q'")).isEqualTo("z");
        assertThat(query(target, "SELECT aux FROM \"r t\" WHERE minx > 1 ORDER BY 1"))
                .isEqualTo("t,u");
        assertThat(query(target, "SELECT COUNT(*) FROM words")).isEqualTo("2");
        assertThat(query(target, "PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void withoutTrustTheirContentIsTables(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, ALL);
        DataSource target = sqlite(directory.resolve("b"));
        TargetPreview preview = Copy.of(JdbcSource.of(source)).restore(JdbcTarget.empty(target));
        for (String what : List.of("VIRTUAL TABLE f ", "VIRTUAL TABLE words", "TRIGGER ai", "TRIGGER vi", "VIEW v")) {
            assertThat(preview.notes()).anyMatch(note -> note.contains("trustSchema()") && note.contains(what));
        }
        assertThat(query(target, "SELECT c0 FROM f_content")).isEqualTo("hello");
        assertThat(query(target, "SELECT COUNT(*) FROM sqlite_schema WHERE sql LIKE '%VIRTUAL%TABLE%'"))
                .isEqualTo("0");
    }

    @Test
    void virtualTableWithoutAllOfItsContentIsLeftOut(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, ALL);
        Copy copy = Copy.of(JdbcSource.from(source).exclude("f_data").build());
        assertThat(copy.attributes().get("leftOut"))
                .contains("the virtual table f (tables that hold its content are excluded)");
        DataSource target = sqlite(directory.resolve("b"));
        copy.restore(JdbcTarget.empty(target).trustSchema());
        assertThat(query(target, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'f'"))
                .isEqualTo("0");
    }

    @Test
    void rowsAreNotMergedBehindTheBackOfAVirtualTable(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, ALL);
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.only("f_content", row -> true)
                        .preview(JdbcTarget.merge(source, OnConflict.SKIP))
                        .blockers())
                .anyMatch(why -> why.contains("holds the content of the virtual table f"));
    }

    @Test
    void fileWithOtherPagesIsTold(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, ALL);
        DataSource target = sqlite(directory.resolve("b"));
        execute(target, "PRAGMA user_version = 0", "CREATE TABLE t(a)", "DROP TABLE t");
        assertThat(Copy.of(JdbcSource.of(source))
                        .preview(JdbcTarget.empty(target))
                        .notes())
                .contains("the database's page_size is 4096, the source's was 8192");
    }

    private static List<String> schema(DataSource database) throws Exception {
        try (Connection connection = database.getConnection()) {
            return Dialect.strings(
                    connection,
                    "SELECT type || '|' || name || '|' || tbl_name || '|' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1");
        }
    }
}
