package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.CollectionReport;
import io.crmbackup.report.StrategyKind;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reports say of changes, against a model that is counted by hand. */
class SizesTest {
    @TempDir
    private Path work;

    /** What is there: names by id, events by number, contents by path. */
    private record State(Map<Long, String> contacts, Map<String, Integer> events, Map<String, byte[]> files) {
        State copy() {
            return new State(new TreeMap<>(contacts), new TreeMap<>(events), new TreeMap<>(files));
        }
    }

    /** Added, changed and removed records, and the plain bytes of what is new and what is gone. */
    private static final class Oracle {
        long added;
        long changed;
        long removed;
        long bytesChanged;
        long bytesRemoved;

        <K, V> void compare(Map<K, V> before, Map<K, V> now, ToLongBiFunction<K, V> bytes) {
            now.forEach((key, value) -> {
                V then = before.get(key);
                if (then == null) {
                    added++;
                } else if (!same(then, value)) {
                    changed++;
                }
                if (then == null || !same(then, value)) {
                    bytesChanged += bytes.applyAsLong(key, value);
                }
            });
            before.forEach((key, value) -> {
                if (!now.containsKey(key)) {
                    removed++;
                    bytesRemoved += bytes.applyAsLong(key, value);
                }
            });
        }

        private static boolean same(Object one, Object other) {
            return Objects.deepEquals(one, other);
        }
    }

    private static Oracle compare(State before, State now) {
        Oracle oracle = new Oracle();
        // Five fields: two with values, each with its length in front, and three without.
        oracle.compare(
                before.contacts,
                now.contacts,
                (id, name) -> number(id.toString().length()) + number(name.length()) + 3);
        oracle.compare(expand(before.events), expand(now.events), (event, one) -> number(event.indexOf('#')));
        // 42 bytes of a row that say where the content lies, and the content.
        oracle.compare(before.files, now.files, (path, content) -> 42 + content.length);
        return oracle;
    }

    private static long number(int length) {
        return length + (length + 2 < 128 ? 1 : length + 2 < 16384 ? 2 : 3);
    }

    private static Map<String, Integer> expand(Map<String, Integer> events) {
        Map<String, Integer> all = new TreeMap<>();
        events.forEach((event, count) -> {
            for (int i = 0; i < count; i++) {
                all.put(event + "#" + i, 1);
            }
        });
        return all;
    }

    @Test
    void reportsTellExactlyWhatChanged() throws Exception {
        for (long seed = 0; seed < 12; seed++) {
            run(seed);
        }
    }

    private void run(long seed) throws Exception {
        Random random = new Random(seed);
        InMemorySource.Setting order =
                seed % 2 == 0 ? InMemorySource.Setting.UNSORTED : InMemorySource.Setting.FINGERPRINTS;
        State last = new State(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        State lastFull = last.copy();
        State now = last.copy();
        InMemorySource database = Crm.database().with(order).with(InMemorySource.Setting.FINGERPRINTS);
        InMemorySource files = Crm.files();
        try (BackupRepository repository = Crm.on(new InMemorySink(), work).create()) {
            BackupPlan.Builder builder = BackupPlan.named("crm").source("files", files);
            // With a database beside them the files are walked twice.
            BackupPlan plan = builder.source("db", database).build();
            for (int step = 0; step < 6; step++) {
                BackupStrategy strategy = switch (random.nextInt(3)) {
                    case 0 -> BackupStrategy.full();
                    case 1 -> BackupStrategy.differential();
                    default -> BackupStrategy.incremental();
                };
                change(random, now, database, files);
                BackupReport report = repository.backup(plan, strategy);
                State base = report.strategy() == StrategyKind.FULL
                        ? new State(Map.of(), Map.of(), Map.of())
                        : report.strategy() == StrategyKind.DIFFERENTIAL ? lastFull : last;
                Oracle oracle = compare(base, now);
                String when = "seed " + seed + ", step " + step + ", " + report.strategy();
                assertThat(sum(report, CollectionReport::added)).as(when).isEqualTo(oracle.added);
                assertThat(sum(report, CollectionReport::changed)).as(when).isEqualTo(oracle.changed);
                assertThat(sum(report, CollectionReport::removed)).as(when).isEqualTo(oracle.removed);
                assertThat(report.bytesChanged()).as(when).isEqualTo(oracle.bytesChanged);
                assertThat(report.sizes().bytesRemoved()).as(when).isEqualTo(oracle.bytesRemoved);
                assertThat(report.records())
                        .as(when)
                        .isEqualTo(now.contacts.size() + expand(now.events).size() + now.files.size());
                assertThat(Contents.of(repository, report.snapshot(), "db"))
                        .as(when)
                        .isEqualTo(Contents.of(database));
                assertThat(Contents.of(repository, report.snapshot(), "files"))
                        .as(when)
                        .isEqualTo(Contents.of(files));
                last = now.copy();
                lastFull = report.strategy() == StrategyKind.FULL ? last : lastFull;
            }
        }
    }

    private static long sum(BackupReport report, ToLongFunction<CollectionReport> count) {
        return report.collections().stream().mapToLong(count).sum();
    }

    private static void change(Random random, State now, InMemorySource database, InMemorySource files) {
        for (int i = 0; i < 20; i++) {
            long id = random.nextInt(60) - 20;
            if (random.nextInt(4) == 0) {
                now.contacts.remove(id);
                database.remove("contact", Crm.id(id));
            } else {
                String name = "n".repeat(random.nextInt(300));
                now.contacts.put(id, name);
                database.put(
                        "contact",
                        FieldValue.number(id),
                        FieldValue.text(name),
                        FieldValue.NULL,
                        FieldValue.NULL,
                        FieldValue.NULL);
            }
        }
        for (int i = 0; i < 5; i++) {
            String event = "event " + random.nextInt(6);
            now.events.merge(event, 1, Integer::sum);
            database.put("event", FieldValue.text(event));
        }
        for (int i = 0; i < 6; i++) {
            String path = "d" + random.nextInt(3) + "/f" + random.nextInt(10);
            if (random.nextInt(4) == 0) {
                now.files.remove(path);
                files.remove("files", RecordKey.path(path));
            } else {
                byte[] content = Crm.bytes(random.nextLong(), random.nextInt(12_000));
                now.files.put(path, content);
                Crm.file(files, path, content);
            }
        }
    }
}
