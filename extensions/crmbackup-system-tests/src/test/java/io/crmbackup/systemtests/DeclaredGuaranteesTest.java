package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.RestorePlan;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.SourceReport;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Source.Consistency;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.tck.InMemoryTarget;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a database's capture guarantees, and whom it holds up, is in the report of the backup and stays with the snapshot. */
class DeclaredGuaranteesTest {
    @TempDir
    private Path work;

    private DataSource database(String product) {
        return switch (product) {
            case "PostgreSQL" -> PostgresServer.shared().newDatabase();
            case "MariaDB" -> MariaDbServer.shared().newDatabase();
            case "H2" -> Databases.h2(work, "db");
            case "SQLite" -> Databases.sqlite(work, "db");
            case "HSQLDB" -> Databases.hsqldb(work, "db");
            default -> Databases.derby(work, "db");
        };
    }

    @ParameterizedTest
    @CsvSource({
        "PostgreSQL, none for readers and writers",
        "MariaDB, none of readers and writers",
        "H2, none: others read and write",
        "SQLite, none: others read and write",
        "HSQLDB, none: others read and write",
        "Derby, writers wait for the end"
    })
    void reportAndSnapshotSayWhatACaptureGuarantees(String product, String blocking) throws Exception {
        DataSource database = database(product);
        Databases.execute(
                database, "create table t (id integer not null primary key)", "create view v as select id from t");
        try (Lab lab = new Lab(work.resolve("repository"))) {
            BackupReport report = lab.repository.backup(BackupPlan.named("crm")
                    .source("db", JdbcSource.of(database))
                    .build());
            assertThat(report.sources()).singleElement().satisfies(source -> assertGuarantees(source, blocking));
            Map<String, String> kept = new HashMap<>();
            Target looking = new Target() {
                @Override
                public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections)
                        throws IOException {
                    kept.putAll(attributes);
                    return InMemoryTarget.empty().open(attributes, collections);
                }

                @Override
                public Optional<Source> readBack(Map<String, String> attributes) {
                    return Optional.empty();
                }
            };
            lab.repository.restore(RestorePlan.latest("crm").into("db", looking).build());
            assertThat(kept).isEqualTo(report.sources().get(0).attributes());
        }
    }

    private static void assertGuarantees(SourceReport source, String blocking) {
        assertThat(source.consistency()).isEqualTo(Consistency.MOMENT);
        assertThat(source.attributes().get("consistency")).startsWith("one moment (");
        assertThat(source.attributes().get("blocking")).startsWith(blocking);
        assertThat(source.attributes()).containsKey("leftOut");
    }
}
