package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite files that have an encoding before anything is restored into them. */
class SqliteEncodingTest {
    @TempDir
    private Path directory;

    /** No tables, but a file that is no more new. */
    private DataSource used(String encoding) throws Exception {
        DataSource database = sqlite(directory.resolve("target"));
        execute(database, "PRAGMA encoding = '" + encoding + "'", "CREATE TABLE t(a)", "DROP TABLE t");
        assertThat(query(database, "PRAGMA encoding")).isEqualTo(encoding);
        return database;
    }

    private Copy source(String encoding) throws Exception {
        DataSource source = sqlite(directory.resolve("source"));
        execute(
                source,
                "PRAGMA encoding = '" + encoding + "'",
                "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)",
                "INSERT INTO t VALUES(1, 'Zoë 😀')");
        return Copy.of(JdbcSource.of(source));
    }

    @Test
    void textOfAnotherEncodingIsRefusedBeforeAnythingIsMade() throws Exception {
        DataSource target = used("UTF-16le");
        Copy copy = source("UTF-8");
        assertThat(copy.preview(JdbcTarget.empty(target)).blockers())
                .singleElement()
                .asString()
                .startsWith("the database file has text in UTF-16le, what is restored is in UTF-8");
        execute(target, "CREATE TABLE still(usable)");
        assertThat(query(target, "SELECT COUNT(*) FROM sqlite_schema")).isEqualTo("1");
    }

    @Test
    void textOfAnotherProductIsRefusedToo() throws Exception {
        DataSource target = used("UTF-16be");
        DataSource source = h2();
        execute(source, "CREATE TABLE T(ID INT PRIMARY KEY, NAME VARCHAR(20))", "INSERT INTO T VALUES(1, 'Zoë')");
        Copy copy = Copy.of(JdbcSource.of(source));
        JdbcTarget into = JdbcTarget.empty(target);
        assertThat(copy.preview(into).blockers())
                .singleElement()
                .asString()
                .startsWith("the database file has text in UTF-16be, what is restored is in UTF-8");
        try (TargetSession session = into.open(copy.attributes(), copy.collections(Extent.WHOLE))) {
            assertThatThrownBy(session::begin).isInstanceOf(IOException.class).hasMessageContaining("UTF-16be");
        }
    }

    @Test
    void textOfTheSameEncodingComesBack() throws Exception {
        DataSource target = used("UTF-16le");
        Copy copy = source("UTF-16le");
        copy.restore(JdbcTarget.empty(target));
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(copy.parts());
        assertThat(query(target, "SELECT name FROM t")).isEqualTo("Zoë 😀");
    }

    @Test
    void aFileWithoutTablesYetTakesTheEncoding() throws Exception {
        DataSource target = sqlite(directory.resolve("target"));
        execute(target, "PRAGMA journal_mode = WAL");
        Copy copy = source("UTF-16be");
        copy.restore(JdbcTarget.empty(target));
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(copy.parts());
        assertThat(query(target, "PRAGMA encoding")).isEqualTo("UTF-16be");
    }
}
