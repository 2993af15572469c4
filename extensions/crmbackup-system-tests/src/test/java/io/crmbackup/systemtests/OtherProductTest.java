package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of one product restored into another. */
class OtherProductTest {
    @TempDir
    private Path work;

    private Lab lab;

    @BeforeEach
    void create() {
        lab = new Lab(work);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Map<String, String> digests(List<PortableDigest> digests) {
        return digests.stream()
                .collect(Collectors.toMap(
                        PortableDigest::collection,
                        digest -> digest.records() + " " + digest.digest() + " " + digest.unportable(),
                        (one, other) -> one + other,
                        TreeMap::new));
    }

    /** Restores the latest snapshot into a database, and what that has then. */
    private Map<String, String> moved(DataSource from, JdbcTarget target, DataSource to) {
        SnapshotId snapshot = lab.backup("db", JdbcSource.of(from));
        try (PreparedRestore restore = lab.repository.prepare(
                RestorePlan.snapshot(snapshot).into("db", target).verify().build())) {
            assertThat(restore.preview().notes())
                    .anySatisfy(note -> assertThat(note).contains("made anew"));
            assertThat(restore.execute().verified()).isTrue();
        }
        return digests(lab.repository.portableDigests("db", JdbcSource.of(to)));
    }

    /** How many foreign keys a database has. */
    private static int references(DataSource database) {
        try (Connection connection = database.getConnection()) {
            DatabaseMetaData data = connection.getMetaData();
            int count = 0;
            try (ResultSet tables =
                    data.getTables(connection.getCatalog(), null, "%", new String[] {"TABLE", "BASE TABLE"})) {
                while (tables.next()) {
                    try (ResultSet keys =
                            data.getImportedKeys(connection.getCatalog(), tables.getString(2), tables.getString(3))) {
                        while (keys.next()) {
                            count += keys.getInt("KEY_SEQ") == 1 ? 1 : 0;
                        }
                    }
                }
            }
            return count;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aMusicShopMovesThroughSixProductsWithEqualDigests() throws Exception {
        TestDatabase postgres = Samples.chinook(PostgresServer.shared());
        Map<String, String> expected = digests(lab.repository.portableDigests("db", JdbcSource.of(postgres)));
        assertThat(expected).hasSize(11);
        TestDatabase mariaDb = MariaDbServer.shared().newDatabase();
        DataSource sqlite = Databases.sqlite(work, "shop");
        DataSource h2 = Databases.h2(work, "shop");
        assertThat(moved(postgres, JdbcTarget.empty(mariaDb), mariaDb)).isEqualTo(expected);
        assertThat(moved(mariaDb, JdbcTarget.empty(sqlite), sqlite)).isEqualTo(expected);
        assertThat(moved(sqlite, JdbcTarget.empty(h2), h2)).isEqualTo(expected);
        DataSource hsqldb = Databases.hsqldb(work, "shop");
        DataSource derby = Databases.derby(work, "shop");
        assertThat(moved(sqlite, JdbcTarget.empty(hsqldb), hsqldb)).isEqualTo(expected);
        assertThat(moved(hsqldb, JdbcTarget.empty(derby), derby)).isEqualTo(expected);
        TestDatabase again = PostgresServer.shared().newDatabase();
        assertThat(moved(derby, JdbcTarget.empty(again), again)).isEqualTo(expected);
        assertThat(Stream.of(mariaDb, sqlite, h2, hsqldb, derby, again)
                        .map(OtherProductTest::references)
                        .toList())
                .containsOnly(references(postgres))
                .containsOnly(11);
        again.execute("INSERT INTO artist (name) VALUES ('New')");
        mariaDb.execute("INSERT INTO artist (name) VALUES ('New')");
        Databases.execute(sqlite, "INSERT INTO artist (name) VALUES ('New')");
        for (DataSource quoting : List.of(h2, hsqldb, derby)) {
            Databases.execute(quoting, "INSERT INTO \"artist\" (\"name\") VALUES ('New')");
        }
    }

    @Test
    void fixedTextHasOneDigestWhetherSpacesAreAddedOrNot() throws Exception {
        TestDatabase postgres = PostgresServer.shared().newDatabase();
        postgres.execute(
                "CREATE TABLE c (id char(4) PRIMARY KEY, five char(5) NOT NULL DEFAULT 'x', any_length bpchar)",
                "INSERT INTO c VALUES ('a', 'ab  ', 'any   '), ('b', '', repeat('é', 300) || ' '), ('c', '12345', NULL)");
        Map<String, String> expected = digests(lab.repository.portableDigests("db", JdbcSource.of(postgres)));
        TestDatabase mariaDb = MariaDbServer.shared().newDatabase();
        DataSource sqlite = Databases.sqlite(work, "fixed");
        DataSource h2 = Databases.h2(work, "fixed");
        TestDatabase again = PostgresServer.shared().newDatabase();
        assertThat(moved(postgres, JdbcTarget.empty(sqlite), sqlite)).isEqualTo(expected);
        assertThat(moved(sqlite, JdbcTarget.empty(h2), h2)).isEqualTo(expected);
        assertThat(moved(h2, JdbcTarget.empty(mariaDb), mariaDb)).isEqualTo(expected);
        assertThat(moved(mariaDb, JdbcTarget.empty(again), again)).isEqualTo(expected);
    }

    @Test
    void valuesWithoutEqualAreCountedBeforehandAndRefusedOrLeftOut() throws Exception {
        TestDatabase mariaDb = MariaDbServer.shared().newDatabase();
        mariaDb.execute(
                "CREATE TABLE contact (id int PRIMARY KEY, born date, woken time)",
                "INSERT INTO contact VALUES (1, '2024-02-29', '12:00:00'), (7, '0000-00-00', '838:59:59'), (8, '2024-00-15', NULL)");
        lab.backup("db", JdbcSource.of(mariaDb));
        TestDatabase postgres = PostgresServer.shared().newDatabase();
        assertThatThrownBy(() -> lab.repository.restore(RestorePlan.latest("crm")
                        .into("db", JdbcTarget.empty(postgres))
                        .build()))
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("contact.born: 2 values have no equal in PostgreSQL, the first in id 7")
                .hasMessageContaining("contact.woken: 1 value has no equal in PostgreSQL, in id 7");
        assertThat(postgres.number("SELECT count(*) FROM pg_class WHERE relname = 'contact'"))
                .isZero();
        lab.repository.restore(RestorePlan.latest("crm")
                .into("db", JdbcTarget.empty(postgres).nullWithoutEqual())
                .verify()
                .build());
        assertThat(postgres.number("SELECT count(*) FROM contact WHERE born IS NULL"))
                .isEqualTo(2);
        assertThat(postgres.number("SELECT count(*) FROM contact WHERE born = '2024-02-29' AND woken = '12:00'"))
                .isEqualTo(1);
    }

    @Test
    void keysIndexesDefaultsAndActionsAreCarriedOverAndTheRestIsNamed() throws Exception {
        TestDatabase postgres = PostgresServer.shared().newDatabase();
        postgres.execute(
                "CREATE SCHEMA sales",
                "CREATE TABLE sales.account (id bigserial PRIMARY KEY, code text NOT NULL UNIQUE, tags text[], is_on boolean NOT NULL DEFAULT true,"
                        + " made timestamptz NOT NULL DEFAULT now(), name varchar(20) DEFAULT 'O''Neil', worth numeric CHECK (worth > 0))",
                "CREATE TABLE sales.contact (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id bigint NOT NULL REFERENCES sales.account"
                        + " ON DELETE CASCADE, email text)",
                "CREATE INDEX contact_email ON sales.contact (email)",
                "CREATE INDEX contact_lower ON sales.contact (lower(email))",
                "CREATE VIEW sales.everybody AS SELECT * FROM sales.contact",
                "INSERT INTO sales.account (code, tags, worth) VALUES ('a', '{x,y}', 1.5), ('A', NULL, 123456789012345678901234567890.25)",
                "INSERT INTO sales.contact (account_id, email) VALUES (1, 'x@y')");
        TestDatabase mariaDb = MariaDbServer.shared().newDatabase();
        SnapshotId snapshot = lab.backup("db", JdbcSource.of(postgres));
        try (PreparedRestore restore = lab.repository.prepare(RestorePlan.snapshot(snapshot)
                .into("db", JdbcTarget.empty(mariaDb))
                .verify()
                .build())) {
            assertThat(String.join("\n", restore.preview().notes()))
                    .contains("table sales.account becomes sales_account")
                    .contains("sales.account.tags (text[]) has no equal, and becomes text")
                    .contains("contact_lower")
                    .contains("VIEW sales.everybody")
                    .contains("CHECK");
            assertThat(restore.execute().verified()).isTrue();
        }
        mariaDb.execute(
                "INSERT INTO sales_account (code) VALUES ('b')",
                "INSERT INTO sales_contact (account_id, email) VALUES (3, 'z')",
                "DELETE FROM sales_account WHERE id = 1");
        assertThat(mariaDb.number("SELECT count(*) FROM sales_contact")).isEqualTo(1);
        assertThat(mariaDb.number("SELECT count(*) FROM sales_account WHERE id = 3 AND is_on AND name = 'O''Neil'"))
                .isEqualTo(1);
        assertThat(mariaDb.number("SELECT count(*) FROM sales_account WHERE worth = 123456789012345678901234567890.25"))
                .isEqualTo(1);
        assertThatThrownBy(() -> mariaDb.execute("INSERT INTO sales_account (code) VALUES ('b')"))
                .hasMessageContaining("Duplicate");
        assertThat(mariaDb.number("SELECT count(*) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND INDEX_NAME = 'contact_email'"))
                .isEqualTo(1);
    }

    @Test
    void randomValuesOfAllTypesGoThroughAllProducts() throws Exception {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        DataSource first = Databases.h2(work, "first");
        Databases.execute(
                first,
                "create table \"v\" (\"id\" bigint primary key, \"b\" boolean, \"s\" smallint, \"i\" bigint, \"d\" numeric(20,4), \"e\" numeric(9,3),"
                        + " \"f\" double precision, \"r\" real, \"c\" char(5), \"t\" varchar(50), \"l\" clob, \"y\" varbinary(20), \"z\" blob,"
                        + " \"da\" date, \"ti\" time(6), \"ts\" timestamp(6), \"tz\" timestamp(6) with time zone, \"u\" uuid, \"j\" json)");
        try (Connection connection = first.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into \"v\" values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,? format json)")) {
            for (int row = 0; row < 200; row++) {
                Object[] values = {
                    random.nextLong(),
                    random.nextBoolean(),
                    (short) random.nextInt(),
                    random.nextLong(),
                    new BigDecimal(BigInteger.valueOf(random.nextLong()), 4),
                    new BigDecimal(BigInteger.valueOf(random.nextInt(999_999_999)), 3),
                    random.nextGaussian() * Math.pow(10, random.nextInt(200) - 100),
                    (float) random.nextGaussian(),
                    text(random, 5).strip(),
                    text(random, 50),
                    text(random, row % 50 == 0 ? 9000 : 60),
                    bytes(random, 20),
                    bytes(random, row % 50 == 0 ? 9000 : 60),
                    LocalDate.of(1 + random.nextInt(9999), 1 + random.nextInt(12), 1 + random.nextInt(28)),
                    LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000L) * 1000),
                    LocalDateTime.ofEpochSecond(
                            random.nextLong(-60_000_000_000L, 250_000_000_000L),
                            random.nextInt(1_000_000) * 1000,
                            ZoneOffset.UTC),
                    OffsetDateTime.ofInstant(
                            Instant.ofEpochSecond(
                                    random.nextLong(1_000_000, 2_000_000_000), random.nextInt(1_000_000) * 1000L),
                            ZoneOffset.ofHours(random.nextInt(10))),
                    new UUID(random.nextLong(), random.nextLong()),
                    "{\"a\":[" + random.nextInt() + ",\"\\u00e9\",null,true]}"
                };
                for (int i = 0; i < values.length; i++) {
                    insert.setObject(i + 1, i > 0 && random.nextInt(6) == 0 ? null : values[i]);
                }
                insert.executeUpdate();
            }
        }
        Map<String, String> expected = digests(lab.repository.portableDigests("db", JdbcSource.of(first)));
        TestDatabase postgres = PostgresServer.shared().newDatabase();
        TestDatabase mariaDb = MariaDbServer.shared().newDatabase();
        DataSource sqlite = Databases.sqlite(work, "values");
        DataSource last = Databases.h2(work, "last");
        String hint = "seed " + seed;
        assertThat(moved(first, JdbcTarget.empty(postgres), postgres)).as(hint).isEqualTo(expected);
        assertThat(moved(postgres, JdbcTarget.empty(mariaDb), mariaDb)).as(hint).isEqualTo(expected);
        assertThat(moved(mariaDb, JdbcTarget.empty(sqlite), sqlite)).as(hint).isEqualTo(expected);
        assertThat(moved(sqlite, JdbcTarget.empty(last), last)).as(hint).isEqualTo(expected);
    }

