package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.load.Commits;
import io.crmbackup.jdbc.internal.load.EmptyRestore;
import io.crmbackup.jdbc.internal.load.LoadConnections;
import io.crmbackup.jdbc.internal.product.Dialects;
import io.crmbackup.jdbc.internal.restore.Trust;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.testservers.PostgresServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores whose connections break at any statement, and which are begun once more. */
class RestoreCrashTest {
    /** Less than two rows. */
    private static final Commits SMALL_PIECES = new Commits(20);

    private static final String[] POSTGRES = {
        "CREATE TABLE staff (id int PRIMARY KEY, store int NOT NULL, name text UNIQUE)",
        "CREATE TABLE store (id int PRIMARY KEY, manager int REFERENCES staff)",
        "ALTER TABLE staff ADD FOREIGN KEY (store) REFERENCES store DEFERRABLE INITIALLY DEFERRED",
        "CREATE INDEX ON staff (lower(name)) WHERE id > 0",
        "CREATE VIEW names AS SELECT name FROM staff",
        "CREATE TABLE log (line text, raw bytea)",
        "INSERT INTO store VALUES (1, NULL), (2, NULL)",
        "INSERT INTO staff SELECT i, 1 + i % 2, E'a\\\\b\\t\\n' || i FROM generate_series(1, 5) i",
        "UPDATE store SET manager = id",
        "INSERT INTO log VALUES ('same', ''), ('same', ''), (NULL, '\\x00ff0a09'), ('', NULL), ('\\N', NULL)",
        "CREATE TABLE a_log () INHERITS (log)",
        "INSERT INTO a_log SELECT 'inherits', NULL FROM generate_series(1, 5)",
    };

    private static final String[] MARIADB = {
        "CREATE TABLE staff (id int AUTO_INCREMENT PRIMARY KEY, store int NOT NULL, name varchar(50), UNIQUE KEY (name))",
        "CREATE TABLE store (id int PRIMARY KEY, manager int, FOREIGN KEY (manager) REFERENCES staff (id))",
        "ALTER TABLE staff ADD FOREIGN KEY (store) REFERENCES store (id)",
        "CREATE VIEW names AS SELECT name FROM staff",
        "CREATE TABLE log (line text, raw blob, what enum('a', 'b'), flags bit(9), at year) ENGINE=MyISAM",
        "SET foreign_key_checks = 0, sql_mode = ''",
        "INSERT INTO store VALUES (1, 1), (2, 2)",
        "INSERT INTO staff VALUES (1, 1, 'a\\\\b\\t\\n'), (2, 2, NULL), (3, 1, ''), (9, 2, '\\\\N')",
        "INSERT INTO log VALUES ('same', '', 'a', b'1', 1901), ('same', '', 'a', b'1', 1901),"
                + " (NULL, x'00ff0a095c', 'wrong', b'100000000', 0), ('', NULL, NULL, NULL, NULL)",
    };

    @TempDir
    private Path directory;

    /** Makes places to restore into. */
    @FunctionalInterface
    private interface Places {
        DataSource next() throws SQLException;
    }

    /** The same records, which can be told from others. */
    private record Identified(RestoredCollection all, String identity) implements RestoredCollection {
        @Override
        public String name() {
            return all.name();
        }

        @Override
        public RecordSchema schema() {
            return all.schema();
        }

        @Override
        public Extent extent() {
            return all.extent();
        }

        @Override
        public long records() {
            return all.records();
        }

        @Override
        public RecordCursor open() {
            return all.open();
        }
    }

    private static List<RestoredCollection> identified(Copy copy) {
        return copy.collections(Extent.WHOLE).stream()
                .<RestoredCollection>map(collection -> new Identified(collection, "these"))
                .toList();
    }

    private static EmptyRestore open(Copy copy, DataSource target, Function<Dialect, Commits> commits)
            throws Exception {
        BorrowedConnection first = BorrowedConnection.from(target, Dialects::of);
        return new EmptyRestore(
                new LoadConnections(first, target, 1),
                copy.attributes(),
                identified(copy),
                Trust.ALL,
                commits.apply(first.dialect()));
    }

    private static TargetPreview restore(Copy copy, DataSource target, Function<Dialect, Commits> commits)
            throws Exception {
        try (EmptyRestore restore = open(copy, target, commits)) {
            TargetPreview preview = restore.preview();
            assertThat(preview.blockers()).isEmpty();
            restore.begin();
            for (RestoredCollection collection : identified(copy)) {
                assertThat(restore.write(collection).written()).isEqualTo(collection.records());
            }
            restore.finish();
            return preview;
        }
    }

