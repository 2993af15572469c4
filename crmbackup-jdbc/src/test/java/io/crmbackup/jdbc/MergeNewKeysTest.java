package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Merges.databases;
import static io.crmbackup.jdbc.Merges.restore;
import static io.crmbackup.jdbc.Merges.rows;
import static io.crmbackup.jdbc.Merges.sql;
import static io.crmbackup.jdbc.Merges.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.TargetChanges;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What refers to a row that gets a new key follows it, in whatever way it refers, and nothing else does. */
class MergeNewKeysTest {
    @TempDir
    private Path directory;

    private static final String[] TABLES = {
        "CREATE TABLE \"person\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"number\" INTEGER NOT NULL UNIQUE, \"created\" VARCHAR(9))",
        "CREATE TABLE \"detail\" (\"person\" INTEGER NOT NULL PRIMARY KEY, \"v\" VARCHAR(9), FOREIGN KEY (\"person\") REFERENCES"
                + " \"person\" (\"id\"))",
        "CREATE TABLE \"more\" (\"detail\" INTEGER NOT NULL PRIMARY KEY, FOREIGN KEY (\"detail\") REFERENCES \"detail\" (\"person\"))",
        "CREATE TABLE \"note\" (\"person\" INTEGER NOT NULL, \"n\" INTEGER NOT NULL, \"v\" VARCHAR(9), PRIMARY KEY (\"person\", \"n\"),"
                + " FOREIGN KEY (\"person\") REFERENCES \"person\" (\"id\"))",
        "CREATE TABLE \"mention\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"number\" INTEGER, FOREIGN KEY (\"number\") REFERENCES"
                + " \"person\" (\"number\"))",
        "CREATE TABLE \"remark\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"kind\" VARCHAR(9), \"about\" VARCHAR(9))",
        // A number of one is the id of another.
        "INSERT INTO \"person\" VALUES (1, 2, 'then'), (2, 1, 'then')",
        "INSERT INTO \"detail\" VALUES (1, 'one'), (2, 'two')",
        "INSERT INTO \"more\" VALUES (1), (2)",
        "INSERT INTO \"note\" VALUES (1, 1, 'a'), (2, 1, 'b'), (2, 2, 'c')",
        "INSERT INTO \"mention\" VALUES (1, 2), (2, 1)",
        "INSERT INTO \"remark\" VALUES (1, 'Person', '2'), (2, 'Other', '2'), (3, 'Person', '1')",
    };

    private static final Map<String, List<Reference>> TOLD = Map.of(
            "remark", List.of(new Reference("", List.of("about"), "person", List.of("id"), Map.of("kind", "Person"))));

    @Test
    void whateverRefersToARowFollowsItToItsNewKey() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(database, TABLES);
            Copy all = Copy.of(JdbcSource.of(database));
            Copy copy = new Copy(all.attributes(), all.parts(), TOLD);
            for (String table : List.of("remark", "mention", "note", "more", "detail")) {
                sql(database, "DELETE FROM \"" + table + "\"");
            }
            sql(database, "DELETE FROM \"person\" WHERE \"id\" = 2", "INSERT INTO \"person\" VALUES (2, 77, 'now')");
            JdbcTarget target = JdbcTarget.merge(database, OnConflict.REPLACE)
                    .table(
                            "person",
                            MergePolicy.onlyMissing().identifiedBy("created").newKeysForTaken());
            TargetChanges changes = restore(copy, target);
            String product = database.toString();
            assertThat(table(changes, "person").newKeys()).as(product).isEqualTo(Map.of("2", "3"));
            assertThat(rows(database, "SELECT \"number\" FROM \"person\" ORDER BY \"id\""))
                    .isEqualTo("2,77,1");
            assertThat(rows(database, "SELECT \"v\" FROM \"detail\" ORDER BY \"person\""))
                    .isEqualTo("one,two");
            for (String key : List.of("\"person\" FROM \"detail\"", "\"detail\" FROM \"more\"")) {
                assertThat(rows(database, "SELECT " + key + " ORDER BY 1"))
                        .as(product)
                        .isEqualTo("1,3");
            }
            assertThat(rows(database, "SELECT \"v\" FROM \"note\" WHERE \"person\" = 3 ORDER BY \"n\""))
                    .isEqualTo("b,c");
            assertThat(rows(database, "SELECT \"number\" FROM \"mention\" ORDER BY \"id\""))
                    .as(product)
                    .isEqualTo("2,1");
            assertThat(rows(database, "SELECT \"about\" FROM \"remark\" ORDER BY \"id\""))
                    .isEqualTo("3,2,1");
            TargetChanges again = restore(copy, target);
            assertThat(again.created() + again.changed())
                    .as("a second run finds what the first made")
                    .isZero();
        }
    }
}