    @Test
    void embeddedProductsTakeEachOthersTablesAndValues() throws Exception {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        DataSource first = Databases.h2(work, "first");
        Databases.execute(
                first,
                "create table \"p\" (\"id\" bigint generated by default as identity primary key, \"code\" varchar(40) unique,"
                        + " \"on\" boolean default true not null, \"price\" numeric(20,4) default 12.5, \"made\" date default '2024-02-29',"
                        + " \"word\" varchar(20) default 'it''s', \"c\" char(5))",
                "create table \"v\" (\"id\" bigint primary key, \"p_id\" bigint references \"p\" on delete cascade on update cascade,"
                        + " \"s\" smallint, \"f\" double precision, \"l\" clob, \"y\" varbinary(20), \"z\" blob, \"da\" date, \"ti\" time(0),"
                        + " \"ts\" timestamp(9), \"u\" uuid)",
                "create index \"by_date\" on \"v\" (\"da\")",
                "insert into \"p\" (\"code\", \"c\") values ('a', 'x'), ('b', null)");
        try (Connection connection = first.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("insert into \"v\" values (?,?,?,?,?,?,?,?,?,?,?)")) {
            for (int row = 0; row < 100; row++) {
                Object[] values = {
                    random.nextLong(),
                    1 + random.nextInt(2),
                    (short) random.nextInt(),
                    random.nextGaussian() * Math.pow(10, random.nextInt(200) - 100),
                    text(random, row % 50 == 0 ? 9000 : 60),
                    bytes(random, 20),
                    bytes(random, row % 50 == 0 ? 9000 : 60),
                    LocalDate.of(1600 + random.nextInt(8000), 1 + random.nextInt(12), 1 + random.nextInt(28)),
                    LocalTime.ofSecondOfDay(random.nextInt(86_400)),
                    LocalDateTime.of(1600 + random.nextInt(8000), 1 + random.nextInt(12), 1 + random.nextInt(28), 12, 0)
                            .plusNanos(random.nextInt(1_000_000_000)),
                    new UUID(random.nextLong(), random.nextLong())
                };
                for (int i = 0; i < values.length; i++) {
                    insert.setObject(i + 1, i > 0 && random.nextInt(6) == 0 ? null : values[i]);
                }
                insert.executeUpdate();
            }
        }
        String hint = "seed " + seed;
        Map<String, String> expected = digests(lab.repository.portableDigests("db", JdbcSource.of(first)));
        DataSource from = first;
        for (DataSource to : List.of(
                Databases.hsqldb(work, "second"), Databases.derby(work, "third"), Databases.sqlite(work, "fourth"))) {
            assertThat(moved(from, JdbcTarget.empty(to), to)).as(hint).isEqualTo(expected);
            assertThat(references(to)).isEqualTo(1);
            from = to;
        }
        for (DataSource copy : List.of(Databases.hsqldb(work, "second"), Databases.derby(work, "third"))) {
            Databases.execute(
                    copy,
                    "insert into \"p\" (\"code\") values ('new')",
                    "insert into \"v\" (\"id\", \"p_id\") select 5, \"id\" from \"p\" where \"id\" = 3 and \"on\" and \"price\" = 12.5"
                            + " and \"made\" = '2024-02-29' and \"word\" = 'it''s'",
                    "delete from \"p\" where \"id\" = 3");
            assertThatThrownBy(() -> Databases.execute(copy, "insert into \"p\" (\"code\") values ('a')"))
                    .isInstanceOf(SQLException.class);
        }
    }

