package io.crmbackup.jdbc.internal.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import io.crmbackup.testservers.MariaDbBinaries;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rows are too long, asked of the server. */
class MySqlRowTest {
    private static final int TABLES = 60;

    @Test
    void serverTakesWhatFitsAndRefusesWhatIsTooLong() throws SQLException {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        TestDatabase database = MariaDbServer.shared().newDatabase();
        int refused = 0;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (int table = 0; table < TABLES; table++) {
                List<TargetColumn> columns = columns(random);
                Set<String> key = random.nextBoolean() ? Set.of("c0") : Set.of();
                MySqlRow row = new MySqlRow(columns, key, InnoDbPage.USUAL);
                String hint = "seed " + seed + ": " + sql(row, key);
                boolean taken = takes(statement, sql(row, key));
                assertThat(row.obstacle().isEmpty() && !taken).as(hint).isFalse();
                refused += taken ? 0 : 1;
                MySqlRow fitted = row.fitted(key);
                if (fitted.obstacle().isEmpty()) {
                    assertThat(takes(statement, sql(fitted, key))).as(hint).isTrue();
                }
                if (row.obstacle().isEmpty()) {
                    assertThat(fitted.columns()).as(hint).isEqualTo(columns);
                }
            }
        }
        assertThat(refused).as("seed %d", seed).isBetween(TABLES / 10, TABLES - TABLES / 10);
    }

    /** Not one byte is given away. */
    @Test
    void longestRowsAreTaken() throws SQLException {
        TestDatabase database = MariaDbServer.shared().newDatabase();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String[] types : new String[][] {
                repeated(21, "varchar(768)", "varchar(242)"),
                repeated(21, "varchar(768)", "varchar(243)"),
                repeated(31, "varchar(63)", "char(29)"),
                repeated(196, "longtext"),
                repeated(62, "varbinary(128)"),
                repeated(63, "varbinary(128)"),
                repeated(1017, "tinyint(1)")
            }) {
                MySqlRow row = new MySqlRow(named(types), Set.of(), InnoDbPage.USUAL);
                assertThat(row.obstacle().isEmpty())
                        .as("%s, %s", types.length, row.obstacle())
                        .isEqualTo(takes(statement, sql(row, Set.of())));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4_096, 8_192, 65_536})
    void pagesOfAnotherSizeTakeOtherRowsAndKeys(int bytes) throws SQLException {
        try (MariaDbServer server =
                        MariaDbServer.start(MariaDbBinaries.bundled(), List.of("--innodb-page-size=" + bytes));
                Connection connection = server.newDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            InnoDbPage page = InnoDbPage.of(connection);
            assertThat(page.bytes()).isEqualTo(bytes);
            // The longest row that is foreseen to fit, and one byte more.
            int whole = (page.mostOfRow() - 200) / 128;
            boolean[] foreseen = new boolean[256];
            for (int last = 1; last <= 250; last++) {
                MySqlRow row =
                        new MySqlRow(named(repeated(whole, "char(31)", "varbinary(" + last + ")")), Set.of(), page);
                foreseen[last] = row.obstacle().isEmpty();
                if (last == 1 || last == 250 || foreseen[last] != foreseen[last - 1]) {
                    assertThat(takes(statement, sql(row, Set.of())))
                            .as("%s columns and %s, %s", whole, last, row.obstacle())
                            .isEqualTo(foreseen[last]);
                }
            }
            int most = page.mostOfKey() / 4;
            assertThat(new MariaDbWords(page).canIndex(named("varchar(" + (most + 1) + ")")))
                    .isFalse();
            assertThat(new MariaDbWords(page).canIndex(named("varchar(" + most + ")")))
                    .isTrue();
            assertThat(takes(
                            statement,
                            "CREATE TABLE t (c varchar(" + most + ") NOT NULL PRIMARY KEY)"
                                    + new MariaDbWords(page).tableOptions()))
                    .isTrue();
        }
    }

    @Test
    void rowsWhoseValuesAllLieInThePageAreTaken() throws SQLException {
        TestDatabase database = MariaDbServer.shared().newDatabase();
        MySqlRow row = new MySqlRow(named(repeated(196, "longtext")), Set.of(), InnoDbPage.USUAL);
        assertThat(row.obstacle()).isEmpty();
        String values = "REPEAT('x', 40)" + ", REPEAT('x', 40)".repeat(195);
        database.execute(sql(row, Set.of()), "INSERT INTO t VALUES (" + values + ")");
        assertThat(new MySqlRow(named(repeated(199, "longtext")), Set.of(), InnoDbPage.USUAL).obstacle())
                .isPresent();
    }

    private static String[] repeated(int times, String type, String... more) {
        List<String> types = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            types.add(type);
        }
        types.addAll(List.of(more));
        return types.toArray(String[]::new);
    }

    private static List<TargetColumn> columns(Random random) {
        String[] plain = {
            "tinyint(1)",
            "int",
            "bigint unsigned",
            "decimal(65,30)",
            "decimal(20,0)",
            "double",
            "date",
            "time(6)",
            "datetime(6)",
            "timestamp(6)",
            "longtext",
            "longblob",
            "json"
        };
        int scale = 1 + random.nextInt(760);
        List<String> types = new ArrayList<>();
        types.add("bigint");
        for (int left = 1 + random.nextInt(random.nextBoolean() ? 60 : 220); left > 0; left--) {
            int size = 1 + random.nextInt(scale);
            types.add(
                    switch (random.nextInt(5)) {
                        case 0 -> plain[random.nextInt(plain.length)];
                        case 1 -> "char(" + Math.min(size, 255) + ")";
                        case 2 -> "varbinary(" + size + ")";
                        default -> "varchar(" + size + ")";
                    });
        }
        return named(types.toArray(String[]::new));
    }

    private static List<TargetColumn> named(String... types) {
        List<TargetColumn> columns = new ArrayList<>();
        for (String type : types) {
            Presence presence = columns.size() % 3 == 0 ? Presence.REQUIRED : Presence.OPTIONAL;
            Field field = new Field("c" + columns.size(), FieldType.TEXT, type, presence);
            columns.add(new TargetColumn(field, type, Writing.AS_IT_IS, true, "", TargetColumn.Likeness.EQUAL));
        }
        return columns;
    }

    private static String sql(MySqlRow row, Set<String> key) {
        return row.columns().stream()
                .map(column -> column.field().name() + " " + column.definition()
                        + (Vocabulary.isRequired(column) ? " NOT NULL" : " NULL")
                        + (key.contains(column.field().name()) ? " PRIMARY KEY" : ""))
                .collect(Collectors.joining(
                        ", ", "CREATE TABLE t (", ")" + new MariaDbWords(InnoDbPage.USUAL).tableOptions()));
    }

    private static boolean takes(Statement statement, String sql) throws SQLException {
        try {
            statement.execute(sql);
            statement.execute("DROP TABLE t");
            return true;
        } catch (SQLException e) {
            assertThat(e.getMessage())
                    .containsAnyOf("Row size too large", "Too many columns", "key was too long", "1005");
            return false;
        }
    }
}
