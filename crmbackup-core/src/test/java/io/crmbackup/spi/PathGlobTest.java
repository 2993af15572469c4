package io.crmbackup.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathGlobTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.tmp | a.tmp",
                "*.tmp | a.tmp",
                "*.tmp | .tmp",
                "*/*.tmp | d/a.tmp",
                "**/*.tmp | a.tmp",
                "**/*.tmp | d/e/f/a.tmp",
                "** | a",
                "** | a/b/c",
                "a/** | a",
                "a/**/** | a",
                "a/** | a/b",
                "a/** | a/b/c",
                "a/**/b | a/b",
                "a/**/b | a/x/y/b",
                "**/b/** | a/b/c",
                "**/**/b | b",
                "?? | äö",
                "a?c | a€c",
                "*.{jpg,png} | x.png",
                "*.{jpg,png} | x.jpg",
                "{a*,b}{1,2}/c | abc2/c",
                "x{,y}z | xz",
                "x{,y}z | xyz",
                "a[1] | a[1]",
                "a,b | a,b",
                "\\*\\{\\\\ | *{\\",
                "*a*b*c | xxaxxbxxabc",
            })
    void describes(String pattern, String path) {
        assertThat(PathGlob.of(pattern).matches(RecordKey.path(path))).isTrue();
        assertThat(PathGlob.of(pattern).matchesOrCovers(RecordKey.path(path))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*.tmp | d/a.tmp",
                "*.tmp | a.tmpx",
                "*.tmp | a.TMP",
                "* | a/b",
                "a/** | ab",
                "a/** | b/a/c",
                "a/**/b | a/xb",
                "a/**/b | ab",
                "**/b | ab",
                "? | ab",
                "? | a/b",
                "a?b | a/b",
                "?? | ä",
                "*.{jpg,png} | x.gif",
                "*.{jpg,png} | x.jpgpng",
                "x{,y}z | xyyz",
                "a[1] | a1",
                "\\* | x",
            })
    void doesNotDescribe(String pattern, String path) {
        assertThat(PathGlob.of(pattern).matches(RecordKey.path(path))).isFalse();
    }

    @Test
    void coversWhatLiesBelow() {
        PathGlob glob = PathGlob.of("*/cache");

        assertThat(glob.matchesOrCovers(RecordKey.path("a/cache"))).isTrue();
        assertThat(glob.matchesOrCovers(RecordKey.path("a/cache/x/y"))).isTrue();
        assertThat(glob.matchesOrCovers(RecordKey.path("a/cache2/x"))).isFalse();
        assertThat(glob.matchesOrCovers(RecordKey.path("a"))).isFalse();
        assertThat(glob.matches(RecordKey.path("a/cache/x"))).isFalse();
    }

    @Test
    void saysWhereThereIsNoNeedToLook() {
        PathGlob glob = PathGlob.of("2024/*/*.pdf");

        assertThat(glob.reachesBelow(RecordKey.path("2024"))).isTrue();
        assertThat(glob.reachesBelow(RecordKey.path("2024/x"))).isTrue();
        assertThat(glob.reachesBelow(RecordKey.path("2023"))).isFalse();
        assertThat(glob.reachesBelow(RecordKey.path("2024/x/y.pdf"))).isFalse();
        assertThat(PathGlob.of("**/x").reachesBelow(RecordKey.path("a/b"))).isTrue();
    }

    @Test
    void bytesThatAreNoTextAreMatched() {
        RecordKey key = RecordKey.path(List.of(new byte[] {'a', (byte) 0xff, (byte) 0x80}));

        assertThat(PathGlob.of("a*").matches(key)).isTrue();
        assertThat(PathGlob.of("a?").matches(key)).isTrue();
        assertThat(PathGlob.of("a??").matches(key)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/a", "a/", "a//b", "..", "a/../b", "./a", "a**", "**a/b", "{a", "a}", "{a,{b}}", "{a/b}", "a\\",
                "a\0b"
            })
    void whatIsNoPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> PathGlob.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + pattern + "\"");
    }

    @Test
    void patternThatBacktrackingNeverFinishesIsMatchedAtOnce() {
        PathGlob glob = PathGlob.of("*a".repeat(400) + "b");

        assertThat(glob.matches(RecordKey.path("a".repeat(20_000)))).isFalse();
        assertThat(glob.matches(RecordKey.path("a".repeat(20_000) + "b"))).isTrue();
    }

    @Test
    void agreesWithRegularExpressions() {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, new String[] {"a", "b", "/", "*", "?", "{a,b}", "{ab,*a}", "/**/"});
            if (pattern.contains("**/**")) {
                continue;
            }
            String path = text(random, new String[] {"a", "b", "/", "ab"});
            PathGlob glob;
            RecordKey key;
            try {
                glob = PathGlob.of(pattern);
                key = RecordKey.path(path);
            } catch (IllegalArgumentException e) {
                continue;
            }
            assertThat(glob.matches(key))
                    .as("pattern %s, path %s, seed %d", pattern, path, seed)
                    .isEqualTo(regex(pattern).matcher(path).matches());
        }
    }

    private static String text(Random random, String[] parts) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(6) + 1; i > 0; i--) {
            out.append(parts[random.nextInt(parts.length)]);
        }
        return out.toString();
    }

    private static Pattern regex(String pattern) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (pattern.startsWith("**/", i)) {
                out.append("(.+/)?");
                i += 2;
            } else if (pattern.endsWith("/**") && i == pattern.length() - 3) {
                out.append("(/.+)?");
                i += 2;
            } else if (pattern.equals("**")) {
                out.append(".+");
                i++;
            } else {
                out.append(
                        switch (c) {
                            case '*' -> "[^/]*";
                            case '?' -> "[^/]";
                            case '{' -> "(";
                            case '}' -> ")";
                            case ',' -> "|";
                            default -> String.valueOf(c);
                        });
            }
        }
        return Pattern.compile(out.toString());
    }

    @Test
    void pathTextShowsPathsAndEscapesWhatIsNoText() {
        assertThat(RecordKey.path("a/ö/€").pathText()).isEqualTo("a/ö/€");
        assertThat(RecordKey.path("a/b\n\u001b").pathText()).isEqualTo("a/b\\x0a\\x1b");
        assertThat(RecordKey.path(List.of("d".getBytes(StandardCharsets.UTF_8), new byte[] {'x', (byte) 0xff}))
                        .pathText())
                .isEqualTo("d/x\\xff");
        assertThatThrownBy(() -> RecordKey.path("/a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecordKey.path("")).isInstanceOf(IllegalArgumentException.class);
    }
}
