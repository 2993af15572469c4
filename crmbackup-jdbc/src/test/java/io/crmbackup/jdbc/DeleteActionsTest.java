package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Merges.databases;
import static io.crmbackup.jdbc.Merges.isMariaDb;
import static io.crmbackup.jdbc.Merges.restore;
import static io.crmbackup.jdbc.Merges.rows;
import static io.crmbackup.jdbc.Merges.sql;
import static io.crmbackup.jdbc.Merges.table;
import static io.crmbackup.jdbc.Merges.undo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.CollectionChanges.Conflict;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.testservers.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the database itself does to rows that refer to deleted ones, by the actions of its references. */
class DeleteActionsTest {
    private static final List<String> CHANGING = List.of("SET NULL", "SET DEFAULT");
    private static final List<String> ALL = List.of("CASCADE", "SET NULL", "SET DEFAULT");

    @TempDir
    private Path directory;

    /** A database and an action of a reference of its. */
    private record Case(DataSource database, String action) {
        /** Firms, persons who refer to them, and tasks that refer to persons. */
        Case withTables() throws Exception {
            sql(
                    database,
                    "CREATE TABLE \"firm\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"mail\" VARCHAR(9) UNIQUE)",
                    "CREATE TABLE \"person\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"firm\" INTEGER DEFAULT 1, \"boss\" INTEGER DEFAULT 1,"
                            + " FOREIGN KEY (\"firm\") REFERENCES \"firm\" (\"id\") ON DELETE " + action
                            + ", FOREIGN KEY (\"boss\") REFERENCES \"person\" (\"id\") ON DELETE " + action + ")",
                    "CREATE TABLE \"task\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"person\" INTEGER DEFAULT 1,"
                            + " FOREIGN KEY (\"person\") REFERENCES \"person\" (\"id\") ON DELETE " + action + ")",
                    "INSERT INTO \"firm\" VALUES (1, 'a')",
                    "INSERT INTO \"person\" VALUES (1, 1, NULL)");
            return this;
        }

        Copy copy(String... tables) throws Exception {
            Copy copy = Copy.of(JdbcSource.of(database));
            Map<String, Copy.Part> some = new LinkedHashMap<>();
            for (String table : tables) {
                some.put(table, copy.parts().get(table));
            }
            return new Copy(copy.attributes(), some);
        }

        String all(String table) throws Exception {
            String columns = table.equals("person")
                    ? "\"id\", \"firm\", \"boss\""
                    : "\"id\", \"" + (table.equals("firm") ? "mail" : "person") + "\"";
            StringBuilder all = new StringBuilder();
            for (String column : columns.split(", ")) {
                all.append(all.isEmpty() ? "" : " ")
                        .append(rows(database, "SELECT " + column + " FROM \"" + table + "\" ORDER BY \"id\""));
            }
            return all.toString();
        }

        @Override
        public String toString() {
            return action + " in " + (database instanceof TestDatabase tested ? tested.url() : database);
        }
    }

    /** InnoDB has no SET DEFAULT. */
    private List<Case> cases(List<String> actions) throws Exception {
        List<Case> cases = new ArrayList<>();
        for (String action : actions) {
            Path own = Files.createDirectory(directory.resolve(action.replace(' ', '-')));
            for (DataSource database : databases(own)) {
                if (!(isMariaDb(database) && action.equals("SET DEFAULT"))) {
                    cases.add(new Case(database, action).withTables());
                }
            }
        }
        return cases;
    }

    @Test
    void rowThatOthersOfATableOutsideReferToIsNotMirroredAwayIfTheyWouldBeChanged() throws Exception {
        for (Case each : cases(CHANGING)) {
            Copy copy = each.copy("firm");
            sql(
                    each.database,
                    "INSERT INTO \"firm\" VALUES (2, 'b'), (3, 'c')",
                    "INSERT INTO \"person\" VALUES (2, 2, NULL)");
            JdbcTarget mirror = JdbcTarget.merge(each.database, MergePolicy.mirror());
            assertThat(copy.preview(mirror).blockers())
                    .as(each.toString())
                    .containsExactly(
                            "table firm: 1 row that would be deleted is referred to by rows that stay, with the key 2");
            sql(each.database, "DELETE FROM \"person\" WHERE \"id\" = 2");
            restore(copy, mirror);
            assertThat(each.all("firm")).isEqualTo("1 a");
        }
    }

