package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RecordReferences;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake in bulk is undone in a database that went on. */
class LiveUndoTest {
    @TempDir
    private Path work;

    private DataSource database(String product) throws Exception {
        return switch (product) {
            case "h2" -> Databases.h2(work, "undo");
            case "sqlite" -> Databases.sqlite(work, "undo");
            case "postgres" -> PostgresServer.shared().newDatabase();
            default -> MariaDbServer.shared().newDatabase();
        };
    }

    private static List<String> rows(DataSource db, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = db.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.append(i > 1 ? " " : "").append(result.getString(i));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite", "postgres", "mariadb"})
    void onlyWhatTheMistakeDidGoesBack(String product) throws Exception {
        DataSource db = database(product);
        Databases.execute(
                db,
                "create table contact (id integer primary key, name varchar(20), mail varchar(20))",
                "insert into contact values (1, 'Ada', 'a@x'), (2, 'Blaise', 'b@x'), (3, 'Carl', 'c@x'), (4, 'Dora', 'd@x')");
        try (Lab lab = new Lab(work.resolve("repository"))) {
            BackupPlan plan =
                    BackupPlan.named("crm").source("db", JdbcSource.of(db)).build();
            SnapshotId before = lab.repository.backup(plan).snapshot();
            lab.turn(Duration.ofHours(1));
            Databases.execute(
                    db,
                    "update contact set mail = 'oops', name = upper(name) where id < 4",
                    "delete from contact where id = 4",
                    "insert into contact values (5, 'Spam', 'oops')");
            SnapshotId after = lab.repository.backup(plan).snapshot();
            Databases.execute(
                    db,
                    "update contact set mail = 'new@x' where id = 2",
                    "insert into contact values (6, 'Later', 'l@x')");
            RestorePlan mails = RestorePlan.snapshot(before)
                    .undoing(after)
                    .only("db", Selection.of("contact").key(3).fields("mail"))
                    .into("db", JdbcTarget.merge(db, OnConflict.SKIP))
                    .build();
            lab.repository.restore(mails);
            assertThat(rows(db, "select name, mail from contact where id = 3")).containsExactly("CARL c@x");
            RestorePlan all = RestorePlan.snapshot(before)
                    .undoing(after)
                    .into("db", JdbcTarget.merge(db, OnConflict.SKIP))
                    .build();
            try (PreparedRestore restore = lab.repository.prepare(all)) {
                assertThat(restore.preview().changes().get("db").created()).isEqualTo(1);
                assertThat(restore.preview().changes().get("db").deleted()).isEqualTo(1);
                RestoreReport report = restore.execute();
                assertThat(report.changes()).isEqualTo(restore.preview().changes());
            }
            assertThat(rows(db, "select id, name, mail from contact order by id"))
                    .isEqualTo(List.of("1 Ada a@x", "2 Blaise new@x", "3 Carl c@x", "4 Dora d@x", "6 Later l@x"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite", "postgres", "mariadb"})
    void oneAccountOutOfAMistakeGoesBackWithItsRows(String product) throws Exception {
        DataSource db = database(product);
        Databases.execute(
                db,
                "create table account (id integer primary key, name varchar(20))",
                "create table contact (id integer primary key, account integer not null, mail varchar(20), seen timestamp,"
                        + " foreign key (account) references account (id))",
                "insert into account values (1, 'One'), (2, 'Two')",
                "insert into contact values (1, 1, 'a', '2024-10-27 02:30:00'), (2, 1, 'b', '2024-01-01 10:00:00'),"
                        + " (3, 2, 'c', '2024-01-01 10:00:00')");
        try (Lab lab = new Lab(work.resolve("repository"))) {
            BackupPlan plan =
                    BackupPlan.named("crm").source("db", JdbcSource.of(db)).build();
            SnapshotId before = lab.repository.backup(plan).snapshot();
            lab.turn(Duration.ofHours(1));
            Databases.execute(
                    db,
                    "delete from contact where id <> 2",
                    "update contact set mail = 'oops', seen = '2025-01-01 10:00:00' where id = 2",
                    "insert into contact values (7, 1, 'spam', '2025-01-01 10:00:00'), (8, 2, 'spam', '2025-01-01 10:00:00')");
            SnapshotId after = lab.repository.backup(plan).snapshot();
            Databases.execute(db, "update contact set mail = 'work since' where id = 2");
            RestorePlan one = RestorePlan.snapshot(before)
                    .undoing(after)
                    .only("db", Selection.of("contact").where("account", 1))
                    .into("db", JdbcTarget.merge(db, OnConflict.SKIP))
                    .build();
            RestoreReport report = lab.repository.restore(one);
            assertThat(report.changes().get("db").collections())
                    .filteredOn(table -> table.collection().equalsIgnoreCase("contact"))
                    .singleElement()
                    .satisfies(table -> assertThat(table.conflicts())
                            .singleElement()
                            .satisfies(conflict -> {
                                assertThat(conflict.key()).isEqualTo("2");
                                assertThat(conflict.fields())
                                        .singleElement()
                                        .asString()
                                        .isEqualToIgnoringCase("mail");
                            }));
            assertThat(rows(db, "select id, account, mail from contact order by id"))
                    .isEqualTo(List.of("1 1 a", "2 1 work since", "8 2 spam"));
            assertThat(rows(db, "select id from contact where seen < '2025-01-01' order by id"))
                    .isEqualTo(List.of("1", "2"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite", "postgres"})
    void addedRowsStayThatOnlyTheApplicationKnowsToBeInUse(String product) throws Exception {
        DataSource db = database(product);
        Databases.execute(
                db,
                "create table contact (id integer primary key, name varchar(20))",
                "create table note (id integer primary key, entity varchar(20), entity_id integer)",
                "insert into contact values (1, 'Ada')");
        RecordReferences notes = RecordReferences.from("db", "note")
                .fields("entity_id")
                .when("entity", "Contact")
                .to("contact", "id");
        try (Lab lab = new Lab(work.resolve("repository"))) {
            BackupPlan plan = BackupPlan.named("crm")
                    .source("db", JdbcSource.of(db))
                    .references(notes)
                    .build();
            SnapshotId before = lab.repository.backup(plan).snapshot();
            lab.turn(Duration.ofHours(1));
            Databases.execute(db, "insert into contact values (2, 'Spam'), (3, 'Spam'), (4, 'Spam')");
            SnapshotId after = lab.repository.backup(plan).snapshot();
            Databases.execute(db, "insert into note values (1, 'Contact', 2), (2, 'Account', 3)");
            RestorePlan all = RestorePlan.snapshot(before)
                    .undoing(after)
                    .into("db", JdbcTarget.merge(db, OnConflict.SKIP))
                    .build();
            try (PreparedRestore restore = lab.repository.prepare(all)) {
                assertThat(restore.execute().changes())
                        .isEqualTo(restore.preview().changes());
            }
            assertThat(rows(db, "select id from contact order by id")).containsExactly("1", "2");
        }
    }
}
