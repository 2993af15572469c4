package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A large table is merged by a JVM with little memory. */
class LargeMergeTest {
    private static final int ROWS = Integer.getInteger("crmbackup.mergeRows", 5000);

    @Test
    void memoryDoesNotGrowWithTablesOfPostgres() throws Exception {
        largeTableIsMerged(PostgresServer.shared().newDatabase());
    }

    @Test
    void memoryDoesNotGrowWithTablesOfMariaDb() throws Exception {
        largeTableIsMerged(TestedServer.mariaDb().newDatabase());
    }

    private static void largeTableIsMerged(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, name varchar(50) UNIQUE, v int)",
                "INSERT INTO t VALUES (1, 'name 1', 0)");
        for (int size = 1; size < ROWS + ROWS / 100; size *= 2) {
            database.execute("INSERT INTO t SELECT id + " + size + ", concat('name ', id + " + size + "), 0 FROM t");
        }
        database.execute(
                "DELETE FROM t WHERE id > " + (ROWS + ROWS / 100) + " OR id % 10 = 0 AND id <= " + ROWS,
                "UPDATE t SET v = 1 WHERE id % 10 = 1 AND id <= " + ROWS);
        System.out.println(SmallJvm.run(
                List.of("-Xms16m", "-Xmx256m"), Merge.class, database.url(), database.user(), String.valueOf(ROWS)));
        assertThat(database.number("SELECT count(*) FROM t WHERE v = 0 AND id <= " + ROWS))
                .isEqualTo(ROWS);
        assertThat(database.number("SELECT count(*) FROM t")).isEqualTo(ROWS);
    }

    /** Makes the table what it was. */
    static final class Merge {
        private Merge() {}

        public static void main(String[] arguments) throws IOException {
            DriverDataSource database = new DriverDataSource(arguments[0], arguments[1]);
            Rows rows;
            Map<String, String> attributes;
            try (Capture capture = Copy.open(JdbcSource.of(database))) {
                rows = new Rows(capture.collections().get(0).schema(), Integer.parseInt(arguments[2]));
                attributes = capture.attributes();
            }
            try (TargetSession session =
                    JdbcTarget.merge(database, MergePolicy.mirror()).open(attributes, List.of(rows))) {
                long start = System.nanoTime();
                TargetChanges announced = session.preview().changes().orElseThrow();
                long previewed = System.nanoTime();
                session.begin();
                session.write(rows);
                session.finish();
                long end = System.nanoTime();
                if (!session.changes().orElseThrow().equals(announced)) {
                    throw new IOException("announced: " + announced + ", done: " + session.changes());
                }
                long heap = Runtime.getRuntime().totalMemory();
                System.out.println(rows.records() + " rows of " + attributes.get("product") + ": preview "
                        + Duration.ofNanos(previewed - start).toMillis() + " ms, run "
                        + Duration.ofNanos(end - previewed).toMillis() + " ms, "
                        + announced.created() + " inserted, " + announced.changed() + " changed, "
                        + announced.deleted() + " deleted, heap " + (heap >> 20) + " MiB");
            }
        }
    }

    /** Rows that are made as they are read. */
    private record Rows(RecordSchema schema, long records) implements RestoredCollection {
        @Override
        public String name() {
            return "t";
        }

        @Override
        public Extent extent() {
            return Extent.WHOLE;
        }

        @Override
        public RecordCursor open() {
            return new RecordCursor() {
                private long at;

                @Override
                public boolean next() {
                    return ++at <= records;
                }

                @Override
                public RecordKey key() {
                    return RecordKey.of(schema, values());
                }

                @Override
                public List<FieldValue> values() {
                    return List.of(FieldValue.text("" + at), FieldValue.text("name " + at), FieldValue.text("0"));
                }

                @Override
                public void close() {}
            };
        }
    }
}