    @Test
    void rowsOfTablesOutsideThatGoWithMirroredOnesAreNamedAndCounted() throws Exception {
        for (Case each : cases(List.of("CASCADE"))) {
            Copy copy = each.copy("firm");
            sql(
                    each.database,
                    "INSERT INTO \"firm\" VALUES (2, 'b'), (3, 'c')",
                    "INSERT INTO \"person\" VALUES (2, 2, NULL), (3, 1, 2), (4, 1, 1)",
                    "INSERT INTO \"task\" VALUES (1, 1), (2, 2), (3, 3), (4, 4)");
            JdbcTarget mirror = JdbcTarget.merge(each.database, MergePolicy.mirror());
            assertThat(copy.preview(mirror).notes())
                    .as(each.toString())
                    .contains(
                            "table firm: the database deletes 4 rows of other tables together with deleted ones: 2 of person, 2 of task");
            assertThat(table(restore(copy, mirror), "firm").cascaded()).isEqualTo(4);
            assertThat(each.all("person")).isEqualTo("1,4 1,1 null,1");
            assertThat(each.all("task")).isEqualTo("1,4 1,4");
        }
    }

    @Test
    void rowsThatGoOrGetTheBackupsReferenceHoldNoneThatAreMirroredAway() throws Exception {
        for (Case each : cases(ALL)) {
            Copy copy = each.copy("firm", "person");
            sql(
                    each.database,
                    "INSERT INTO \"firm\" VALUES (2, 'b')",
                    "INSERT INTO \"person\" VALUES (2, 2, 1), (3, 2, 2)",
                    "UPDATE \"person\" SET \"firm\" = 2, \"boss\" = 3 WHERE \"id\" = 1");
            TargetChanges changes = restore(copy, JdbcTarget.merge(each.database, MergePolicy.mirror()));
            assertThat(table(changes, "person").changed()).as(each.toString()).isEqualTo(1);
            assertThat(table(changes, "person").deleted()).as(each.toString()).isEqualTo(2);
            assertThat(table(changes, "firm").cascaded()).as(each.toString()).isZero();
            assertThat(each.all("person")).as(each.toString()).isEqualTo("1 1 null");
        }
    }

    @Test
    void restoredRowHoldsWhatItRefersToUnlessItIsOverwritten() throws Exception {
        for (Case each : cases(ALL)) {
            Copy copy = each.copy("firm", "person");
            sql(
                    each.database,
                    "INSERT INTO \"firm\" VALUES (2, 'b')",
                    "UPDATE \"person\" SET \"firm\" = 2 WHERE \"id\" = 1");
            JdbcTarget mirror =
                    JdbcTarget.merge(each.database, MergePolicy.onlyMissing()).table("firm", MergePolicy.mirror());
            assertThat(copy.preview(mirror).blockers())
                    .as(each.toString())
                    .containsExactly(
                            "table firm: 1 row that would be deleted is referred to by rows that stay, with the key 2");
            restore(copy, mirror.table("person", MergePolicy.overwriteChanged()));
            assertThat(each.all("person")).as(each.toString()).isEqualTo("1 1 null");
        }
    }

    @Test
    void restoredRowHoldsWhatAColumnRefersToThatCameSince() throws Exception {
        for (Case each : cases(List.of("CASCADE"))) {
            sql(
                    each.database,
                    "CREATE TABLE \"more\" (\"id\" INTEGER NOT NULL PRIMARY KEY)",
                    "INSERT INTO \"more\" VALUES (1)");
            Copy copy = each.copy("firm", "more");
            sql(
                    each.database,
                    "DROP TABLE \"more\"",
                    "CREATE TABLE \"more\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"partner\" INTEGER DEFAULT 1,"
                            + " FOREIGN KEY (\"partner\") REFERENCES \"firm\" (\"id\") ON DELETE " + each.action + ")",
                    "INSERT INTO \"firm\" VALUES (2, 'b')",
                    "INSERT INTO \"more\" VALUES (1, 2)");
            assertThat(copy.preview(JdbcTarget.merge(each.database, MergePolicy.mirror()))
                            .blockers())
                    .as(each.toString())
                    .containsExactly(
                            "table firm: 1 row that would be deleted is referred to by rows that stay, with the key 2");
        }
    }

