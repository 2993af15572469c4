package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupRepositoryBuilder;
import io.crmbackup.DataRate;
import io.crmbackup.Limits;
import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.CommitStateUnknownException;
import io.crmbackup.report.BackupListener;
import io.crmbackup.report.BackupReport;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backup does to the application that it runs in. */
class GuestTest {
    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();
    private final InMemorySource files = Crm.files();
    private final InMemorySource database = Crm.database();

    private BackupPlan.Builder plan() {
        return BackupPlan.named("crm").source("files", files).source("db", database);
    }

    private void fill() {
        for (int i = 0; i < 40; i++) {
            Crm.file(files, "f" + i, Crm.bytes(i, 3_000));
            Crm.contact(database, i, "contact " + i);
            database.put("event", FieldValue.text("event"));
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().startsWith("crmbackup-"))
                .collect(Collectors.toSet());
    }

    /** Those that stay: one that has done all its work still counts as alive for a moment. */
    private static Set<Thread> threadsLeft() throws InterruptedException {
        for (Thread thread : threads()) {
            thread.join(Duration.ofSeconds(30).toMillis());
        }
        return threads();
    }

    @Test
    void interruptAtAnyCallOfTheSinkLeavesNothing() throws InterruptedException {
        fill();
        Crm.on(sink.client(), work).create().close();
        boolean whole = false;
        for (int at = 0; !whole; at++) {
            InMemorySink store = sink.copy();
            AtomicInteger rest = new AtomicInteger(Integer.MAX_VALUE);
            Thread runner = Thread.currentThread();
            WatchedSink watched = new WatchedSink(store, (operation, name) -> {
                if (rest.getAndDecrement() == 0) {
                    runner.interrupt();
                }
            });
            try (BackupRepository repository = Crm.on(watched, work).open()) {
                rest.set(at);
                repository.backup(plan().build());
                whole = rest.get() >= 0;
            } catch (BackupCancelledException | CommitStateUnknownException e) {
                assertThat(Thread.currentThread().isInterrupted())
                        .as("flag at call %d", at)
                        .isTrue();
            } finally {
                Thread.interrupted();
            }
            assertThat(work).as("call %d", at).isEmptyDirectory();
            assertThat(threadsLeft()).as("call %d", at).isEmpty();
        }
    }

    @Test
    void interruptWhileRecordsAreReadKeepsNoSnapshot() throws InterruptedException {
        fill();
        try (BackupRepository repository = Crm.on(sink, work).create()) {
            for (Crm.Event event :
                    List.<Crm.Event>of(() -> Thread.currentThread().interrupt(), () -> {
                        throw new InterruptedIOException("as JDBC drivers do");
                    })) {
                assertThatThrownBy(() -> repository.backup(BackupPlan.named("crm")
                                .source("files", files)
                                .source("db", Crm.before(database, event))
                                .build()))
                        .isInstanceOf(BackupCancelledException.class);
                assertThat(Thread.interrupted()).isTrue();
                assertThat(threadsLeft()).isEmpty();
            }
            assertThat(repository.snapshots()).isEmpty();
            BackupReport report = repository.backup(plan().build());
            assertThat(report.records()).isEqualTo(120);
        }
        assertThat(work).isEmptyDirectory();
    }

    @Test
    void interruptEndsTheWaitForTheRate() {
        Crm.file(files, "large", Crm.bytes(1, 5_000_000));
        BackupPlan slow = BackupPlan.named("crm")
                .source("files", files)
                .limits(Limits.none().read(new DataRate(1)))
                .build();
        Thread runner = Thread.currentThread();
        try (BackupRepository repository = Crm.on(sink, work).create()) {
            Thread other = new Thread(() -> {
                while (runner.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                runner.interrupt();
            });
            other.start();
            assertThatThrownBy(() -> repository.backup(slow)).isInstanceOf(BackupCancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void oneCoreIsTheCallersOwn() throws InterruptedException {
        fill();
        Set<Thread> putters = ConcurrentHashMap.newKeySet();
        Set<Thread> helpers = ConcurrentHashMap.newKeySet();
        WatchedSink watched = new WatchedSink(sink, (operation, name) -> {
            putters.add(Thread.currentThread());
            helpers.addAll(threads());
        });
        try (BackupRepository repository = Crm.on(watched, work).create()) {
            repository.backup(plan().limits(Limits.none().cores(1)).build());
            assertThat(putters).containsExactly(Thread.currentThread());
            assertThat(helpers).isEmpty();
            Crm.file(files, "new", new byte[10]);
            repository.backup(plan().limits(Limits.none().cores(3)).build());
            assertThat(helpers).isNotEmpty();
        }
        assertThat(threadsLeft()).isEmpty();
    }

    @Test
    void listenerHearsOfEachPhaseBothTimesAndMayThrow() {
        fill();
        files.unreadable("files", RecordKey.path("f1"));
        List<String> heard = new ArrayList<>();
        BackupListener listener = new BackupListener() {
            @Override
            public void began(String phase) {
                heard.add("began " + phase);
                throw new IllegalStateException("listeners do that");
            }

            @Override
            public void progressed(String phase, long records, long bytes) {
                throw new IllegalStateException("listeners do that");
            }

            @Override
            public void ended(String phase) {
                heard.add("ended " + phase);
                throw new IllegalStateException("listeners do that");
            }

            @Override
            public void problem(Problem problem) {
                heard.add("problem " + problem.item());
                throw new IllegalStateException("listeners do that");
            }
        };
        BackupRepositoryBuilder builder = Crm.on(sink, work).listener(listener);
        try (BackupRepository repository = builder.create()) {
            repository.backup(plan().tolerate("files", "f1").build());
            assertThat(heard)
                    .containsExactly(
                            "began files: files",
                            "ended files: files",
                            "began files: files",
                            "problem f1",
                            "ended files: files",
                            "began db: contact",
                            "ended db: contact",
                            "began db: event",
                            "ended db: event");
            heard.clear();
            database.breakingOff("contact", Crm.id(7));
            assertThatThrownBy(() -> repository.backup(
                            BackupPlan.named("db").source("db", database).build()))
                    .hasMessageContaining("contact, 7");
            assertThat(heard).containsExactly("began db: contact", "ended db: contact");
        }
    }
}
