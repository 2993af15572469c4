package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A database whose product is not known: H2, with a driver that says something else. */
class OtherProductTest {
    private final DataSource database = h2();

    @Test
    void rowsOfAnyTypeThatIsKnownToJdbcAreCaptured() throws Exception {
        execute(
                database,
                "CREATE SCHEMA \"cr.m\"",
                "CREATE TABLE PARENT(ID INT PRIMARY KEY, NAME VARCHAR(10))",
                "CREATE TABLE \"cr.m\".\"o_d%d \"\"x\"(\"a b\" INT, \"select\" BIGINT, PARENT INT REFERENCES PUBLIC.PARENT(ID), TWICE INT GENERATED ALWAYS"
                        + " AS (PARENT * 2), D DECIMAL(10,2), F REAL, G DOUBLE PRECISION, B BOOLEAN, C CHAR(3), CL CLOB, VB VARBINARY(9),"
                        + " BL BLOB, DT DATE, TM TIME(9), TS TIMESTAMP(9), TZ TIMESTAMP WITH TIME ZONE, U UUID, PRIMARY KEY(\"select\", \"a b\"))",
                "CREATE TABLE \"cr.m\".\"oXd%d \"\"x\"(Z INT)",
                "INSERT INTO PARENT VALUES(1, 'é')",
                "INSERT INTO \"cr.m\".\"o_d%d \"\"x\" VALUES(1, 2, 1, DEFAULT, 1.50, 0.1, 1E0/3, TRUE, 'a', REPEAT('x', 20000), X'00ff', REPEAT(X'01', 20000),"
                        + " '1582-10-10', '23:59:59.999999999', '2024-03-10 02:30:00.123456789', '2024-01-01 00:00:00+05:45',"
                        + " '00000000-0000-0000-8000-ffffffffffff')",
                "INSERT INTO \"cr.m\".\"o_d%d \"\"x\"(\"a b\", \"select\") VALUES(0, 2)");
        Copy copy = Copy.of(JdbcSource.of(other(Map.of())));
        Copy.Part part = copy.parts().get("cr\\.m.o_d%d \"x");
        assertThat(part.schema().key()).containsExactly("select", "a b");
        assertThat(part.schema().indexOf("TWICE")).isEqualTo(-1);
        assertThat(part.schema().references()).extracting(Reference::collection).containsExactly("PARENT");
        assertThat(copy.parts().get("cr\\.m.oXd%d \"x").schema().fields()).hasSize(1);
        Copy known = Copy.of(JdbcSource.of(database));
        for (var field : part.schema().fields()) {
            if (field.name().equals("U")) {
                continue; // H2's driver gives it as bytes
            }
            int other = known.parts().get("cr\\.m.o_d%d \"x").schema().indexOf(field.name());
            int own = part.schema().indexOf(field.name());
            assertThat(part.rows().stream().map(row -> row.get(own)).toList())
                    .as(field.name())
                    .isEqualTo(known.parts().get("cr\\.m.o_d%d \"x").rows().stream()
                            .map(row -> row.get(other))
                            .toList());
        }
    }

    @Test
    void captureSaysWhatIsNotGuaranteed() throws Exception {
        execute(database, "CREATE TABLE T(ID INT PRIMARY KEY)");
        try (Capture capture = Copy.open(JdbcSource.of(other(Map.of())))) {
            assertThat(capture.attributes())
                    .containsEntry("product", "OtherDB")
                    .hasEntrySatisfying("consistency", text -> assertThat(text).startsWith("one moment only if"))
                    .hasEntrySatisfying("definitions", text -> assertThat(text).startsWith("not captured"));
        }
    }

    @Test
    void transactionSeesOneMomentIfTheProductShowsOne() throws Exception {
        execute(database, "CREATE TABLE A(ID INT PRIMARY KEY)", "CREATE TABLE B(ID INT PRIMARY KEY)");
        try (Capture capture = Copy.open(JdbcSource.of(other(Map.of())))) {
            execute(database, "INSERT INTO A VALUES(1)", "INSERT INTO B VALUES(1)");
            Copy copy = Copy.of(capture);
            assertThat(copy.parts().values())
                    .allSatisfy(part -> assertThat(part.rows()).isEmpty());
        }
    }

