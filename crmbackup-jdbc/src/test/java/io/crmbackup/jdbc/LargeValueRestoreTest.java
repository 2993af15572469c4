package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values that are larger than the heap of who writes them. */
class LargeValueRestoreTest {
    private static final int MEBIBYTES = Integer.getInteger("crmbackup.largeValue", 48);

    @Test
    void largeValuesAreRestoredIntoPostgres() throws Exception {
        PostgresServer server = PostgresServer.shared();
        TestDatabase source = server.newDatabase();
        source.execute(
                "CREATE TABLE t (id int PRIMARY KEY, body text, data bytea)",
                "INSERT INTO t SELECT i, 'body ' || i, NULL FROM generate_series(1, 10) i",
                "UPDATE t SET body = repeat(md5('x') || 'Ω', " + times() + ") WHERE id = 5",
                "UPDATE t SET data = decode(repeat(md5('y') || '5c0a', " + times() / 2 + "), 'hex') WHERE id = 6");
        restored(source, server.newDatabase(), "postgres");
    }

    @Test
    void largeValuesAreRestoredIntoMariaDb() throws Exception {
        MariaDbServer server = TestedServer.mariaDb();
        TestDatabase source = server.newDatabase();
        long packet = source.number("SELECT @@global.max_allowed_packet");
        source.execute("SET GLOBAL max_allowed_packet = 1024 * 1024 * 1024");
        try {
            source.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, body longtext character set utf8mb4, data longblob)",
                    "INSERT INTO t VALUES (1, 'body 1', NULL), (5, REPEAT(CONCAT(MD5('x'), 'Ω'), " + times()
                            + "), NULL)," + " (6, 'x', REPEAT(CONCAT(MD5('y'), X'FF005C0A27'), " + times() + "))");
            restored(source, server.newDatabase(), "root");
        } finally {
            source.execute("SET GLOBAL max_allowed_packet = " + packet);
        }
    }

    /** Of pieces of up to 38 bytes: servers have a limit of a gigabyte. */
    private static long times() {
        return MEBIBYTES * 1024L * 1024 / 38;
    }

    private static void restored(TestDatabase source, TestDatabase target, String user) throws Exception {
        SmallJvm.run(LargeValueReader.OPTIONS, Restorer.class, source.url(), target.url(), user);
        List<String> lines = LargeValueReader.lines(source.url(), user);
        assertThat(lines).hasSizeGreaterThan(2);
        assertThat(LargeValueReader.lines(target.url(), user)).isEqualTo(lines);
    }

    /** A process of its own, whose heap is too small for what it restores. */
    static final class Restorer {
        private Restorer() {}

        public static void main(String[] arguments) throws IOException, SQLException {
            DriverDataSource source = new DriverDataSource(arguments[0], arguments[2]);
            DriverDataSource target = new DriverDataSource(arguments[1], arguments[2]);
            try (Capture capture = Copy.open(JdbcSource.of(source))) {
                List<RestoredCollection> collections = new ArrayList<>();
                for (CapturedCollection collection : capture.collections()) {
                    String count = Databases.query(source, "SELECT COUNT(*) FROM " + collection.name());
                    collections.add(new Streamed(capture, collection, Long.parseLong(count)));
                }
                try (TargetSession session = JdbcTarget.empty(target).open(capture.attributes(), collections)) {
                    session.begin();
                    for (RestoredCollection collection : collections) {
                        session.write(collection);
                    }
                    session.finish();
                }
            }
        }
    }

    /** A collection that is read from its database as often as it is restored. */
    private record Streamed(Capture capture, CapturedCollection collection, long records)
            implements RestoredCollection {
        @Override
        public String name() {
            return collection.name();
        }

        @Override
        public RecordSchema schema() {
            return collection.schema();
        }

        @Override
        public Extent extent() {
            return Extent.WHOLE;
        }

        @Override
        public RecordCursor open() {
            try {
                return capture.read(collection.name());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
