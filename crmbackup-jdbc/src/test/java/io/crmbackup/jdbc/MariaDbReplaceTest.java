package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All rows of MariaDB become what they were, in one transaction. */
final class MariaDbReplaceTest {
    private final TestDatabase database = TestedServer.mariaDb().newDatabase();

    private Copy begin() throws SQLException, IOException {
        // MySQL has generated columns from 5.7 on.
        boolean generates = database.number("SELECT VERSION() LIKE '5.6%'") == 0;
        database.execute(
                "CREATE TABLE parent (id int PRIMARY KEY AUTO_INCREMENT, v varchar(20), UNIQUE (v)) ENGINE=InnoDB",
                "CREATE TABLE child (id int PRIMARY KEY, parent int, v varchar(20),"
                        + (generates ? " double_id int AS (id * 2) STORED," : "")
                        + " KEY (v), FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE) ENGINE=InnoDB",
                "CREATE TABLE nothing (id int PRIMARY KEY) ENGINE=InnoDB",
                "CREATE VIEW everybody AS SELECT id FROM child",
                "INSERT INTO parent VALUES (1, 'a'), (2, 'b')",
                "INSERT INTO child (id, parent, v) VALUES (1, 1, 'as it was'), (2, 2, 'as it was')");
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute(
                "DELETE FROM parent WHERE id = 1",
                "INSERT INTO parent VALUES (5, 'a')",
                "UPDATE child SET v = 'otherwise'",
                "INSERT INTO nothing VALUES (7)");
        return copy;
    }

    private List<String> blockers(Copy copy) throws IOException {
        return copy.preview(JdbcTarget.replace(database)).blockers();
    }

    @Test
    void rowsBecomeWhatTheyWereWhileOthersReadAndWritersWait() throws Exception {
        Copy copy = begin();
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        try (TargetSession session = JdbcTarget.replace(database).open(copy.attributes(), collections);
                Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            assertThat(session.preview().blockers()).isEmpty();
            assertThat(session.preview().steps()).as("no definition is changed").isEmpty();
            Source held = session.hold().orElseThrow();
            assertThat(Copy.of(held).texts("child", "v")).containsOnly("otherwise");
            statement.execute("SET SESSION innodb_lock_wait_timeout = 1");
            for (String sql : List.of(
                    "INSERT INTO child (id) VALUES (3)",
                    "INSERT INTO nothing VALUES (1)",
                    "INSERT INTO parent (v) VALUES ('between')",
                    "UPDATE child SET v = 'lost'")) {
                assertThatThrownBy(() -> statement.execute(sql)).as(sql).hasMessageContaining("Lock wait timeout");
            }
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            try (Capture staged = session.staged().orElseThrow().capture(null)) {
                assertThat(Copy.of(staged).parts()).isEqualTo(copy.parts());
            }
            assertThat(database.number("SELECT COUNT(*) FROM child WHERE v = 'otherwise'"))
                    .as("what others see")
                    .isEqualTo(1);
            session.finish();
        }
        assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
        database.execute("INSERT INTO parent (v) VALUES ('next')");
        assertThat(database.number("SELECT id FROM parent WHERE v = 'next'"))
                .as("the counter went back too")
                .isEqualTo(3);
    }

    @Test
    void aCounterOfATableThatSomebodyHoldsStaysAndTheRestoreSucceeds() throws Exception {
        Copy copy = begin();
        try (Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM parent");
            copy.restore(JdbcTarget.replace(database));
            other.rollback();
        }
        assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
        database.execute("INSERT INTO parent (v) VALUES ('next')");
        assertThat(database.number("SELECT id FROM parent WHERE v = 'next'")).isGreaterThan(5);
    }

    @Test
    void rowsOfTablesThatAreLeftOutKeepWhatTheyReferTo() throws Exception {
        JdbcSource source = JdbcSource.from(database).exclude("tmp_*").build();
        begin();
        database.execute(
                "CREATE TABLE tmp_x (id int PRIMARY KEY, parent int, FOREIGN KEY (parent) REFERENCES parent (id)) ENGINE=InnoDB",
                "INSERT INTO tmp_x VALUES (1, 2)");
        Copy copy = Copy.of(source);
        database.execute("UPDATE child SET v = 'lost'", "INSERT INTO parent VALUES (77, 'newer')");
        copy.restore(source.inPlace().orElseThrow());
        assertThat(Copy.of(source).parts()).isEqualTo(copy.parts());
        assertThat(database.number("SELECT parent FROM tmp_x")).isEqualTo(2);

        database.execute("INSERT INTO parent VALUES (77, 'newer')", "INSERT INTO tmp_x VALUES (2, 77)");
        assertThatThrownBy(() -> copy.restore(source.inPlace().orElseThrow()))
                .hasMessageContaining("tmp_x -> parent: 1 row(s)");
        assertThat(database.number("SELECT COUNT(*) FROM parent WHERE id = 77")).isEqualTo(1);
    }

    @Test
    void definitionsThatDifferAreNamed() throws Exception {
        Copy copy = begin();
        database.execute("ALTER TABLE child ADD COLUMN more int", "CREATE TABLE newer (id int PRIMARY KEY)");
        assertThat(blockers(copy))
                .anyMatch(text -> text.contains("definitions are not what they were")
                        && text.contains("child")
                        && text.contains("newer"));
    }

    @Test
    void whatCannotBePartOfATransactionIsNamed() throws Exception {
        begin();
        database.execute(
                "CREATE TABLE elsewhere (id int PRIMARY KEY) ENGINE=MyISAM",
                "CREATE TRIGGER t BEFORE INSERT ON child FOR EACH ROW SET NEW.v = 'set'");
        assertThat(blockers(Copy.of(JdbcSource.of(database))))
                .anyMatch(text -> text.contains("table elsewhere is stored by MyISAM"))
                .anyMatch(text -> text.contains("table child has triggers"));
    }

    @Test
    void aConnectionThatBreaksOffLeavesEverythingAsItWas() throws Exception {
        Copy copy = begin();
        Copy damaged = Copy.of(JdbcSource.of(database));
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        for (int step = 0; step < 3; step++) {
            TargetSession session = JdbcTarget.replace(database).open(copy.attributes(), collections);
            session.hold();
            if (step > 0) {
                session.begin();
            }
            if (step > 1) {
                for (RestoredCollection collection : collections) {
                    session.write(collection);
                }
            }
            long id = database.number("SELECT id FROM information_schema.PROCESSLIST WHERE db = DATABASE()"
                    + " AND id <> CONNECTION_ID() ORDER BY id LIMIT 1");
            database.execute("KILL " + id);
            assertThatThrownBy(() -> {
                        session.begin();
                        session.finish();
                    })
                    .isInstanceOf(IOException.class);
            session.close();
            assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(damaged.parts());
        }
        copy.restore(JdbcTarget.replace(database));
        assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
    }
}