    @Test
    void rowThatIsInTheWayOfAnotherTakesNoRestoredOnesWithIt() throws Exception {
        for (Case each : cases(List.of("CASCADE", "SET NULL"))) {
            Copy copy = each.copy("firm", "person");
            sql(
                    each.database,
                    "DELETE FROM \"person\"",
                    "DELETE FROM \"firm\"",
                    "INSERT INTO \"firm\" VALUES (2, 'a')",
                    "INSERT INTO \"person\" VALUES (1, 2, NULL)");
            JdbcTarget mirror = JdbcTarget.merge(each.database, MergePolicy.mirror());
            if (each.action.equals("CASCADE")) {
                assertThat(copy.preview(mirror).blockers())
                        .as(each.toString())
                        .containsExactly(
                                "table firm: 1 row that would be deleted is referred to by rows that stay, with the key 2");
                sql(each.database, "UPDATE \"person\" SET \"id\" = 2");
            }
            restore(copy, mirror);
            assertThat(each.all("firm")).as(each.toString()).isEqualTo("1 a");
            assertThat(each.all("person")).as(each.toString()).isEqualTo("1 1 null");
        }
    }

    @Test
    void chainsOfActionsAreFollowed() throws Exception {
        for (Case each : cases(CHANGING)) {
            sql(
                    each.database,
                    "CREATE TABLE \"note\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"firm\" INTEGER, FOREIGN KEY (\"firm\")"
                            + " REFERENCES \"firm\" (\"id\") ON DELETE CASCADE)",
                    "CREATE TABLE \"mark\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"note\" INTEGER DEFAULT 1, FOREIGN KEY (\"note\")"
                            + " REFERENCES \"note\" (\"id\") ON DELETE " + each.action + ")",
                    "INSERT INTO \"note\" VALUES (1, 1)");
            Copy copy = each.copy("firm");
            sql(
                    each.database,
                    "INSERT INTO \"firm\" VALUES (2, 'b'), (3, 'c')",
                    "INSERT INTO \"note\" VALUES (2, 2), (3, 3)",
                    "INSERT INTO \"mark\" VALUES (1, 1), (2, 2)");
            JdbcTarget mirror = JdbcTarget.merge(each.database, MergePolicy.mirror());
            assertThat(copy.preview(mirror).blockers())
                    .as(each.toString())
                    .containsExactly(
                            "table firm: 1 row that would be deleted is referred to by rows that stay, with the key 2");
            sql(each.database, "DELETE FROM \"mark\" WHERE \"id\" = 2");
            assertThat(table(restore(copy, mirror), "firm").cascaded()).isEqualTo(2);
        }
    }

    @Test
    void addedRowThatOthersReferToStaysWhateverTheDatabaseWouldDoWithThem() throws Exception {
        for (Case each : cases(ALL)) {
            Copy before = each.copy("firm", "person");
            sql(
                    each.database,
                    "INSERT INTO \"firm\" VALUES (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')",
                    "INSERT INTO \"person\" VALUES (2, 2, 1), (3, 3, NULL), (4, NULL, 3), (5, NULL, NULL)");
            Copy after = each.copy("firm", "person");
            // A task, which is not restored, a person and a boss since.
            sql(each.database, "INSERT INTO \"task\" VALUES (1, 3)", "INSERT INTO \"person\" VALUES (20, 4, 5)");
            TargetChanges changes = undo(each.database, before, after);
            assertThat(each.all("firm")).as(each.toString()).isEqualTo("1,3,4 a,c,d");
            assertThat(each.all("person")).as(each.toString()).isEqualTo("1,3,5,20 1,3,null,4 null,null,null,5");
            assertThat(each.all("task")).as(each.toString()).isEqualTo("1 3");
            assertThat(table(changes, "firm").conflicts())
                    .extracting(Conflict::key)
                    .containsExactlyInAnyOrder("3", "4");
            assertThat(table(changes, "firm").deleted()).isEqualTo(2);
            assertThat(table(changes, "person").deleted()).isEqualTo(2);
            assertThat(changes.collections()).allMatch(collection -> collection.cascaded() == 0);
        }
    }

