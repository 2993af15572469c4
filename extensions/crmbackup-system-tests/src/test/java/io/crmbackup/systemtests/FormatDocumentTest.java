package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.Snapshot;
import io.crmbackup.examples.reader.Restore;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.internal.crypto.NotAuthenticException;
import io.crmbackup.internal.object.ObjectRole;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/FORMAT.md are a whole repository, and what is said of it is so. */
class FormatDocumentTest {
    private static final Path DOCUMENT = Path.of("../../docs/FORMAT.md");
    private static final Pattern BLOCK = Pattern.compile("```hex ([^\n]+)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern VALUES = Pattern.compile("```values\n(.*?)```", Pattern.DOTALL);
    private static final Pattern OBJECT = Pattern.compile("repository|[a-z]+/[0-9a-f/]+");

    @TempDir
    private Path directory;

    @Test
    void theExampleIsARepositoryThatTheLibraryReads() throws IOException {
        try (BackupRepository repository = BackupRepository.on(DirectorySink.at(write()))
                .encryption(Encryption.none())
                .workDirectory(Files.createDirectory(directory.resolve("work")))
                .open()) {
            assertThat(repository.snapshots()).extracting(Snapshot::plan).containsExactly("crm");
        }
    }

    @Test
    void theExampleIsRestoredToWhatTheDocumentSays() throws IOException {
        Path target = directory.resolve("restored");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        List<String> arguments = List.of(write().toString(), "--none", "restore", "latest", target.toString());
        assertThat(Restore.run(arguments, print, print))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(Files.readString(DOCUMENT))
                .contains("```json\n" + Files.readString(target.resolve("db/contact.jsonl")) + "```");
    }

    @Test
    void everyValueOfTheExampleIsWhatTheLibraryFinds() throws IOException, NotAuthenticException {
        Map<String, byte[]> blocks = blocks();
        Map<String, byte[]> values = WorkedExample.values(objects(blocks));
        Map<String, String> stated = new LinkedHashMap<>();
        Map<String, String> found = new LinkedHashMap<>();
        blocks.forEach((name, bytes) -> {
            if (!OBJECT.matcher(name).matches()) {
                stated.put(name, HexFormat.of().formatHex(bytes));
                found.put(name, HexFormat.of().formatHex(values.getOrDefault(name, new byte[0])));
            }
        });
        assertThat(stated).hasSizeGreaterThan(12).isEqualTo(found);
        String manifest = new String(
                values.get("content of " + WorkedExample.name(objects(blocks), ObjectRole.SNAPSHOT)),
                StandardCharsets.UTF_8);
        assertThat(Files.readString(DOCUMENT).replaceAll("\n *", "")).contains(manifest);
    }

    private Path write() throws IOException {
        Path repository = directory.resolve("repository");
        for (Map.Entry<String, byte[]> object : objects(blocks()).entrySet()) {
            Path file = repository.resolve(object.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, object.getValue());
        }
        return repository;
    }

    private static Map<String, byte[]> objects(Map<String, byte[]> blocks) {
        Map<String, byte[]> objects = new LinkedHashMap<>(blocks);
        objects.keySet().removeIf(name -> !OBJECT.matcher(name).matches());
        return objects;
    }

    /** Lines are bytes, and after two spaces a comment, which for single values is the name. */
    private static Map<String, byte[]> blocks() throws IOException {
        Map<String, byte[]> blocks = new LinkedHashMap<>();
        for (MatchResult values :
                VALUES.matcher(Files.readString(DOCUMENT)).results().toList()) {
            for (String line : values.group(1).lines().toList()) {
                String[] parts = line.split("  ", 2);
                blocks.put(parts[1], HexFormat.of().parseHex(parts[0]));
            }
        }
        for (MatchResult block :
                BLOCK.matcher(Files.readString(DOCUMENT)).results().toList()) {
            StringBuilder digits = new StringBuilder();
            block.group(2)
                    .lines()
                    .forEach(
                            line -> digits.append(line.strip().split("  ", 2)[0].replace(" ", "")));
            blocks.put(block.group(1), HexFormat.of().parseHex(digits));
        }
        return blocks;
    }
}
