package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.error.SourceException;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests that are equal across database systems. */
class PortableDigestTest {
    private static final RecordSchema NOTE = RecordSchema.builder()
            .field("id", FieldType.INTEGER)
            .field("text", FieldType.TEXT)
            .key("id")
            .build();

    private Lab lab;

    @BeforeEach
    void create(@TempDir Path work) {
        lab = new Lab(work);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static Map<String, String> byName(List<PortableDigest> digests) {
        return digests.stream()
                .collect(Collectors.toMap(
                        digest -> digest.collection().toLowerCase(Locale.ROOT),
                        digest -> digest.records() + " " + digest.digest(),
                        (one, other) -> one + other,
                        TreeMap::new));
    }

    @Test
    void sameRowsInTwoSystemsHaveEqualDigests(@TempDir Path directory) throws Exception {
        DataSource h2 = Databases.h2(directory, "a");
        DataSource sqlite = Databases.sqlite(directory, "a");
        String h2Table =
                "create table thing (id integer primary key, truth boolean, price numeric(10,2), ratio double precision,"
                        + " code char(5), name varchar(20), born date, woken time, made timestamp(6), seen timestamp with time zone,"
                        + " mark uuid, facts json, picture varbinary(20))";
        String sqliteTable =
                "create table THING (picture blob, facts json, mark uuid, seen timestamptz, made datetime, woken time,"
                        + " born date, Name text, code char(5), ratio real, price numeric(10,2), truth boolean, id integer primary key)";
        Databases.execute(
                h2,
                h2Table,
                "insert into thing values (1, true, 1.50, 0.1, 'ab', 'ab ', date '2024-02-29', time '13:45:00',"
                        + " timestamp '2024-01-01 00:00:00.5', timestamp with time zone '2024-01-01 02:00:00+02',"
                        + " '0F6D1F6A-5B1C-4A53-8E57-0A1B2C3D4E5F', json '{\"b\": 1.0, \"a\": [null]}', x'00ff')",
                "insert into thing (id, truth, price) values (2, false, 100)");
        Databases.execute(
                sqlite,
                sqliteTable,
                "insert into THING (id, truth, price) values (2, 0, 100.00)",
                "insert into THING values (x'00ff', '{\"a\":[null],\"b\":1}', '0f6d1f6a-5b1c-4a53-8e57-0a1b2c3d4e5f',"
                        + " '2024-01-01T00:00:00Z', '2024-01-01 00:00:00.500', '13:45', '2024-02-29', 'ab ', 'ab', 0.1, 1.5, 1, 1)");
        Map<String, String> expected = byName(lab.repository.portableDigests("h2", JdbcSource.of(h2)));
        assertThat(expected).hasSize(1);
        assertThat(byName(lab.repository.portableDigests("sqlite", JdbcSource.of(sqlite))))
                .isEqualTo(expected);
        Databases.execute(sqlite, "update THING set price = 1.51 where id = 1");
        assertThat(byName(lab.repository.portableDigests("sqlite", JdbcSource.of(sqlite))))
                .isNotEqualTo(expected);
    }

    @Test
    void chinookHasEqualDigestsInTwoSystemsLiveAndStored(@TempDir Path directory) throws Exception {
        Path chinook = null;
        for (Path at = Path.of("").toAbsolutePath(); at != null && chinook == null; at = at.getParent()) {
            Path file = at.resolve("shared/data/chinook/Chinook_Sqlite.sqlite");
            chinook = Files.exists(file) ? file : null;
        }
        Assumptions.assumeTrue(chinook != null, "the Chinook sample is not here");
        Files.copy(chinook, directory.resolve("chinook.sqlite"));
        assertThat(directory.resolve("chinook.sqlite").toFile().setWritable(true))
                .isTrue();
        DataSource sqlite = Databases.sqlite(directory, "chinook");
        DataSource h2 = Databases.h2(directory, "chinook");
        copyTables(sqlite, h2);
        SnapshotId snapshot = lab.backup("h2", JdbcSource.of(h2));
        List<PortableDigest> stored = lab.repository.portableDigests(snapshot);
        assertThat(stored).hasSize(11).allSatisfy(digest -> {
            assertThat(digest.source()).isEqualTo("h2");
            assertThat(digest.unportable()).isEmpty();
        });
        assertThat(byName(stored)).isEqualTo(byName(lab.repository.portableDigests("h2", JdbcSource.of(h2))));
        assertThat(byName(lab.repository.portableDigests("sqlite", JdbcSource.of(sqlite))))
                .isEqualTo(byName(stored));
        assertThat(stored.stream().mapToLong(PortableDigest::records).sum()).isEqualTo(15_607);
        PortableDigest invoice = lab.repository.portableDigest(snapshot, "h2", "Invoice");
        assertThat(stored).contains(invoice);
        Databases.execute(sqlite, "update Invoice set Total = Total + 0.01 where InvoiceId = 7");
        Map<String, String> changed = byName(lab.repository.portableDigests("sqlite", JdbcSource.of(sqlite)));
        assertThat(changed.entrySet())
                .filteredOn(entry -> !byName(stored).containsValue(entry.getValue()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.getKey()).isEqualTo("invoice"));
    }

    /** Creates the tables of a SQLite database in H2, in H2's types, with their rows. */
    private static void copyTables(DataSource from, DataSource to) throws Exception {
        try (Connection source = from.getConnection();
                Connection target = to.getConnection();
                Statement ask = source.createStatement();
                Statement create = target.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet names = ask.executeQuery("select name from sqlite_schema where type = 'table'")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows = ask.executeQuery("select * from " + table + " order by random()")) {
                    ResultSetMetaData columns = rows.getMetaData();
                    List<String> definitions = new ArrayList<>();
                    List<String> marks = new ArrayList<>();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        definitions.add(columns.getColumnName(i) + " " + type(source, table, columns.getColumnName(i)));
                        marks.add("?");
                    }
                    create.execute("create table " + table + " (" + String.join(", ", definitions) + ")");
                    String insert = "insert into " + table + " values (" + String.join(", ", marks) + ")";
                    try (PreparedStatement into = target.prepareStatement(insert)) {
                        while (rows.next()) {
                            for (int i = 1; i <= columns.getColumnCount(); i++) {
                                into.setString(i, rows.getString(i));
                            }
                            into.addBatch();
                        }
                        into.executeBatch();
                    }
                }
            }
        }
    }

    private static String type(Connection source, String table, String column) throws Exception {
        try (PreparedStatement ask = source.prepareStatement("select type from pragma_table_info(?) where name = ?")) {
            ask.setString(1, table);
            ask.setString(2, column);
            try (ResultSet row = ask.executeQuery()) {
                assertThat(row.next()).isTrue();
                String type = row.getString(1);
                return type.equals("DATETIME") ? "TIMESTAMP" : type.replace("NVARCHAR", "VARCHAR");
            }
        }
    }

    @Test
    void digestOfASnapshotIsThatOfItsRecordsWhateverWasAroundThem() {
        InMemorySource db = new InMemorySource().collection("note", NOTE).collection("empty", NOTE);
        String large = "large €".repeat(50_000);
        for (int i = 0; i < 3000; i++) {
            db.put("note", Lab.values(i, i % 1000 == 0 ? large + i : i % 7 == 0 ? null : "text " + i));
        }
        SnapshotId first = lab.backup("db", db);
        db.put("note", Lab.values(5, "other"));
        SnapshotId second = lab.backup("db", db);
        db.put("note", Lab.values(5, "text 5"));
        SnapshotId third = lab.backup("db", db);
        List<PortableDigest> digests = lab.repository.portableDigests(first);
        assertThat(digests).extracting(PortableDigest::records).containsExactly(0L, 3000L);
        assertThat(lab.repository.portableDigests(second).get(0)).isEqualTo(digests.get(0));
        assertThat(lab.repository.portableDigests(second).get(1)).isNotEqualTo(digests.get(1));
        assertThat(lab.repository.portableDigests(third)).isEqualTo(digests);
        assertThat(lab.repository.portableDigests("db", db)).containsExactlyInAnyOrderElementsOf(digests);
    }

    @Test
    void digestOfFilesCountsPathsAndContents() {
        InMemorySource files = new InMemorySource().collection("files", Lab.FILES);
        RecordKey path = RecordKey.path("a/" + "n".repeat(2000));
        files.put("files", path, Lab.values("rw", Lab.random(300_000, 1)));
        SnapshotId snapshot = lab.backup("files", files);
        PortableDigest digest = lab.repository.portableDigest(snapshot, "files", "files");
        assertThat(lab.repository.portableDigests("files", files)).containsExactly(digest);
        files.remove("files", path);
        files.put("files", RecordKey.path("a/" + "n".repeat(1999) + "m"), Lab.values("rw", Lab.random(300_000, 1)));
        assertThat(lab.repository.portableDigests("files", files).get(0).digest())
                .isNotEqualTo(digest.digest());
    }

    @Test
    void whatCannotBeReadHasNoDigest() {
        InMemorySource db = new InMemorySource().collection("note", NOTE);
        for (int i = 0; i < 10; i++) {
            db.put("note", Lab.values(i, "text"));
        }
        db.unstable("note", Lab.intKey(3));
        assertThatThrownBy(() -> lab.repository.portableDigests("db", db))
                .isInstanceOf(SourceException.class)
                .hasMessage("source db has no digest: note: a record changed while it was read");
        db.heal();
        db.breakingOff("note", Lab.intKey(3));
        assertThatThrownBy(() -> lab.repository.portableDigests("db", db))
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("source db can't be read: ");
    }

    @Test
    void wrongNamesAndInterruptsAreTold() {
        InMemorySource db = new InMemorySource().collection("note", NOTE).put("note", Lab.values(1, "a"));
        SnapshotId snapshot = lab.backup("db", db);
        assertThatThrownBy(() -> lab.repository.portableDigest(snapshot, "dc", "note"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the snapshot has no source \"dc\": [db]");
        assertThatThrownBy(() -> lab.repository.portableDigest(snapshot, "db", "notes"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("source db has no collection \"notes\": [note]");
        SnapshotId none = SnapshotId.of("0".repeat(32));
        assertThatThrownBy(() -> lab.repository.portableDigests(none)).isInstanceOf(SnapshotNotFoundException.class);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> lab.repository.portableDigests(snapshot))
                    .isInstanceOf(BackupCancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