    /** What happens around an otherwise proper restore. */
    private interface Event {
        void happen() throws IOException;
    }

    /** A restore into a database where something happens before a table is written, and behind the end. */
    private record Eventful(JdbcTarget target, String table, Event before, Event atEnd) implements Target {
        @Override
        public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections)
                throws IOException {
            TargetSession session = target.open(attributes, collections);
            return new TargetSession() {
                @Override
                public TargetPreview preview() throws IOException {
                    return session.preview();
                }

                @Override
                public void begin() throws IOException {
                    session.begin();
                }

                @Override
                public WriteResult write(RestoredCollection collection) throws IOException {
                    if (collection.name().equals(table)) {
                        before.happen();
                    }
                    return session.write(collection);
                }

                @Override
                public void finish() throws IOException {
                    session.finish();
                    atEnd.happen();
                }

                @Override
                public Optional<RestoredCollection> counterpart(RestoredCollection collection) {
                    return session.counterpart(collection);
                }

                @Override
                public void close() throws IOException {
                    session.close();
                }
            };
        }

        @Override
        public Optional<Source> readBack(Map<String, String> attributes) {
            return target.readBack(attributes);
        }
    }

    @Test
    void whatIsNotAsItWasIsFoundByReadingBack() throws Exception {
        DataSource h2 = Databases.h2(work, "from");
        Databases.execute(
                h2,
                "create table \"contact\" (\"id\" integer primary key, \"name\" varchar(20), \"at\" time with time zone)",
                "insert into \"contact\" values (1, 'Ann', time with time zone '12:00:00+02'), (2, 'Bob', null)");
        lab.backup("db", JdbcSource.of(h2));
        Map<String, String> changes = Map.of(
                "UPDATE contact SET name = 'ann' WHERE id = 1", "contact: its portable digest is another",
                "UPDATE contact SET `at` = '12:00:00+03' WHERE id = 1", "contact: its portable digest is another",
                "DELETE FROM contact WHERE id = 2", "contact: it has 1 records, not 2",
                "ALTER TABLE contact RENAME TO person", "contact: it is not there");
        for (Map.Entry<String, String> change : changes.entrySet()) {
            TestDatabase mariaDb = MariaDbServer.shared().newDatabase();
            Target target = new Eventful(JdbcTarget.empty(mariaDb), "", () -> {}, () -> {
                try {
                    mariaDb.execute(change.getKey());
                } catch (SQLException e) {
                    throw new IOException(e);
                }
            });
            RestorePlan plan =
                    RestorePlan.latest("crm").into("db", target).verify().build();
            assertThatThrownBy(() -> lab.repository.restore(plan))
                    .isInstanceOf(VerificationFailedException.class)
                    .hasMessageContaining(change.getValue());
        }
    }

    @Test
    void aRestoreThatWasCutShortGoesOn() throws Exception {
        DataSource h2 = Databases.h2(work, "from");
        Databases.execute(
                h2,
                "create table \"a\" (\"id\" integer primary key, \"price\" numeric(9,2), \"on\" boolean)",
                "insert into \"a\" select x, x / 7.0, mod(x, 2) = 0 from system_range(1, 3000)",
                "create table \"b\" (\"id\" integer generated by default as identity primary key, \"a_id\" integer not null references \"a\")",
                "insert into \"b\" (\"a_id\") select x from system_range(1, 3000)");
        lab.backup("db", JdbcSource.of(h2));
        DataSource sqlite = Databases.sqlite(work, "to");
        for (DataSource database : List.of(
                MariaDbServer.shared().newDatabase(), PostgresServer.shared().newDatabase(), sqlite)) {
            JdbcTarget target = JdbcTarget.empty(database);
            Event crash = () -> {
                throw new IOException("the line is cut");
            };
            RestorePlan cut = RestorePlan.latest("crm")
                    .into("db", new Eventful(target, "b", crash, () -> {}))
                    .build();
            assertThatThrownBy(() -> lab.repository.restore(cut)).hasMessageContaining("the line is cut");
            RestorePlan whole =
                    RestorePlan.latest("crm").into("db", target).verify().build();
            try (PreparedRestore restore = lab.repository.prepare(whole)) {
                if (database != sqlite) {
                    assertThat(restore.preview().notes())
                            .contains(
                                    "db: goes on with the restore that was cut short: the rows of 1 of 2 tables are there");
                }
                assertThat(restore.execute().verified()).isTrue();
            }
            assertThat(digests(lab.repository.portableDigests("db", JdbcSource.of(database))))
                    .isEqualTo(digests(lab.repository.portableDigests("db", JdbcSource.of(h2))));
            assertThat(references(database)).isEqualTo(1);
        }
    }

    private static String text(Random random, int most) {
        String characters = "aB '\"\\%_\n\té€ß;,0";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    private static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }
}
