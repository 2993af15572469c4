package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random rows, random changes of them, and each policy against a simple model of it. */
class MergePropertyTest {
    private static final int ROUNDS = 2;

    /** A row: name, body, version. */
    private record Row(String name, String body, Integer version) {}

    private enum Policy {
        ONLY_MISSING(MergePolicy.onlyMissing()),
        OVERWRITE(MergePolicy.overwriteChanged()),
        NEWER(MergePolicy.overwriteChanged()),
        MIRROR(MergePolicy.mirror());

        private final MergePolicy policy;

        Policy(MergePolicy policy) {
            this.policy = policy;
        }

        /** What the rows are after the restore. */
        Map<String, Row> model(Map<String, Row> backup, Map<String, Row> now) {
            Map<String, Row> result = new TreeMap<>(this == MIRROR ? Map.of() : now);
            backup.forEach((key, row) -> {
                Row there = now.get(key);
                boolean stays = there != null
                        && (this == ONLY_MISSING || this == NEWER && isNewer(there.version(), row.version()));
                result.put(key, stays ? there : row);
            });
            return result;
        }

        private static boolean isNewer(Integer a, Integer b) {
            return a != null && (b == null || a > b);
        }
    }

    @Test
    void policiesOfH2DoAsTheyShould() throws Exception {
        policiesDoAsTheyShould(h2());
    }

    @Test
    void policiesOfSqliteDoAsTheyShould(@TempDir Path directory) throws Exception {
        policiesDoAsTheyShould(sqlite(directory.resolve("a")));
    }

    @Test
    void policiesOfPostgresDoAsTheyShould() throws Exception {
        policiesDoAsTheyShould(PostgresServer.shared().newDatabase());
    }

    @Test
    void policiesOfMariaDbDoAsTheyShould() throws Exception {
        policiesDoAsTheyShould(TestedServer.mariaDb().newDatabase());
    }

    @Test
    void policiesOfHsqldbDoAsTheyShould() throws Exception {
        policiesDoAsTheyShould(Databases.hsqldb("mvcc"));
    }

    @Test
    void policiesOfDerbyDoAsTheyShould() throws Exception {
        policiesDoAsTheyShould(Databases.derby());
    }

    private static void policiesDoAsTheyShould(DataSource database) throws Exception {
        // The key's second column is text, so that the database's order is not that of keys; child rows refer to
        // parents.
        execute(
                database,
                "CREATE TABLE parent (a INT NOT NULL, b VARCHAR(20) NOT NULL, name VARCHAR(50), body VARCHAR(6000),"
                        + " version INT, PRIMARY KEY (a, b))",
                "CREATE TABLE child (id INT NOT NULL PRIMARY KEY, a INT, b VARCHAR(20), note VARCHAR(50),"
                        + " FOREIGN KEY (a, b) REFERENCES parent (a, b))");
        for (int round = 0; round < ROUNDS; round++) {
            for (Policy policy : Policy.values()) {
                long seed = 31L * round + policy.ordinal();
                round(database, policy, new Random(seed), "seed " + seed + ", " + policy);
            }
        }
    }

