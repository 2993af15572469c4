package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Merges.restore;
import static io.crmbackup.jdbc.Merges.table;
import static io.crmbackup.jdbc.Merges.undo;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.testservers.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What MariaDB would take from values without a word when rows are put back into its tables. */
class MariaDbMergeTest {
    private final TestDatabase database = TestedServer.mariaDb().newDatabase();

    @Test
    void valuesThatColumnsWouldCutOrDropNowRefuseTheRestore() throws Exception {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, e enum('a','b','C''s'), s set('x','y','z'), l longtext, m mediumblob, v varchar(300))",
                "INSERT INTO t VALUES (1, 'a', 'x,y', 'short', 'short', 'short'), (2, 'C''s', '', '', '', ''), (3, 'b', 'x,z', '', '', ''),"
                        + " (4, 'b', '', REPEAT('x', 65536), '', ''), (5, 'b', '', '', REPEAT('x', 65536), ''),"
                        + " (6, 'b', '', '', '', REPEAT('x', 256)), (7, 'B', 'y', REPEAT('x', 65535), REPEAT('x', 65535), REPEAT('x', 255))");
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute(
                "DELETE FROM t",
                "ALTER TABLE t MODIFY e enum('A','b'), MODIFY s set('y','x'), MODIFY l text, MODIFY m blob, MODIFY v tinytext");
        assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.REPLACE)).blockers())
                .containsExactlyInAnyOrder(
                        "table t: 1 row with a value that doesn't fit into column e enum('A','b'), with the key 2",
                        "table t: 1 row with a value that doesn't fit into column s set('y','x'), with the key 3",
                        "table t: 1 row with a value that doesn't fit into column l text, with the key 4",
                        "table t: 1 row with a value that doesn't fit into column m blob, with the key 5",
                        "table t: 1 row with a value that doesn't fit into column v tinytext, with the key 6");
        Copy fitting =
                copy.only("t", row -> "17".contains(String.valueOf(row.get(0).text())));
        assertThat(table(restore(fitting, JdbcTarget.merge(database, OnConflict.REPLACE)), "t")
                        .created())
                .isEqualTo(2);
        assertThat(
                        query(
                                database,
                                "SELECT GROUP_CONCAT(CONCAT_WS('|', e, s, LENGTH(l), LENGTH(m), LENGTH(v)) ORDER BY id) FROM t"))
                .isEqualTo("A|y,x|5|5|5,b|y|65535|65535|255");
    }

    @Test
    void charactersThatColumnsDoNotHaveNowRefuseTheRestore() throws Exception {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v varchar(20), c char(9), l longtext, u text, k varchar(9), j varchar(9))"
                        + " DEFAULT CHARSET=utf8mb4",
                "INSERT INTO t VALUES (1, 'ä€', 'a', 'b', '世', 'c', 'd'), (2, 'Ł', '', '', '', '', ''), (3, '', 'é', '', '', '', ''),"
                        + " (4, '', '', CONCAT(REPEAT('x', 200000), '🎉'), '', '', ''), (5, '', '', '', '🎉', '', ''),"
                        + " (6, '', '', '', '', '[', ''), (7, '', '', '', '', '', '世'), (8, '?', '?', '?', '?', '?', '?')");
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute(
                "DELETE FROM t",
                "ALTER TABLE t MODIFY v varchar(20) CHARACTER SET latin1, MODIFY c char(9) CHARACTER SET ascii,"
                        + " MODIFY l longtext CHARACTER SET latin1, MODIFY u text CHARACTER SET utf8mb3,"
                        + " MODIFY k varchar(9) CHARACTER SET swe7, MODIFY j varchar(9) CHARACTER SET koi8r");
        assertThat(copy.preview(JdbcTarget.merge(database, OnConflict.REPLACE)).blockers())
                .containsExactlyInAnyOrder(
                        "table t: 1 row with characters that column v in the character set latin1 doesn't have, with the key 2",
                        "table t: 1 row with characters that column c in the character set ascii doesn't have, with the key 3",
                        "table t: 1 row with characters that column l in the character set latin1 doesn't have, with the key 4",
                        "table t: 1 row with characters that column u in the character set utf8mb3 doesn't have, with the key 5",
                        "table t: 1 row with characters that column k in the character set swe7 doesn't have, with the key 6",
                        "table t: 1 row with characters that column j in the character set koi8r doesn't have, with the key 7");
        Copy fitting =
                copy.only("t", row -> "18".contains(String.valueOf(row.get(0).text())));
        restore(fitting, JdbcTarget.merge(database, OnConflict.REPLACE));
        assertThat(query(database, "SELECT CONCAT_WS('|', v, c, l, u, k, j) FROM t ORDER BY id"))
                .isEqualTo("ä€|a|b|世|c|d,?|?|?|?|?|?");
    }

    @Test
    void charactersThatColumnsDoNotHaveNowAreConflictsWhereChangesAreUndone() throws Exception {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v varchar(20), w varchar(20)) DEFAULT CHARSET=utf8mb4",
                "INSERT INTO t VALUES (1, 'Ł', 'old'), (2, 'ä', 'old'), (3, 'Ł', 'old')");
        Copy before = Copy.of(JdbcSource.of(database));
        database.execute("UPDATE t SET v = 'damaged', w = 'damaged' WHERE id < 3", "UPDATE t SET w = 'damaged'");
        Copy after = Copy.of(JdbcSource.of(database));
        database.execute(
                "UPDATE t SET v = 'L' WHERE id = 3", "ALTER TABLE t MODIFY v varchar(20) CHARACTER SET latin1");
        CollectionChanges changes = table(undo(database, before, after), "t");
        assertThat(changes.conflicts())
                .extracting(conflict -> conflict.key() + " " + conflict.reason())
                .containsExactly("1 with characters that column v in the character set latin1 doesn't have");
        assertThat(query(database, "SELECT CONCAT_WS('|', v, w) FROM t ORDER BY id"))
                .isEqualTo("damaged|damaged,ä|old,L|old");
    }

    @Test
    void charactersAreForetoldAsTheServerStoresThem() throws Exception {
        List<String> sets = List.of(query(
                        database,
                        "SELECT CHARACTER_SET_NAME FROM information_schema.CHARACTER_SETS WHERE CHARACTER_SET_NAME <> 'binary'")
                .split(","));
        Random random = new Random(7);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            for (int j = 0; j < 60; j++) {
                // Most sets have characters below U+0600, and those of Asia's some beyond.
                int character = j < 40 ? 32 + random.nextInt(0x5e0) : 0x2000 + random.nextInt(0x8000);
                rows.add("(" + rows.size() + ", " + "NULL, ".repeat(i) + "CONVERT(X'"
                        + HexFormat.of().formatHex(Character.toString(character).getBytes(StandardCharsets.UTF_8))
                        + "' USING utf8mb4)" + ", NULL".repeat(sets.size() - 1 - i) + ")");
            }
        }
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, " + String.join(" varchar(2), ", sets)
                        + " varchar(2)) DEFAULT CHARSET=utf8mb4",
                "INSERT INTO t VALUES " + String.join(", ", rows),
                "CREATE TABLE kept AS SELECT * FROM t");
        Copy copy = Copy.of(JdbcSource.of(database)).only("t", row -> true);
        database.execute("DELETE FROM t");
        for (String set : sets) {
            database.execute("ALTER TABLE t MODIFY " + set + " varchar(2) CHARACTER SET " + set);
        }
        List<String> blockers =
                copy.preview(JdbcTarget.merge(database, OnConflict.REPLACE)).blockers();
        database.execute("SET sql_mode = ''", "INSERT INTO t SELECT * FROM kept");
        for (String set : sets) {
            long lost = Long.parseLong(query(
                    database,
                    "SELECT COUNT(*) FROM t JOIN kept USING (id) WHERE BINARY CONVERT(t." + set
                            + " USING utf8mb4) <> BINARY kept." + set));
            assertThat(blockers.stream().filter(blocker -> blocker.contains(" column " + set + " ")))
                    .as(set)
                    .hasSize(lost == 0 ? 0 : 1)
                    .allMatch(blocker -> blocker.startsWith("table t: " + lost + " row"));
        }
    }
}