    @Test
    void addedRowGoesIfWhatRefersToItGetsItsOldReferenceBack() throws Exception {
        for (Case each : cases(List.of("CASCADE"))) {
            Copy before = each.copy("firm", "person");
            sql(
                    each.database,
                    "INSERT INTO \"firm\" VALUES (2, 'b')",
                    "UPDATE \"person\" SET \"firm\" = 2 WHERE \"id\" = 1");
            Copy after = each.copy("firm", "person");
            TargetChanges changes = undo(each.database, before, after);
            assertThat(table(changes, "firm").deleted()).as(each.toString()).isEqualTo(1);
            assertThat(each.all("person")).as(each.toString()).isEqualTo("1 1 null");
        }
    }

    @Test
    void restoredRowIsNotLostIfItRefersToOneBeyondTheBackup() throws Exception {
        for (Case each : cases(List.of("CASCADE", "SET NULL"))) {
            String more = "CREATE TABLE \"more\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"partner\" INTEGER%s)";
            String row = "INSERT INTO \"more\" VALUES (1, 2)";
            sql(each.database, more.formatted(""), row);
            Copy copy = each.copy("firm", "more");
            String reference = ", FOREIGN KEY (\"partner\") REFERENCES \"firm\" (\"id\") ON DELETE " + each.action;
            sql(
                    each.database,
                    "DROP TABLE \"more\"",
                    more.formatted(reference),
                    "INSERT INTO \"firm\" VALUES (2, 'b')",
                    row);
            assertThatThrownBy(() -> restore(copy, JdbcTarget.merge(each.database, MergePolicy.mirror())))
                    .as(each.toString())
                    .hasMessageContaining("is referred to by rows that stay, with the key 2; nothing was changed");
            assertThat(rows(each.database, "SELECT \"partner\" FROM \"more\"")).isEqualTo("2");
        }
    }

    @Test
    void referencesBySeveralColumnsAreToldFromOthersToTheSameTable() throws Exception {
        for (Case each : cases(List.of("CASCADE", "SET NULL"))) {
            sql(
                    each.database,
                    "CREATE TABLE \"tenant\" (\"id\" INTEGER NOT NULL PRIMARY KEY)",
                    "CREATE TABLE \"user\" (\"tenant\" INTEGER NOT NULL, \"id\" INTEGER NOT NULL, PRIMARY KEY (\"tenant\", \"id\"))",
                    "CREATE TABLE \"deal\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"tenant\" INTEGER, \"owner\" INTEGER, \"editor\" INTEGER,"
                            + " FOREIGN KEY (\"tenant\") REFERENCES \"tenant\" (\"id\") ON DELETE CASCADE,"
                            + " FOREIGN KEY (\"tenant\", \"owner\") REFERENCES \"user\" (\"tenant\", \"id\") ON DELETE CASCADE,"
                            + " FOREIGN KEY (\"tenant\", \"editor\") REFERENCES \"user\" (\"tenant\", \"id\") ON DELETE "
                            + each.action + ")",
                    "INSERT INTO \"tenant\" VALUES (1)",
                    "INSERT INTO \"user\" VALUES (1, 1)");
            Copy copy = each.copy("tenant", "user");
            sql(
                    each.database,
                    "INSERT INTO \"tenant\" VALUES (2)",
                    "INSERT INTO \"user\" VALUES (1, 2), (1, 3)",
                    "INSERT INTO \"deal\" VALUES (1, 1, 1, 1), (2, 1, 2, NULL), (3, 1, NULL, 3), (4, 2, NULL, NULL)");
            JdbcTarget mirror = JdbcTarget.merge(each.database, MergePolicy.mirror());
            if (each.action.equals("SET NULL")) {
                assertThat(copy.preview(mirror).blockers())
                        .as(each.toString())
                        .containsExactly(
                                "table user: 1 row that would be deleted is referred to by rows that stay, with the key 1, 3");
                sql(each.database, "DELETE FROM \"deal\" WHERE \"id\" = 3");
            }
            TargetChanges changes = restore(copy, mirror);
            assertThat(table(changes, "tenant").cascaded()).as(each.toString()).isEqualTo(1);
            assertThat(table(changes, "user").cascaded())
                    .as(each.toString())
                    .isEqualTo(each.action.equals("CASCADE") ? 2 : 1);
            assertThat(rows(each.database, "SELECT \"id\" FROM \"deal\"")).isEqualTo("1");
        }
    }

