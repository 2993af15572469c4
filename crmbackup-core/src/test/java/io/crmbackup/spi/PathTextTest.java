package io.crmbackup.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PathTextTest {
    @Test
    void textIsShownAsItIs() {
        assertThat(RecordKey.path("Größe/日本/a b.txt").pathText()).isEqualTo("Größe/日本/a b.txt");
    }

    @Test
    void bytesThatAreNoTextAreShownAsBytes() {
        assertThat(RecordKey.of(new byte[] {'a', (byte) 0xff, 0, 'b'}).pathText())
                .isEqualTo("a\\xff/b");
    }

    @Test
    void whatWouldDeceiveAPersonIsEscaped() {
        assertThat(RecordKey.path("a\u001b[31m\nb").pathText()).isEqualTo("a\\x1b[31m\\x0ab");
        assertThat(RecordKey.path("invoice\u202efdp.exe").pathText()).isEqualTo("invoice\\xe2\\x80\\xaefdp.exe");
        assertThat(RecordKey.path("a\u0085b").pathText()).isEqualTo("a\\xc2\\x85b");
        assertThat(RecordKey.path("a\u2028b").pathText()).isEqualTo("a\\xe2\\x80\\xa8b");
        Problem problem = new Problem(Problem.Kind.UNREADABLE, "files", "a\u202eb\n", "no\u2066\u001b");
        assertThat(problem.item()).isEqualTo("a\\u202eb\\u000a");
        assertThat(problem.message()).isEqualTo("no\\u2066\\u001b");
    }

    @Test
    void differentPathsOfPlainTextHaveDifferentTexts() {
        assertThat(RecordKey.of("a\0b".getBytes(StandardCharsets.UTF_8)).pathText())
                .isEqualTo("a/b");
    }
}
