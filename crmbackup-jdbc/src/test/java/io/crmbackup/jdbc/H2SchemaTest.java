package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.TargetPreview;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Whatever H2 can have in a schema, through capture and restore. */
class H2SchemaTest {
    /** What only stores rows. */
    private static final String[] TABLES = {
        "SET COLLATION ENGLISH STRENGTH PRIMARY",
        "CREATE SCHEMA S1",
        "CREATE SCHEMA \"s.2\"",
        "CREATE DOMAIN S1.D1 AS VARCHAR(10) DEFAULT 'x' ON UPDATE 'y' CHECK (LENGTH(VALUE) > 0)",
        "COMMENT ON DOMAIN S1.D1 IS 'dom'",
        "CREATE DOMAIN D2 AS S1.D1 CHECK (VALUE <> 'q')",
        "CREATE SEQUENCE S1.SEQ START WITH 5 INCREMENT BY -2 MINVALUE -100 MAXVALUE 10 CYCLE CACHE 3",
        "CREATE SEQUENCE SEQ2 AS SMALLINT NO CYCLE",
        "COMMENT ON SEQUENCE S1.SEQ IS 'seq'",
        "COMMENT ON SCHEMA S1 IS 'LINKED TABLE'",
        "CREATE TABLE T(ID BIGINT GENERATED ALWAYS AS IDENTITY(START WITH 10 INCREMENT BY 5) PRIMARY KEY,"
                + " N INT DEFAULT NEXT VALUE FOR S1.SEQ, D D2, G INT GENERATED ALWAYS AS (N + 1), U VARCHAR DEFAULT 'a' ON UPDATE 'b',"
                + " HIDDEN INT INVISIBLE, DN INT DEFAULT 4 DEFAULT ON NULL, SEL INT SELECTIVITY 7, E ENUM('a', 'b'), AR INT ARRAY[4],"
                + " J JSON, CONSTRAINT CKS CHECK (N < 100))",
        "CREATE UNIQUE INDEX UI ON T(N DESC NULLS LAST, U)",
        "COMMENT ON INDEX UI IS 'ix'",
        "CREATE UNIQUE NULLS NOT DISTINCT INDEX UND ON T(DN)",
        "COMMENT ON TABLE T IS 'it''s LINKED TABLE x'",
        "COMMENT ON COLUMN T.N IS 'col'",
        "COMMENT ON CONSTRAINT CKS IS 'con'",
        "CREATE TABLE S1.CHILD(ID INT PRIMARY KEY, T BIGINT, P INT, UNIQUE(T, P), UNIQUE NULLS ALL DISTINCT(P),"
                + " FOREIGN KEY(T) REFERENCES PUBLIC.T(ID) ON DELETE SET NULL ON UPDATE CASCADE)",
        "ALTER TABLE S1.CHILD ADD CONSTRAINT SELF FOREIGN KEY(P) REFERENCES S1.CHILD(ID)",
        "CREATE TABLE \"s.2\".\"t\"\"q\"(\"a b\" INT, C VARCHAR_IGNORECASE(4))",
        "INSERT INTO T(N, D) VALUES(1, 'a')",
        "INSERT INTO S1.CHILD VALUES(1, 10, 1)",
    };

    /** What can run code. */
    private static final String[] PROGRAMS = {
        "CREATE CONSTANT ONE VALUE 1",
        "COMMENT ON CONSTANT ONE IS 'c1'",
        "CREATE ALIAS BITS FOR \"java.lang.Integer.bitCount\"",
        "COMMENT ON ALIAS BITS IS 'al'",
        "CREATE ALIAS S1.THRICE AS 'int thrice(int x) { return 3 * x; }'",
        "CREATE AGGREGATE COUNTED FOR \"io.crmbackup.jdbc.H2Code$Count\"",
        "ALTER TABLE T ADD COLUMN CK INT DEFAULT BITS(4) CHECK (CK >= BITS(1))",
        "CREATE VIEW V2 AS SELECT ID, N FROM T WHERE N > ONE AND U <> ' LINKED TABLE '",
        "CREATE VIEW A1(X, Y) AS SELECT * FROM V2",
        "COMMENT ON VIEW A1 IS 'vw'",
        "CREATE VIEW S1.V3 AS SELECT X FROM A1",
        "CREATE FORCE VIEW BROKEN AS SELECT * FROM NOWHERE",
        "CREATE MATERIALIZED VIEW MV AS SELECT N FROM T",
        "CREATE SYNONYM SYN FOR S1.CHILD",
        "CREATE TRIGGER TR BEFORE INSERT, UPDATE ON T FOR EACH ROW CALL \"io.crmbackup.jdbc.H2Code$Increment\"",
        "COMMENT ON TRIGGER TR IS 'tr'",
        "CREATE TRIGGER TV INSTEAD OF INSERT ON V2 FOR EACH ROW CALL \"io.crmbackup.jdbc.H2Code$Increment\"",
    };

