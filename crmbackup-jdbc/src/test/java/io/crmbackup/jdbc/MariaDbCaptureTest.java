package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tables of MariaDB and MySQL that are not as most are. */
class MariaDbCaptureTest {
    private static final MariaDbServer SERVER = TestedServer.mariaDb();

    private final TestDatabase database = SERVER.newDatabase();

    @Test
    void tablesThatNoSnapshotShowsAreReadAndNamed() throws Exception {
        database.execute(
                "CREATE TABLE sure (id int PRIMARY KEY) ENGINE=InnoDB",
                "CREATE TABLE old (id int PRIMARY KEY) ENGINE=MyISAM",
                "CREATE TABLE passing (id int PRIMARY KEY) ENGINE=MEMORY",
                "INSERT INTO old VALUES (1)",
                "INSERT INTO passing VALUES (2)");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.attributes().get("notOfTheMoment").lines()).containsExactly("old", "passing");
        assertThat(copy.attributes().get("consistency")).endsWith("but for notOfTheMoment");
        assertThat(copy.texts("old", "id")).containsExactly("1");
        assertThat(copy.texts("passing", "id")).containsExactly("2");
    }

    @Test
    void aUniqueIndexIsAKeyOnlyIfItHoldsForAllRows() throws Exception {
        database.execute(
                "CREATE TABLE nullable (a int, UNIQUE (a))",
                "INSERT INTO nullable VALUES (NULL), (NULL), (1)",
                "CREATE TABLE part (a varchar(9) NOT NULL, UNIQUE (a(2)))",
                "CREATE TABLE whole (n int, a int NOT NULL, b int NOT NULL, UNIQUE x (n), UNIQUE y (b, a))");
        Copy copy = Copy.of(JdbcSource.of(database));
        Map<String, Copy.Part> parts = copy.parts();
        for (String keyless : List.of("nullable", "part")) {
            assertThat(parts.get(keyless).schema().isKeyed()).as(keyless).isFalse();
        }
        assertThat(parts.get("whole").schema().key()).containsExactly("b", "a");
        assertThat(copy.texts("nullable", "a")).containsExactlyInAnyOrder(null, null, "1");
    }

    @Test
    void rowsThatAreEqualAndOnesWithTheNumberZeroComeBack() throws Exception {
        database.execute(
                "CREATE TABLE log (line text)",
                "INSERT INTO log VALUES ('twice'), ('twice'), (NULL), (NULL), ('')",
                "CREATE TABLE numbered (id int AUTO_INCREMENT PRIMARY KEY)",
                "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
                "INSERT INTO numbered VALUES (0), (7)");
        Copy copy = Copy.of(JdbcSource.of(database));
        TestDatabase restored = SERVER.newDatabase();
        copy.restore(JdbcTarget.empty(restored));
        Copy again = Copy.of(JdbcSource.of(restored));
        assertThat(again.texts("log", "line")).containsExactlyInAnyOrder("twice", "twice", null, null, "");
        assertThat(again.texts("numbered", "id")).containsExactly("0", "7");
    }

    @Test
    void rowsThatAnotherTableHoldsAreNotTakenTwiceAndThatIsNamed() throws Exception {
        database.execute(
                "CREATE TABLE one (id int PRIMARY KEY) ENGINE=MyISAM",
                "INSERT INTO one VALUES (1), (2)",
                "CREATE TABLE seen (id int PRIMARY KEY) ENGINE=MRG_MyISAM UNION=(one) INSERT_METHOD=LAST");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.parts()).containsOnlyKeys("one");
        assertThat(copy.attributes().get("leftOut")).contains("the content of seen (MRG_M");
        TestDatabase restored = SERVER.newDatabase();
        copy.restore(JdbcTarget.empty(restored));
        assertThat(restored.number("SELECT COUNT(*) FROM one")).isEqualTo(2);
    }

    /** A view and columns whose values are computed by what fails if it is. */
    @Test
    void nothingThatTheDatabaseHoldsIsExecuted() throws Exception {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v int, g int AS (v DIV 0) VIRTUAL)",
                "SET sql_mode = ''",
                "INSERT INTO t (id, v) VALUES (1, 1)",
                "CREATE FUNCTION boom() RETURNS int DETERMINISTIC BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'executed'; RETURN 1; END",
                "CREATE VIEW v1 AS SELECT id, boom() AS b FROM t WHERE id = boom()",
                "CREATE VIEW v2 AS SELECT boom() AS b UNION SELECT b FROM v1",
                "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.v = boom()",
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT boom()");
        for (TestDatabase driver : List.of(database, SERVER.byConnectorJ(database))) {
            assertThat(Copy.of(JdbcSource.of(driver)).texts("t", "id")).containsExactly("1");
        }
    }
}
