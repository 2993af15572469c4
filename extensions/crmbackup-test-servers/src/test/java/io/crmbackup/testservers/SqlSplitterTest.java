package io.crmbackup.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.testservers.SqlSplitter.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SqlSplitterTest {
    @Test
    void semicolonsEndStatementsAndEmptyOnesAreNone() {
        assertThat(postgres(" a ;; \n b\n c; -- d;\n ;e")).containsExactly("a", "b\n c", "e");
        assertThat(postgres(" -- only a comment")).isEmpty();
    }

    @Test
    void stringsAndNamesMayHoldSemicolons() {
        assertThat(postgres("a ';' \";\" 'it''s;' b; c")).containsExactly("a ';' \";\" 'it''s;' b", "c");
        assertThat(mysql("a ';' \";\" `;``;` 'it''s;' b; c")).containsExactly("a ';' \";\" `;``;` 'it''s;' b", "c");
    }

    @Test
    void backslashEscapesInMysqlAndInEscapeStrings() {
        assertThat(mysql("'\\';'; \"\\\";\"; `\\`; a")).containsExactly("'\\';'", "\"\\\";\"", "`\\`", "a");
        assertThat(postgres("'\\'; E'\\';''\\';'; name'\\'; a"))
                .containsExactly("'\\'", "E'\\';''\\';'", "name'\\'", "a");
    }

    @Test
    void dollarQuotesHoldAnything() {
        assertThat(postgres("a $$ ; ' -- $x$ $$; b $x_1$ $$ ; $x_1$; c$1$; d"))
                .containsExactly("a $$ ; ' -- $x$ $$", "b $x_1$ $$ ; $x_1$", "c$1$", "d");
    }

    @Test
    void commentsAreLeftOutAndNestInPostgresOnly() {
        assertThat(postgres("a/* ; /* ; */ ' */b; c--;\nd")).containsExactly("a b", "c \nd");
        assertThat(mysql("a/* ; /* ; */b; c -- ;\nd # ;\n; e--1")).containsExactly("a b", "c  \nd", "e--1");
    }

    @Test
    void executedCommentsStay() {
        assertThat(mysql("/*!40101 SET a=';' */; /*M!100100 b */;\n/* c */;"))
                .containsExactly("/*!40101 SET a=';' */", "/*M!100100 b */");
    }

    @Test
    void delimiterIsAnother() {
        assertThat(mysql("a; DELIMITER ;;\nBEGIN b; c; END ;;\ndelimiter ;\nd; e"))
                .containsExactly("a", "BEGIN b; c; END", "d", "e");
    }

    @Test
    void variablesAreReplacedOutsideQuotes() {
        assertThat(postgres("10 * :x || ':x' || $$:x$$ || :'x' || a::x || b[1:y]; \":x\""))
                .containsExactly("10 * 7 || ':x' || $$:x$$ || '7' || a::x || b[1:y]", "\":x\"");
    }

    @Test
    void backslashLinesAreStatements() {
        assertThat(postgres("a;\n\\set x 1; \\set y 2\nb;")).containsExactly("a", "\\set x 1; \\set y 2", "b");
    }

    @Test
    void copiedLinesEndWithADot() {
        SqlSplitter splitter =
                new SqlSplitter("COPY t FROM stdin;\n1\t;'\\\\\n\\N\n\\.\nb;", Dialect.POSTGRES, Map.of());
        assertThat(splitter.next()).contains("COPY t FROM stdin");
        assertThat(splitter.line()).isEmpty();
        assertThat(splitter.copiedLines()).isEqualTo("1\t;'\\\\\n\\N\n");
        assertThat(splitter.next()).contains("b");
        assertThat(splitter.next()).isEmpty();
    }

    @Test
    void whatDoesNotEndFailsWithItsLine() {
        assertThatThrownBy(() -> postgres("a;\nb 'c;")).hasMessage("Line 2: no end of '");
        assertThatThrownBy(() -> postgres("/* /* */")).hasMessage("Line 1: no end of comment");
        assertThatThrownBy(() -> postgres("\n\n$x$ $$")).hasMessage("Line 3: no end of $x$");
    }

    private static List<String> postgres(String script) {
        return all(new SqlSplitter(script, Dialect.POSTGRES, Map.of("x", "7")));
    }

    private static List<String> mysql(String script) {
        return all(new SqlSplitter(script, Dialect.MYSQL, Map.of("x", "7")));
    }

    private static List<String> all(SqlSplitter splitter) {
        List<String> statements = new ArrayList<>();
        for (Optional<String> next = splitter.next(); next.isPresent(); next = splitter.next()) {
            statements.add(next.get());
        }
        return statements;
    }
}