    private static void round(DataSource database, Policy policy, Random random, String about) throws Exception {
        execute(database, "DELETE FROM child", "DELETE FROM parent");
        Map<String, Row> backup = new TreeMap<>();
        int size = random.nextInt(400);
        for (int i = 0; i < size; i++) {
            backup.put(key(random), row(random));
        }
        write(database, backup);
        List<String> children = new ArrayList<>();
        backup.keySet().stream()
                .filter(key -> random.nextInt(4) == 0)
                .forEach(key -> children.add("INSERT INTO child VALUES (" + (children.size() + 1) + ", "
                        + key.split("\\|")[0] + ", '" + key.split("\\|")[1] + "', 'child')"));
        execute(database, children.toArray(String[]::new));
        Copy copy = Copy.of(JdbcSource.of(database));

        Map<String, Row> now = new TreeMap<>(backup);
        now.keySet().removeIf(key -> random.nextInt(4) == 0);
        now.replaceAll((key, row) -> random.nextInt(3) == 0 ? row(random) : row);
        for (int i = random.nextInt(100); i > 0; i--) {
            now.putIfAbsent(key(random), row(random));
        }
        execute(database, "DELETE FROM child", "DELETE FROM parent");
        write(database, now);

        var collections = copy.collections(Extent.WHOLE);
        String parent = copy.parts().containsKey("PARENT") ? "PARENT" : "parent";
        String version = parent.equals("PARENT") ? "VERSION" : "version";
        JdbcTarget merge = JdbcTarget.merge(database, policy.policy);
        JdbcTarget target = policy == Policy.NEWER ? merge.table(parent, MergePolicy.keepNewer(version)) : merge;
        try (TargetSession session = target.open(copy.attributes(), collections)) {
            var preview = session.preview();
            assertThat(preview.blockers()).as(about).isEmpty();
            assertThat(read(database))
                    .as("%s: a preview changes nothing", about)
                    .isEqualTo(now);
            session.begin();
            for (var collection : collections) {
                session.write(collection);
            }
            session.finish();
            assertThat(session.changes()).as(about).isEqualTo(preview.changes());
            check(session.changes().orElseThrow(), policy, backup, now, children.size(), about);
        }
        assertThat(read(database)).as(about).isEqualTo(policy.model(backup, now));
        try (TargetSession again = target.open(copy.attributes(), collections)) {
            TargetChanges none = again.preview().changes().orElseThrow();
            assertThat(none.created() + none.changed() + none.deleted())
                    .as("%s: nothing is left to be done", about)
                    .isZero();
        }
    }

    private static void check(
            TargetChanges changes,
            Policy policy,
            Map<String, Row> backup,
            Map<String, Row> now,
            int children,
            String about) {
        Map<String, Row> result = policy.model(backup, now);
        assertThat(changes.created())
                .as(about)
                .isEqualTo(result.keySet().stream()
                                .filter(key -> !now.containsKey(key))
                                .count()
                        + children);
        assertThat(changes.changed())
                .as(about)
                .isEqualTo(result.entrySet().stream()
                        .filter(e -> now.containsKey(e.getKey())
                                && !now.get(e.getKey()).equals(e.getValue()))
                        .count());
        assertThat(changes.deleted())
                .as(about)
                .isEqualTo(now.keySet().stream()
                        .filter(key -> !result.containsKey(key))
                        .count());
        long versions = result.entrySet().stream()
                .filter(e -> now.containsKey(e.getKey()))
                .filter(e -> !Objects.equals(
                        now.get(e.getKey()).version(), e.getValue().version()))
                .count();
        assertThat(changes.collections().stream()
                        .flatMap(table -> table.fields().entrySet().stream())
                        .filter(e -> e.getKey().equalsIgnoreCase("version"))
                        .mapToLong(Map.Entry::getValue)
                        .sum())
                .as("%s: only fields that differ are written", about)
                .isEqualTo(versions);
    }

    private static String key(Random random) {
        return random.nextInt(12) - 6 + "|k" + random.nextInt(60);
    }

    private static Row row(Random random) {
        String body = random.nextInt(20) == 0 ? "x".repeat(4000 + random.nextInt(1500)) : "" + random.nextInt(3);
        return new Row(
                random.nextInt(5) == 0 ? null : "name " + random.nextInt(3),
                body,
                random.nextInt(6) == 0 ? null : random.nextInt(4));
    }

    private static void write(DataSource database, Map<String, Row> rows) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO parent (a, b, name, body, version) VALUES (?, ?, ?, ?, ?)")) {
            connection.setAutoCommit(false);
            for (Map.Entry<String, Row> row : rows.entrySet()) {
                String[] key = row.getKey().split("\\|");
                insert.setInt(1, Integer.parseInt(key[0]));
                insert.setString(2, key[1]);
                insert.setString(3, row.getValue().name());
                insert.setString(4, row.getValue().body());
                insert.setObject(5, row.getValue().version(), Types.INTEGER);
                insert.addBatch();
            }
            if (!rows.isEmpty()) {
                insert.executeBatch();
            }
            connection.commit();
        }
    }

    private static Map<String, Row> read(DataSource database) throws SQLException {
        Map<String, Row> rows = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT a, b, name, body, version FROM parent")) {
            while (row.next()) {
                int version = row.getInt(5);
                Integer known = row.wasNull() ? null : version;
                rows.put(row.getInt(1) + "|" + row.getString(2), new Row(row.getString(3), row.getString(4), known));
            }
        }
        return rows;
    }
}
