package io.crmbackup.jdbc.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientSyntaxTest {
    private static boolean isSafe(ClientSyntax clients, String sql) {
        return clients.read(SchemaStatement.of(sql)).isSafe();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE public.t (a integer[\\! rm x\n])",
                "CREATE TABLE public.t (a integer, `; \\! rm x\n` integer)",
                "CREATE TABLE t (a integer[;])",
            })
    void whatPsqlTakesForACommandIsNotSafe(String sql) {
        assertThat(isSafe(ClientSyntax.STANDARD, sql)).as(sql).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE t (a ARRAY['], b);\n.shell rm x\nCREATE TABLE z (c ARRAY['])",
                "CREATE TABLE t (a INTEGER CHECK (a > 1\n/\n.5))",
                "CREATE TABLE t (a INTEGER CHECK (a > 1 +\n  .5))",
                "CREATE TABLE t (a\nGo\n, b)",
                "CREATE TABLE t (a\ngo /* on */\nDROP TABLE u\ngo/**/ -- on\n)",
                "CREATE TABLE t (a\n/ /* on */\nATTACH 'f' AS f\n)",
            })
    void whatSqlite3TakesForACommandIsNotSafe(String sql) {
        assertThat(isSafe(ClientSyntax.SQLITE, sql)).as(sql).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE t (a integer[], b text DEFAULT '; \\! x', \"c;\\\" integer)",
                "CREATE TABLE t (a text CHECK (a ~ '^\\d+$')) -- it's; \\! harmless",
                "CREATE TABLE t (a text /* it's; */, b text)",
                "CREATE TABLE t (a numeric(5, 2) DEFAULT .5)",
            })
    void whatOnlyLooksLikeACommandIsSafe(String sql) {
        assertThat(isSafe(ClientSyntax.STANDARD, sql)).as(sql).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE [a b;] (`c;\\d` INT, \"d\" CHECK (\"d\" IN (1, 2)), PRIMARY KEY(`c;\\d`)) -- end",
                "CREATE INDEX i ON t(a) -- by name\n",
                "CREATE TABLE t (a DEFAULT 'x\n.shell y\n/\n', b)",
            })
    void whatSqlite3ReadsAsTheDatabaseDoesIsSafe(String sql) {
        assertThat(isSafe(ClientSyntax.SQLITE, sql)).as(sql).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE TABLE t (a INT)\nDELIMITER x", "CREATE TABLE t (delimiter INT)"})
    void aWordThatEndsStatementsOtherwiseIsNotSafeInMySql(String sql) {
        SchemaStatement statement = new SchemaStatement(
                sql, SchemaStatement.Type.TABLE, Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(ClientSyntax.MYSQL.read(statement).isSafe()).isFalse();
        assertThat(ClientSyntax.MYSQL.read(statement).doubt().orElseThrow()).contains("command");
    }
}
