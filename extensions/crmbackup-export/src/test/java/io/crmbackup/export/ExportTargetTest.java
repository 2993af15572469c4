package io.crmbackup.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportTargetTest {
    @TempDir
    private Path parent;

    private static Rows texts(String name, String... texts) {
        return Rows.of(
                name,
                RecordSchema.builder().field("id", FieldType.INTEGER).field("text", FieldType.TEXT),
                Arrays.stream(texts)
                        .flatMap(text -> Stream.of(FieldValue.number(1), FieldValue.text(text)))
                        .toArray(FieldValue[]::new));
    }

    private static TargetSession open(ExportTarget target, RestoredCollection... collections) throws IOException {
        return target.open(Map.of(), List.of(collections));
    }

    private static void export(ExportTarget target, RestoredCollection... collections) throws IOException {
        try (TargetSession session = open(target, collections)) {
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            session.finish();
        }
    }

    private static String csv(Rows rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        export(ExportTarget.csv(out), rows);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String json(Rows rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        export(ExportTarget.jsonLines(out), rows);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path directory() throws IOException {
        return Files.createDirectories(parent.resolve("exports"));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void csvQuotesTextAndTellsNothingFromEmptyText() throws IOException {
        Rows rows = Rows.of(
                "t",
                RecordSchema.builder()
                        .field("id", FieldType.INTEGER)
                        .field("a \"b\", c", FieldType.TEXT)
                        .field("last", FieldType.TEXT),
                FieldValue.number(1),
                FieldValue.text("say \"hi\", \r\nthen go"),
                FieldValue.text("x"),
                FieldValue.number(2),
                FieldValue.text(""),
                FieldValue.NULL);
        assertThat(csv(rows))
                .isEqualTo("\"id\",\"a \"\"b\"\", c\",\"last\"\r\n"
                        + "1,\"say \"\"hi\"\", \r\nthen go\",\"x\"\r\n"
                        + "2,\"\",\r\n");
    }

    @Test
    void csvHasNumbersAsTheyAreStoredAndBytesInHexadecimalDigits() throws IOException {
        Rows rows = Rows.of(
                "t",
                RecordSchema.builder()
                        .field("worth", FieldType.DECIMAL)
                        .field("ratio", FieldType.FLOAT)
                        .field("any", FieldType.DYNAMIC)
                        .field("picture", FieldType.BYTES),
                FieldValue.text("-12345678901234567890123456.70"),
                FieldValue.text("-Infinity"),
                FieldValue.text("i-9007199254740993"),
                FieldValue.of(new byte[] {0, (byte) 0xff, 0x2c}));
        assertThat(csv(rows)).endsWith("\r\n-12345678901234567890123456.70,-Infinity,-9007199254740993,\"00ff2c\"\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1"})
    void onlySpreadsheetsGetAnApostropheBeforeFormulas(String formula) throws IOException {
        export(ExportTarget.csvForSpreadsheets(directory()), texts("t", formula, "a=1", ""));
        assertThat(Files.readString(directory().resolve("t.csv")))
                .endsWith("\r\n1,\"'" + formula + "\"\r\n1,\"a=1\"\r\n1,\"\"\r\n");
        assertThat(csv(texts("t", formula))).endsWith("\r\n1,\"" + formula + "\"\r\n");
    }

    @Test
    void spreadsheetsGetNoFormulaAsTheNameOfAColumn() throws IOException {
        export(
                ExportTarget.csvForSpreadsheets(directory()),
                Rows.of("t", RecordSchema.builder().field("=cmd", FieldType.TEXT)));
        assertThat(Files.readString(directory().resolve("t.csv"))).isEqualTo("\"'=cmd\"\r\n");
    }

    @Test
    void jsonHasNumbersInTheirDigitsAndBytesInBase64() throws IOException {
        Rows rows = Rows.of(
                "t",
                RecordSchema.builder()
                        .field("big", FieldType.INTEGER)
                        .field("worth", FieldType.DECIMAL)
                        .field("ratio", FieldType.FLOAT)
                        .field("none", FieldType.FLOAT)
                        .field("is", FieldType.BOOLEAN)
                        .field("picture", FieldType.BYTES)
                        .field("any", FieldType.DYNAMIC)
                        .field("gone", FieldType.TEXT),
                FieldValue.text("18446744073709551615"),
                FieldValue.text("1.10"),
                FieldValue.text("1.0E-7"),
                FieldValue.text("NaN"),
                FieldValue.text("true"),
                FieldValue.of(new byte[] {0, (byte) 0xff}),
                FieldValue.of(new byte[] {'b', 1, 2, 3}),
                FieldValue.NULL);
        assertThat(json(rows))
                .isEqualTo("{\"big\":18446744073709551615,\"worth\":1.10,\"ratio\":1.0E-7,\"none\":\"NaN\",\"is\":true,"
                        + "\"picture\":\"AP8=\",\"any\":\"AQID\",\"gone\":null}\n");
    }

    @Test
    void jsonKeepsEachRecordOnItsLine() throws IOException {
        assertThat(json(texts("t", "a\"\\\n\r\t\u0001\u2028é😀")))
                .isEqualTo("{\"id\":1,\"text\":\"a\\\"\\\\\\n\\r\\t\\u0001\\u2028é😀\"}\n");
    }

    @Test
    void longContentComesWholeWhereItIsDivided() throws IOException {
        byte[] bytes = new byte[100_003];
        Arrays.fill(bytes, (byte) 7);
        String text = "x" + "😀".repeat(20_000);
        Rows rows = Rows.of(
                "t",
                RecordSchema.builder().field("text", FieldType.TEXT).field("bytes", FieldType.BYTES),
                FieldValue.content(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), -1),
                FieldValue.content(() -> new ByteArrayInputStream(bytes), bytes.length));
        assertThat(json(rows))
                .isEqualTo("{\"text\":\"" + text + "\",\"bytes\":\""
                        + Base64.getEncoder().encodeToString(bytes) + "\"}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "../../evil, %2e.%2f..%2fevil.csv",
        "/etc/passwd, %2fetc%2fpasswd.csv",
        "..\\evil, %2e.%5cevil.csv",
        "C:evil, C%3aevil.csv",
        ".hidden, %2ehidden.csv",
        "a%2fb, a%252fb.csv",
        "nul, %nul.csv",
        "sales.order, sales.order.csv"
    })
    void noNameOfATableLeadsOutOfTheDirectory(String table, String file) throws IOException {
        export(ExportTarget.csv(directory()), texts(table, "x"));
        assertThat(names(directory())).containsExactly(file);
        assertThat(names(parent)).containsExactly("exports");
    }

    @Test
    void anExportThatIsCutShortLeavesNothing() throws IOException {
        Rows whole = texts("a", "x");
        Rows fault = texts("b", "x").endingInFault();
        try (TargetSession session = open(ExportTarget.csv(directory()), whole, fault)) {
            session.begin();
            session.write(whole);
            assertThatThrownBy(() -> session.write(fault)).hasMessage("the store is gone");
            assertThat(names(directory())).containsExactly("a.csv.part", "b.csv.part");
        }
        assertThat(names(directory())).isEmpty();
    }

    @Test
    void aFileThatCameMeanwhileIsNotReplaced() throws IOException {
        Rows one = texts("a", "x");
        Rows two = texts("b", "x");
        try (TargetSession session = open(ExportTarget.csv(directory()), one, two)) {
            session.begin();
            session.write(one);
            session.write(two);
            Files.writeString(directory().resolve("b.csv"), "mine");
            assertThatThrownBy(session::finish).isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(names(directory())).containsExactly("b.csv");
        assertThat(directory().resolve("b.csv")).hasContent("mine");
    }

    @Test
    void whatIsThereAndTablesOfOneFileNameAreRefused() throws IOException {
        Files.writeString(directory().resolve("a.csv.part"), "mine");
        ExportTarget target = ExportTarget.csv(directory());
        try (TargetSession session = open(target, texts("a"), texts("B"), texts("b"))) {
            assertThat(session.preview().blockers())
                    .containsExactly("there is a file a.csv.part already", "two tables would have the file b.csv");
            assertThatThrownBy(session::begin).isInstanceOf(IOException.class);
        }
        assertThat(names(directory())).containsExactly("a.csv.part");
    }

    private static Rows table() {
        return Rows.of(
                "t",
                RecordSchema.builder()
                        .field("id", FieldType.INTEGER)
                        .attribute("statement.00000", "CREATE TABLE public.t (id integer)")
                        .attribute("statement.00001", "ALTER TABLE ONLY public.t ADD CONSTRAINT t_key UNIQUE (id)"),
                FieldValue.number(1));
    }

    private static String sql(Map<String, String> attributes, RestoredCollection... collections) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TargetSession session = ExportTarget.sql(out).open(attributes, List.of(collections))) {
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            session.finish();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void sqlDefinesTablesBeforeRowsAndKeysAfterThem() throws IOException {
        assertThat(sql(Map.of("product", "PostgreSQL"), table()).lines().filter(line -> !line.startsWith("SET ")))
                .containsExactly(
                        "CREATE TABLE public.t (id integer);",
                        "INSERT INTO \"public\".\"t\" (\"id\") OVERRIDING SYSTEM VALUE VALUES (1);",
                        "ALTER TABLE ONLY public.t ADD CONSTRAINT t_key UNIQUE (id);");
    }

    @Test
    void aTableThatIsACommentOnlyIsAskedForInItsPlace() throws IOException {
        Rows codes = Rows.of(
                "codes",
                RecordSchema.builder()
                        .field("id", FieldType.INTEGER)
                        .attribute("statement.00000", "CREATE TABLE public.codes (id integer DEFAULT public.f())")
                        .attribute("statement.00001", "ALTER TABLE ONLY public.codes ADD CONSTRAINT k UNIQUE (id)"),
                FieldValue.number(7));
        Rows last = Rows.of(
                "u",
                RecordSchema.builder()
                        .field("id", FieldType.INTEGER)
                        .attribute("statement.00000", "CREATE TABLE public.u (id integer)"));
        Map<String, String> attributes = Map.of("product", "PostgreSQL");
        assertThat(sql(attributes, table(), codes, last).lines().filter(line -> !line.matches("SET .*|-- [^C].*")))
                .containsExactly(
                        "CREATE TABLE public.t (id integer);",
                        "-- CREATE TABLE public.codes (id integer DEFAULT public.f());",
                        "SELECT 1 FROM \"public\".\"codes\" WHERE 1 = 0;",
                        "CREATE TABLE public.u (id integer);",
                        "INSERT INTO \"public\".\"t\" (\"id\") OVERRIDING SYSTEM VALUE VALUES (1);",
                        "INSERT INTO \"public\".\"codes\" (\"id\") OVERRIDING SYSTEM VALUE VALUES (7);",
                        "ALTER TABLE ONLY public.t ADD CONSTRAINT t_key UNIQUE (id);",
                        "ALTER TABLE ONLY public.codes ADD CONSTRAINT k UNIQUE (id);");
        try (TargetSession session =
                ExportTarget.sql(new ByteArrayOutputStream()).open(attributes, List.of(codes))) {
            assertThat(session.preview().notes())
                    .singleElement()
                    .asString()
                    .endsWith("; where it stands, the script stops unless there is a table codes");
        }
    }

    @Test
    void noLineOfAnUntrustedStatementIsExecuted() throws IOException {
        String hostile =
                "CREATE VIEW public.v AS SELECT 1\rDROP TABLE t;\n\\! rm x\u2028DROP TABLE t;\u0085DROP TABLE t;\0DROP TABLE t";
        String script = sql(Map.of("product", "PostgreSQL", "before.00000", hostile, "after.00000", hostile), table());
        assertThat(script.split("\\R|\0"))
                .filteredOn(line -> line.contains("DROP") || line.contains("rm x") || line.contains("VIEW"))
                .hasSize(12)
                .allMatch(line -> line.startsWith("-- "));
    }

    @Test
    void whatAProgramCouldTakeForItsCommandIsACommentOnly() throws IOException {
        String hostile = "CREATE TABLE public.t (id integer[\\! rm x\n])";
        Rows table = Rows.of(
                "t", RecordSchema.builder().field("id", FieldType.INTEGER).attribute("statement.00000", hostile));
        assertThat(sql(Map.of("product", "PostgreSQL"), table).lines())
                .filteredOn(line -> line.contains("rm x"))
                .hasSize(1)
                .allMatch(line -> line.startsWith("-- "));
    }

    @Test
    void aNameWithTheCharacter0IsRefused() {
        for (String product : List.of("PostgreSQL", "MariaDB", "SQLite")) {
            Rows field = Rows.of("t", RecordSchema.builder().field("a\0b", FieldType.INTEGER), FieldValue.number(1));
            Rows table = Rows.of("t\0u", RecordSchema.builder().field("a", FieldType.INTEGER), FieldValue.number(1));
            for (Rows rows : List.of(field, table)) {
                assertThatThrownBy(() -> rowsAlone(Map.of("product", product), rows))
                        .as(product)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("the character 0, which is in a name");
            }
        }
    }

    private static void rowsAlone(Map<String, String> attributes, RestoredCollection rows) throws IOException {
        ExportTarget target = ExportTarget.sql(new ByteArrayOutputStream()).withoutDefinitions();
        try (TargetSession session = target.open(attributes, List.of(rows))) {
            session.begin();
            session.write(rows);
        }
    }

    @Test
    void aCommentAtTheEndOfAStatementDoesNotTakeTheSemicolonIn() throws IOException {
        Rows table = Rows.of(
                "t",
                RecordSchema.builder()
                        .field("id", FieldType.INTEGER)
                        .attribute("statement.00000", "CREATE TABLE t (id INTEGER)")
                        .attribute("statement.00001", "CREATE INDEX i ON t(id) -- by number"));
        assertThat(sql(Map.of("product", "SQLite"), table)).contains("CREATE INDEX i ON t(id) -- by number\n;\n");
    }

    @Test
    void thePreviewNamesWhatIsACommentOnly() throws IOException {
        Map<String, String> attributes =
                Map.of("product", "PostgreSQL", "after.00000", "CREATE VIEW public.v AS SELECT public.f()");
        try (TargetSession session =
                ExportTarget.sql(new ByteArrayOutputStream()).open(attributes, List.of(table()))) {
            assertThat(session.preview().blockers()).isEmpty();
            assertThat(session.preview().notes())
                    .singleElement()
                    .asString()
                    .startsWith("as a comment only, as ")
                    .endsWith(": CREATE VIEW public.v AS SELECT public.f()");
            assertThat(session.preview().steps()).hasSize(2);
        }
    }

    @Test
    void definitionsWithAGapAreRefusedUnlessTheyAreNotWanted() throws IOException {
        Map<String, String> attributes =
                Map.of("product", "PostgreSQL", "after.00001", "CREATE INDEX i ON public.t (id)");
        ExportTarget target = ExportTarget.sql(new ByteArrayOutputStream());
        try (TargetSession session = target.open(attributes, List.of(table()))) {
            assertThat(session.preview().blockers())
                    .singleElement()
                    .asString()
                    .contains("after.00001", "withoutDefinitions()");
        }
        try (TargetSession session = target.withoutDefinitions().open(attributes, List.of(table()))) {
            assertThat(session.preview().blockers()).isEmpty();
            assertThat(session.preview().steps()).isEmpty();
        }
    }

    @Test
    void onlySqlHasDefinitionsToLeaveOut() {
        assertThatThrownBy(() -> ExportTarget.csv(new ByteArrayOutputStream()).withoutDefinitions())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CSV");
    }
}
