package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Merges.restore;
import static io.crmbackup.jdbc.Merges.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.OnConflict;
import io.crmbackup.testservers.TestDatabase;
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
}