    /**
     * How many second runs went on with the first.
     *
     * @param usual breaks at every so many statements, unless the system property {@code crmbackup.breakEvery} says otherwise
     */
    private static int breakEverywhere(DataSource source, Places places, Function<Dialect, Commits> commits, int usual)
            throws Exception {
        int step = Integer.getInteger("crmbackup.breakEvery", usual);
        Copy copy = Copy.of(JdbcSource.of(source));
        int wentOn = 0;
        for (DyingDataSource.Last last : DyingDataSource.Last.values()) {
            for (int statements = 1; ; statements += step) {
                DataSource target = places.next();
                DyingDataSource dying = new DyingDataSource(target, statements, last);
                try {
                    restore(copy, dying, commits);
                } catch (Exception e) {
                    if (!dying.isDead()) {
                        throw e;
                    }
                }
                if (!dying.isDead()) {
                    break;
                }
                String where = "broken at statement " + statements + ", which " + last;
                if (isWhole(target, copy)) {
                    continue;
                }
                try {
                    TargetPreview preview = restore(copy, target, commits);
                    wentOn += preview.notes().stream().anyMatch(note -> note.startsWith("goes on")) ? 1 : 0;
                    assertThat(Copy.of(JdbcSource.of(target))).as(where).isEqualTo(copy);
                } catch (Exception e) {
                    fail(where, e);
                }
            }
        }
        return wentOn;
    }

    /** Whether it was the answer to the last statement only that got lost. */
    private static boolean isWhole(DataSource target, Copy copy) {
        try {
            return Copy.of(JdbcSource.of(target)).equals(copy);
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    void h2GoesOnWhereverItBreaks() throws Exception {
        DataSource source = h2();
        execute(source, H2RoundTripTest.CRM);
        execute(source, "CREATE VIEW NAMES AS SELECT NAME FROM ACCOUNT");
        assertThat(breakEverywhere(source, Databases::h2, dialect -> SMALL_PIECES, 7))
                .isGreaterThan(15);
    }

    @Test
    void sqliteHasAllOrNothingWhereverItBreaks() throws Exception {
        DataSource source = sqlite(directory.resolve("source"));
        execute(source, SqliteRoundTripTest.CRM);
        int[] number = {0};
        Places places = () -> sqlite(directory.resolve("target" + number[0]++));
        assertThat(breakEverywhere(source, places, Commits::of, 7)).isZero();
    }

    @Test
    void sqliteGoesOnIfItIsToCommitInPieces() throws Exception {
        DataSource source = sqlite(directory.resolve("source"));
        execute(source, SqliteRoundTripTest.CRM);
        int[] number = {0};
        Places places = () -> sqlite(directory.resolve("target" + number[0]++));
        assertThat(breakEverywhere(source, places, dialect -> SMALL_PIECES, 11)).isGreaterThan(5);
    }

    @Test
    void postgresGoesOnWhereverItBreaks() throws Exception {
        PostgresServer server = PostgresServer.shared();
        var source = server.newDatabase();
        source.execute(POSTGRES);
        assertThat(breakEverywhere(source, server::newDatabase, dialect -> SMALL_PIECES, 37))
                .isGreaterThan(2);
    }

    @Test
    void mariaDbGoesOnWhereverItBreaks() throws Exception {
        var server = TestedServer.mariaDb();
        var source = server.newDatabase();
        source.execute(MARIADB);
        assertThat(breakEverywhere(source, server::newDatabase, dialect -> SMALL_PIECES, 29))
                .isGreaterThan(2);
    }

    @Test
    void anotherRestoreDoesNotGoOnWithWhatOneLeft() throws Exception {
        UnaryOperator<String[]> more = statements -> {
            String[] all = java.util.Arrays.copyOf(statements, statements.length + 1);
            all[statements.length] = "INSERT INTO LOG VALUES('more')";
            return all;
        };
        DataSource source = h2();
        execute(source, H2RoundTripTest.CRM);
        DataSource other = h2();
        execute(other, more.apply(H2RoundTripTest.CRM));
        execute(other, "CREATE INDEX ANOTHER ON LOG(LINE)");
        DataSource target = h2();
        DyingDataSource dying = new DyingDataSource(target, 25, DyingDataSource.Last.TAKES_EFFECT);
        assertThatThrownBy(() -> restore(Copy.of(JdbcSource.of(source)), dying, Commits::of))
                .isInstanceOf(java.io.IOException.class);
        try (EmptyRestore restore = open(Copy.of(JdbcSource.of(other)), target, Commits::of)) {
            assertThat(restore.preview().blockers()).singleElement().asString().contains("not finished", "another one");
            assertThatThrownBy(restore::begin).hasMessageContaining("another one");
        }
    }
}