    /**
     * A type of keys that are equal to a database though their bytes are not.
     *
     * @param before a key
     * @param now the same key, spelled otherwise
     */
    private record Spelling(String type, String before, String now) {
        static Spelling of(DataSource database) throws Exception {
            try (Connection connection = database.getConnection()) {
                return switch (connection.getMetaData().getDatabaseProductName()) {
                    case "H2" -> new Spelling("VARCHAR_IGNORECASE(9)", "'abc'", "'ABC'");
                    case "SQLite" -> new Spelling("VARCHAR(9) COLLATE NOCASE", "'abc'", "'ABC'");
                    case "PostgreSQL" -> new Spelling("NUMERIC", "1.0", "1.00");
                    default -> new Spelling("VARCHAR(9) COLLATE utf8mb4_general_ci", "'abc'", "'ABC'");
                };
            }
        }
    }

    /** Adds settings of firms, of which the backup has one, and gives it another key in the database. */
    private Copy withSettings(Case each) throws Exception {
        Spelling spelling = Spelling.of(each.database);
        sql(
                each.database,
                "CREATE TABLE \"setting\" (\"code\" " + spelling.type
                        + " NOT NULL PRIMARY KEY, \"firm\" INTEGER, FOREIGN KEY (\"firm\") REFERENCES \"firm\" (\"id\") ON DELETE "
                        + each.action + ")",
                "INSERT INTO \"setting\" VALUES (" + spelling.before + ", 1)");
        Copy copy = each.copy("firm", "setting");
        sql(
                each.database,
                "INSERT INTO \"firm\" VALUES (2, 'b')",
                // Of a row that is updated so, H2 tells the old key still, by its index.
                "DELETE FROM \"setting\"",
                "INSERT INTO \"setting\" VALUES (" + spelling.now + ", 2)");
        return copy;
    }

    private static final String FIRM_2_IS_HELD =
            "table firm: 1 row that would be deleted is referred to by rows that stay, with the key 2";

    @Test
    void restoredRowWhoseKeyIsSpelledOtherwiseHoldsWhatItRefersToUnlessItIsOverwritten() throws Exception {
        for (Case each : cases(List.of("CASCADE", "SET NULL"))) {
            Copy copy = withSettings(each);
            JdbcTarget mirror =
                    JdbcTarget.merge(each.database, MergePolicy.onlyMissing()).table("firm", MergePolicy.mirror());
            assertThat(copy.preview(mirror).blockers()).as(each.toString()).containsExactly(FIRM_2_IS_HELD);
            restore(copy, mirror.table("setting", MergePolicy.overwriteChanged()));
            assertThat(each.all("firm")).as(each.toString()).isEqualTo("1 a");
            assertThat(rows(each.database, "SELECT \"firm\" FROM \"setting\"")).isEqualTo("1");
        }
    }

    @Test
    void rowThatIsInTheWayOfAnotherTakesNoRestoredOneWithItWhoseKeyIsSpelledOtherwise() throws Exception {
        for (Case each : cases(List.of("CASCADE"))) {
            Copy copy = withSettings(each);
            sql(
                    each.database,
                    "DELETE FROM \"person\"",
                    "UPDATE \"firm\" SET \"mail\" = 'c' WHERE \"id\" = 1",
                    "UPDATE \"firm\" SET \"mail\" = 'a' WHERE \"id\" = 2");
            JdbcTarget mirror = JdbcTarget.merge(each.database, MergePolicy.mirror());
            assertThat(copy.preview(mirror).blockers()).as(each.toString()).containsExactly(FIRM_2_IS_HELD);
        }
    }
}
