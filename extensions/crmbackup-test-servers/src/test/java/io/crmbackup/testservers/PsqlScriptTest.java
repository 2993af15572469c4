package io.crmbackup.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PsqlScriptTest {
    private final TestDatabase database = PostgresServer.shared().newDatabase();

    @Test
    void variableThatIsNotGivenHasTheScriptsDefault() throws SQLException {
        String script = """
                \\if :{?scale} \\else \\set scale 10 \\endif
                CREATE TABLE t AS SELECT generate_series(1, 2 * :scale);
                """;
        run(script, Map.of());
        assertThat(database.number("SELECT count(*) FROM t")).isEqualTo(20);
        database.execute("DROP TABLE t");
        run(script, Map.of("scale", "3"));
        assertThat(database.number("SELECT count(*) FROM t")).isEqualTo(6);
    }

    @Test
    void whatAConditionExcludesIsNotRun() throws SQLException {
        run("""
                CREATE TABLE t (a text, b text);
                \\if false
                  \\if true
                    COPY t FROM stdin;
                1	\\N
                \\.
                    INSERT INTO t VALUES (2);
                  \\endif
                \\else
                  INSERT INTO t VALUES (3);
                \\endif
                """, Map.of());
        assertThat(database.number("SELECT sum(a::int) FROM t")).isEqualTo(3);
    }

    @Test
    void copiedRowsArriveWhole() throws SQLException {
        run("""
                CREATE TABLE t (a text, b text);
                COPY t (b, a) FROM stdin;
                1	semi;colon 'quote\\\\
                2	\\N
                \\.
                DELETE FROM t WHERE a IS NULL;
                """, Map.of());
        assertThat(database.number("SELECT count(*) FROM t")).isEqualTo(1);
        assertThat(database.number("SELECT b FROM t WHERE a = 'semi;colon ''quote\\'"))
                .isEqualTo(1);
    }

    @Test
    void unknownCommandFails() {
        assertThatThrownBy(() -> run("\\gexec", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\\gexec is none of");
    }

    private void run(String script, Map<String, String> variables) throws SQLException {
        try (Connection connection = database.getConnection()) {
            new PsqlScript(variables).run(script, connection);
        }
    }
}