    @Test
    void typesWhoseValuesAreObjectsAreRefusedByName() throws Exception {
        for (String type : List.of("JAVA_OBJECT", "INT ARRAY", "GEOMETRY")) {
            execute(database, "DROP TABLE IF EXISTS T", "CREATE TABLE T(ID INT PRIMARY KEY, \"Thing\" " + type + ")");
            assertThatThrownBy(() -> Copy.of(JdbcSource.of(other(Map.of()))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("T.Thing is of type");
        }
    }

    @Test
    void databaseWithoutTransactionsOrIsolationIsRefused() throws Exception {
        execute(database, "CREATE TABLE T(ID INT PRIMARY KEY)");
        for (Map<String, Object> answers : List.<Map<String, Object>>of(
                Map.of("supportsTransactions", false), Map.of("getDatabaseProductName", "ClickHouse"))) {
            assertThatThrownBy(() -> Copy.of(JdbcSource.of(other(answers))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has no transactions");
        }
        assertThatThrownBy(() -> Copy.of(JdbcSource.of(other(Map.of("supportsTransactionIsolationLevel", false)))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("READ COMMITTED");
    }

    @Test
    void whatIsNoTableIsNamedAndNotRead() throws Exception {
        execute(
                database,
                "CREATE TABLE T(ID INT PRIMARY KEY)",
                "CREATE VIEW V AS SELECT * FROM T",
                "CREATE GLOBAL TEMPORARY TABLE G(ID INT)");
        try (Capture capture = Copy.open(JdbcSource.of(other(Map.of())))) {
            assertThat(capture.collections())
                    .extracting(CapturedCollection::name)
                    .containsExactly("T");
            assertThat(capture.attributes().get("leftOut"))
                    .contains("the content of views")
                    .contains("the content of G (global temporary)")
                    .doesNotContain("INFORMATION_SCHEMA");
        }
    }

    @Test
    void tablesOfOtherCatalogsAreNotTaken() throws Exception {
        execute(database, "CREATE TABLE T(ID INT PRIMARY KEY)");
        assertThatThrownBy(
                        () -> Copy.of(JdbcSource.of(other(Map.of("getCatalog", "ELSEWHERE", "ignoresCatalog", true)))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no tables");
    }

    @Test
    void namesThatNeedQuotesAreRefusedWhereThereAreNone() throws Exception {
        execute(database, "CREATE TABLE PLAIN(ID INT PRIMARY KEY)");
        DataSource noQuotes = other(Map.of("getIdentifierQuoteString", " "));
        assertThat(Copy.of(JdbcSource.of(noQuotes)).parts()).containsKey("PLAIN");
        execute(database, "CREATE TABLE \"PLAIN WHERE 1=0\"(ID INT)");
        assertThatThrownBy(() -> Copy.of(JdbcSource.of(noQuotes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("table PLAIN WHERE 1=0 can't be captured");
        assertThat(Copy.of(JdbcSource.from(noQuotes).exclude("* *").build()).parts())
                .containsOnlyKeys("PLAIN");
    }

    @Test
    void nothingIsRestoredIntoIt() throws Exception {
        execute(database, "CREATE TABLE T(ID INT PRIMARY KEY)");
        Copy copy = Copy.of(JdbcSource.of(other(Map.of())));
        for (JdbcTarget target :
                List.of(JdbcTarget.empty(other(Map.of())), JdbcTarget.merge(other(Map.of()), OnConflict.SKIP))) {
            assertThatThrownBy(() -> copy.preview(target))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("can't be written into OtherDB");
        }
    }

    /** The database, with other answers of its driver. */
    private DataSource other(Map<String, Object> answers) {
        return proxy(DataSource.class, database, Map.of(), answers);
    }

    private static <T> T proxy(Class<T> type, Object target, Map<String, Object> own, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                OtherProductTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (own.containsKey(method.getName())) {
                        return own.get(method.getName());
                    }
                    if (answers.containsKey("ignoresCatalog")
                            && method.getName().matches("getTables|getColumns")) {
                        arguments[0] = null;
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        if (result instanceof Connection connection) {
                            return proxy(Connection.class, connection, answers, answers);
                        }
                        if (result instanceof DatabaseMetaData meta) {
                            Map<String, Object> all = new HashMap<>(Map.of("getDatabaseProductName", "OtherDB"));
                            all.putAll(answers);
                            return proxy(DatabaseMetaData.class, meta, all, answers);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
