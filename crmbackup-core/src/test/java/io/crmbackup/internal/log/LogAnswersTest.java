package io.crmbackup.internal.log;

import static io.crmbackup.internal.log.Contexts.context;
import static io.crmbackup.internal.log.Entries.commit;
import static io.crmbackup.internal.log.Entries.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.CommitStateUnknownException;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.spi.SinkContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sinks that answer wrongly, late or not at all. */
class LogAnswersTest {
    private final MemorySink sink = new MemorySink();
    private final Log log = Log.begin(context(sink), id(1));

    @Test
    void unansweredPutIsRecognisedAsOwn() {
        Log flaky = Log.open(context(new Unanswering(sink, 1, 1)), null);
        flaky.commit(commit(5), CommitRepair.NONE);
        assertThat(log.refresh().next()).isEqualTo(2);
    }

    @Test
    void silentSinkMakesTheStateUnknownAndTheLatePutIsRight() {
        Unanswering silent = new Unanswering(sink, 99, 0);
        Log cut = Log.open(context(silent), null);
        assertThatExceptionOfType(CommitStateUnknownException.class)
                .isThrownBy(() -> cut.commit(commit(5), CommitRepair.NONE));
        assertThat(log.refresh().next()).isEqualTo(1);
        silent.deliverLate();
        assertThat(log.refresh().isLive(id(5))).isTrue();
        log.commit(commit(6), CommitRepair.NONE);
        assertThat(log.state().next()).isEqualTo(3);
    }

    @Test
    void latePutIsIgnoredOnceTheNumberIsTaken() {
        Unanswering silent = new Unanswering(sink, 99, 0);
        Log cut = Log.open(context(silent), null);
        assertThatExceptionOfType(CommitStateUnknownException.class)
                .isThrownBy(() -> cut.commit(commit(5), CommitRepair.NONE));
        log.commit(commit(6), CommitRepair.NONE);
        silent.deliverLate();
        assertThat(log.refresh().isLive(id(5))).isFalse();
        assertThat(cut.refresh().isLive(id(6))).isTrue();
    }

    /** A sink may be anybody's, and fail in ways that it should not. */
    @Test
    void faultWithinTheSinkMakesTheStateUnknown() {
        MemorySink faulty = new MemorySink() {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                super.put(name, content);
                throw new IllegalStateException("connection pool shut down");
            }
        };
        faulty.objects.putAll(sink.objects);
        Log cut = Log.open(context(faulty), null);
        assertThatExceptionOfType(CommitStateUnknownException.class)
                .isThrownBy(() -> cut.join(id(5)))
                .withMessageContaining("connection pool");
        assertThat(cut.refresh().next()).isEqualTo(2);
    }

    @Test
    void interruptDuringThePutMakesTheStateUnknown() {
        MemorySink interrupting = new MemorySink() {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                super.put(name, content);
                Thread.currentThread().interrupt();
                throw new IOException("interrupted");
            }
        };
        interrupting.objects.putAll(sink.objects);
        Log cut = Log.open(context(interrupting), null);
        assertThatExceptionOfType(CommitStateUnknownException.class).isThrownBy(() -> cut.join(id(5)));
        assertThatExceptionOfType(BackupCancelledException.class).isThrownBy(() -> cut.join(id(5)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(cut.refresh().next()).isEqualTo(2);
    }

    @Test
    void failingCheckpointDoesNotFailTheEntry() {
        MemorySink full = new MemorySink() {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                if (name.startsWith("checkpoint/")) {
                    throw new IOException("no space");
                }
                super.put(name, content);
            }
        };
        Log writer = Log.begin(context(full), id(1));
        for (int i = 0; i < 64; i++) {
            writer.join(id(2));
        }
        assertThat(writer.refresh().next()).isEqualTo(65);
    }

    @Test
    void sinkThatStoresNothingIsFoundOut() {
        MemorySink lying = new MemorySink() {
            @Override
            public void put(String name, SinkContent content) {}
        };
        assertThatExceptionOfType(CommitStateUnknownException.class).isThrownBy(() -> Log.begin(context(lying), id(1)));
    }

    /** Does not answer some puts: the first of them arrive, the others may be delivered late. */
    private static final class Unanswering extends MemorySink {
        private final MemorySink sink;
        private final List<Runnable> late = new ArrayList<>();
        private int unanswered;
        private int arriving;

        Unanswering(MemorySink sink, int unanswered, int arriving) {
            this.sink = sink;
            this.unanswered = unanswered;
            this.arriving = arriving;
        }

        @Override
        public void put(String name, SinkContent content) throws IOException {
            if (unanswered-- <= 0) {
                sink.put(name, content);
                return;
            }
            if (arriving-- > 0) {
                sink.put(name, content);
            } else {
                byte[] bytes = content.open().readAllBytes();
                late.add(() -> sink.objects.putIfAbsent(name, bytes));
            }
            throw new IOException("no answer");
        }

        void deliverLate() {
            late.forEach(Runnable::run);
        }

        @Override
        public InputStream get(String name, long offset, long length) throws IOException {
            try {
                return sink.get(name, offset, length);
            } catch (NoSuchFileException e) {
                throw new NoSuchFileException(name);
            }
        }
    }
}