    /** What isn't restored. */
    private static final String[] LEFT_OUT = {
        "CREATE USER BOB PASSWORD 'x'",
        "COMMENT ON USER BOB IS 'bob'",
        "CREATE ROLE R",
        "COMMENT ON ROLE R IS 'r'",
        "GRANT SELECT ON T TO R",
        "GRANT R TO BOB",
        "GRANT ALTER ANY SCHEMA TO BOB",
        "CREATE LINKED TABLE LT('org.h2.Driver', 'jdbc:h2:mem:y', 'sa', '', 'INFORMATION_SCHEMA.SETTINGS')",
        "COMMENT ON TABLE LT IS 'lt'",
        "CREATE GLOBAL TEMPORARY TABLE GT(A INT)",
        "COMMENT ON TABLE GT IS 'gt'",
    };

    @Test
    void whatIsKeyedAndRefersByGeneratedColumnsComesBack() throws Exception {
        DataSource database = h2();
        execute(
                database,
                "CREATE TABLE P(ID INT PRIMARY KEY)",
                "CREATE TABLE T(A INT, ID INT GENERATED ALWAYS AS (A * 2) PRIMARY KEY,"
                        + " P INT GENERATED ALWAYS AS (A) REFERENCES P(ID), OWN INT REFERENCES P(ID))",
                "INSERT INTO P VALUES(1), (2)",
                "INSERT INTO T(A, OWN) VALUES(1, 2)");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.parts().get("T").schema().isKeyed()).isFalse();
        assertThat(copy.parts().get("T").schema().references())
                .extracting("fields")
                .containsExactly(List.of("OWN"));
        DataSource restored = h2();
        copy.restore(JdbcTarget.empty(restored));
        assertThat(query(restored, "SELECT ID + 10 * P + 100 * OWN FROM T")).isEqualTo("212");
    }

    @Test
    void tablesOfAllKindsComeBackWithoutTrust() throws Exception {
        DataSource source = h2();
        execute(source, TABLES);
        DataSource target = h2();
        TargetPreview preview = Copy.of(JdbcSource.of(source)).restore(JdbcTarget.empty(target));
        assertThat(preview.notes()).noneMatch(note -> note.startsWith("not restored"));
        assertThat(script(target)).isEqualTo(script(source));
    }

    @Test
    void programsOfAllKindsComeBack() throws Exception {
        DataSource source = h2();
        execute(source, TABLES);
        execute(source, PROGRAMS);
        List<String> expected = script(source);
        execute(source, LEFT_OUT);
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.attributes().get("leftOut"))
                .contains("users, roles", "LT", "GT")
                .doesNotContain("MV");
        DataSource target = h2();
        TargetPreview preview = copy.restore(JdbcTarget.empty(target).trustSchema());
        assertThat(preview.notes()).noneMatch(note -> note.startsWith("not restored"));
        assertThat(script(target)).isEqualTo(expected);
        assertThat(query(target, "SELECT N FROM T")).isEqualTo("1");
        assertThat(query(target, "SELECT N FROM MV")).isEqualTo("1");
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(copy.parts());
    }

    @Test
    void programsNeedTrustAndAreNamed() throws Exception {
        DataSource source = h2();
        execute(source, TABLES);
        execute(source, PROGRAMS);
        execute(source, "ALTER TABLE T DROP COLUMN CK");
        DataSource target = h2();
        TargetPreview preview = Copy.of(JdbcSource.of(source)).restore(JdbcTarget.empty(target));
        for (String what : List.of("ALIAS", "AGGREGATE", "CONSTANT", "VIEW", "SYNONYM", "TRIGGER")) {
            assertThat(preview.notes()).anyMatch(note -> note.contains("trustSchema()") && note.contains(what));
            assertThat(script(target)).noneMatch(sql -> sql.contains(" " + what + " "));
        }
    }

    @Test
    void tableThatCallsAnAliasIsRefusedWithoutTrust() throws Exception {
        DataSource source = h2();
        execute(source, TABLES);
        execute(source, PROGRAMS);
        assertThat(Copy.of(JdbcSource.of(source))
                        .preview(JdbcTarget.empty(h2()))
                        .blockers())
                .anyMatch(why -> why.contains("trustSchema()") && why.contains("BITS"));
    }

    /** All that H2 says of its schema but who may use it. */
    private static List<String> script(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            List<String> all = new ArrayList<>(Dialect.strings(connection, "SCRIPT NODATA NOPASSWORDS").stream()
                    .filter(sql -> !sql.startsWith("--") && !sql.startsWith("CREATE USER"))
                    .toList());
            all.addAll(Dialect.strings(
                    connection,
                    "SELECT 'CREATE SYNONYM ' || SYNONYM_NAME || SYNONYM_FOR_SCHEMA || SYNONYM_FOR"
                            + " FROM INFORMATION_SCHEMA.SYNONYMS ORDER BY 1"));
            // Tables are made in the order of their names.
            all.sort(null);
            return all;
        }
    }
}
