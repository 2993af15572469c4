package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says is true. */
class ReadmeTest {
    private static final Path PROJECT = Path.of("../..");

    @Test
    void javaCodeIsThatOfTheExamples() throws IOException {
        List<String> shown = blocks(read("README.md"), Pattern.compile("```java\n(.*?)```", Pattern.DOTALL));
        List<String> compiled = blocks(
                read("examples/quickstart/src/main/java/io/crmbackup/examples/quickstart/FirstBackup.java"),
                Pattern.compile("// README: (?!end)[^\n]*\n(.*?)// README: end", Pattern.DOTALL));
        assertThat(shown).isNotEmpty().containsExactlyElementsOf(compiled);
    }

    @Test
    void eachOfTheTwoCommandsStandsAloneBelowItsHeading() throws IOException {
        for (String heading : List.of("Run it", "Test it")) {
            Matcher section = Pattern.compile("## " + heading + "\n+```bash\n([^\n]+)\n```\n")
                    .matcher(read("README.md"));
            assertThat(section.find()).as(heading).isTrue();
            assertThat(section.group(1)).startsWith("./mvnw ");
        }
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        for (String document : List.of("README.md", "docs/ARCHITECTURE.md", "docs/SECURITY.md")) {
            Path base = PROJECT.resolve(document).toAbsolutePath().normalize().getParent();
            Matcher links = Pattern.compile("\\]\\((?!https?:)([^)#]+)").matcher(read(document));
            while (links.find()) {
                assertThat(base == null ? Path.of(links.group(1)) : base.resolve(links.group(1)))
                        .as(document)
                        .exists();
            }
        }
    }

    private static List<String> blocks(String text, Pattern pattern) {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            blocks.add(matcher.group(1).replaceAll("\\s+", ""));
        }
        return blocks;
    }

    private static String read(String path) throws IOException {
        return Files.readString(PROJECT.resolve(path));
    }
}
