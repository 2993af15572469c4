package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.OnConflict;
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

    private DataSource database(String product) {
        return product.equals("h2") ? Databases.h2(work, "undo") : Databases.sqlite(work, "undo");
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
    @ValueSource(strings = {"h2", "sqlite"})
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
}
