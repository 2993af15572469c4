package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Databases with all that makes a restore go wrong, brought back in their place. */
class WholeDatabaseInServiceTest {
    private final PostgresServer postgres = TestedServer.postgres();

    private static void replace(Copy copy, Target target) throws IOException {
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        try (TargetSession session = target.open(copy.attributes(), collections)) {
            assertThat(session.preview().blockers()).isEmpty();
            session.hold();
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            session.staged();
            session.finish();
        }
    }

    @Test
    void everyKindOfObjectOfPostgresIsReplaced() throws Exception {
        TestDatabase database = Samples.wholeSchema(postgres);
        // They lie in no schema.
        database.execute(
                "DROP EVENT TRIGGER watches", "DROP CAST (int AS app.stage)", "DROP CAST (app.stage AS app.address)");
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute(
                "SET session_replication_role = replica",
                "DELETE FROM app.account WHERE id % 3 = 0",
                "UPDATE app.note SET body = 'other'",
                "DROP VIEW app.by_key",
                "ALTER TABLE app.pair ADD COLUMN more int",
                "CREATE TABLE app.newer (id int)");
        replace(copy, JdbcTarget.replace(database).trustSchema());
        Copy again = Copy.of(JdbcSource.of(database));
        assertThat(again.parts()).isEqualTo(copy.parts());
        assertThat(statements(again)).containsExactlyElementsOf(statements(copy));
    }

    /** In their order, but for those on the schema that comes with each database, and rights, which stay. */
    private static List<String> statements(Copy copy) {
        List<String> statements = new ArrayList<>();
        new TreeMap<>(copy.attributes()).forEach((name, statement) -> {
            if (name.matches("(before|after|position)\\.\\d+")
                    && !statement.matches("(?s)GRANT .*|COMMENT ON SCHEMA public .*")) {
                statements.add(statement);
            }
        });
        return statements;
    }

    @Test
    void aCrmOfPostgresIsMergedBack() throws Exception {
        TestDatabase database = Samples.smallCrm(postgres);
        mergedBack(
                database,
                "SET session_replication_role = replica",
                "SELECT format('DELETE FROM ONLY %s WHERE hashtext(ctid::text) %% 3 = 0', c.oid::regclass) FROM pg_class c"
                        + " WHERE relkind = 'r' AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')"
                        + " ORDER BY 1",
                "UPDATE sales.contact SET notes = 'other', photo = NULL WHERE id % 5 = 0",
                "UPDATE sales.all_types SET n = 1, ta = NULL, x = NULL WHERE id = 2");
    }

    @Test
    void aCrmOfMariaDbIsMergedBack() throws Exception {
        MariaDbServer server = TestedServer.mariaDb();
        TestDatabase database = Samples.smallCrm(server);
        mergedBack(
                database,
                "SET foreign_key_checks = 0",
                "SELECT CONCAT('DELETE FROM `', REPLACE(TABLE_NAME, '`', '``'), '` WHERE RAND(7) < 0.4')"
                        + " FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'"
                        + " ORDER BY 1");
    }

    /** All tables with keys, into a database of which some rows are gone, whatever refers to them, and others changed. */
    private static void mergedBack(TestDatabase database, String unchecked, String deletions, String... updates)
            throws SQLException, IOException {
        Copy all = Copy.of(JdbcSource.of(database));
        Map<String, Copy.Part> keyed = new LinkedHashMap<>(all.parts());
        keyed.values().removeIf(part -> !part.schema().isKeyed());
        Copy copy = new Copy(all.attributes(), keyed);
        try (Connection connection = database.getConnection()) {
            Dialect.execute(connection, unchecked);
            for (String deletion : Dialect.strings(connection, deletions)) {
                Dialect.execute(connection, deletion);
            }
        }
        execute(database, updates);
        TargetChanges changes = Merges.restore(copy, JdbcTarget.merge(database, MergePolicy.mirror()));
        assertThat(changes.created()).isGreaterThan(100);
        Map<String, Copy.Part> now =
                new LinkedHashMap<>(Copy.of(JdbcSource.of(database)).parts());
        now.keySet().retainAll(keyed.keySet());
        assertThat(now).isEqualTo(keyed);
    }
}
