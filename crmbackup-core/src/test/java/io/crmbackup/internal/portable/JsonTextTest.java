package io.crmbackup.internal.portable;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTextTest {
    private static @Nullable String form(String document) {
        byte[] form = JsonText.canonical(document.getBytes(StandardCharsets.UTF_8));
        return form == null ? null : new String(form, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                // jsonb of PostgreSQL, JSON of MySQL, what was typed in
                "{\"b\": 1, \"a\": [true, null]}|{\"a\":[true,null],\"b\":1}",
                "{\"a\":[true,null],\"b\":1}|{\"a\":[true,null],\"b\":1}",
                " {\t\"b\" : 1.0 , \"a\":[ true,null ] } |{\"a\":[true,null],\"b\":1}",
                "1.50|15e-1",
                "-0|0",
                "12345678901234567890|1234567890123456789e1",
                "\"a\\/\\u00e9\\u000a\\u001F\\\"\"|\"a/é\\n\\u001f\\\"\"",
                "\"\\ud83d\\ude00\"|\"😀\"",
                "\"\\uD83d\"|\"\\ud83d\"",
                "\"\\u0000\\b\\f\\r\\t\\\\\"|\"\\u0000\\b\\f\\r\\t\\\\\"",
                "{\"\":{},\"B\":[],\"a\":{\"z\":1,\"y\":2}}|{\"\":{},\"B\":[],\"a\":{\"y\":2,\"z\":1}}",
                "false|false",
            })
    void documentsAreWhatTheySay(String rendered, String form) {
        assertThat(form(rendered)).isEqualTo(form);
        assertThat(form(form)).as("the form of a form").isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{\"a\":1,\"a\":1}",
                "[{\"a\":1,\"\\u0061\":2}]",
                "{",
                "[1,]",
                "1 2",
                "{a:1}",
                "NaN",
                "'a'",
                "01"
            })
    void whatIsNoDocumentOrAmbiguousHasNoForm(String rendered) {
        assertThat(form(rendered)).isNull();
    }

    @Test
    void bytesThatAreNoTextHaveNoForm() {
        assertThat(JsonText.canonical(new byte[] {'"', (byte) 0xff, '"'})).isNull();
    }

    @Test
    void nestingBeyondReasonHasNoForm() {
        assertThat(form("[".repeat(100) + "]".repeat(100))).hasSize(200);
        assertThat(form("[".repeat(100_000) + "]".repeat(100_000))).isNull();
    }
}
