package io.crmbackup.internal.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SinkException;
import io.crmbackup.spi.SinkContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectStoreTest {
    private final FlakySink sink = new FlakySink();
    private final ObjectStore store = new ObjectStore(sink, Retries.immediately(3));

    @Test
    void givesBackWhatWasPut() {
        assertThat(store.put("index/a", new byte[] {1, 2, 3})).isEqualTo(ObjectStore.Outcome.STORED);
        assertThat(store.find("index/a", 3)).hasValue(new byte[] {1, 2, 3});
        assertThat(store.range("index/a", 1, 2)).containsExactly(2, 3);
    }

    @Test
    void sameBytesUnderATakenNameAreStored() {
        store.put("index/a", new byte[20_000]);
        assertThat(store.put("index/a", new byte[20_000])).isEqualTo(ObjectStore.Outcome.STORED);
    }

    @Test
    void otherBytesUnderATakenNameAreNot() {
        store.put("index/a", new byte[20_000]);
        byte[] lastDiffers = new byte[20_000];
        lastDiffers[19_999] = 1;
        for (byte[] other : List.of(lastDiffers, new byte[19_999], new byte[20_001], new byte[0])) {
            assertThat(store.put("index/a", other)).isEqualTo(ObjectStore.Outcome.TAKEN);
        }
        assertThat(sink.objects.get("index/a")).hasSize(20_000);
    }

    @Test
    void unansweredPutThatArrivedIsStored() {
        sink.failures = 2;
        sink.putBeforeFailing = true;
        assertThat(store.put("index/a", new byte[] {1})).isEqualTo(ObjectStore.Outcome.STORED);
    }

    @Test
    void callsThatFailForTheMomentAreMadeAgain() {
        sink.failures = 2;
        assertThat(store.put("index/a", new byte[] {1})).isEqualTo(ObjectStore.Outcome.STORED);
        sink.failures = 2;
        assertThat(store.find("index/a", 9)).isPresent();
    }

    @Test
    void callsThatKeepFailingAreGivenUp() {
        sink.failures = 3;
        assertThatExceptionOfType(SinkException.class)
                .isThrownBy(() -> store.put("index/a", new byte[] {1}))
                .withMessageContaining("index/a")
                .withMessageContaining("3 attempts")
                .withCauseInstanceOf(IOException.class);
    }

    @Test
    void callsThatCanNeverSucceedAreMadeOnce() {
        for (IOException refusal : List.of(new AccessDeniedException("dir"), new NotDirectoryException("dir"))) {
            sink.failure = refusal;
            sink.failures = 2;
            assertThatExceptionOfType(SinkException.class)
                    .isThrownBy(() -> store.find("index/a", 9))
                    .withMessageContaining("dir")
                    .withMessageNotContaining("attempts");
            assertThat(sink.failures).isEqualTo(1);
        }
    }

    @Test
    void absenceIsAnAnswerAndADamageWhereTheObjectIsNeeded() {
        assertThat(store.find("index/a", 3)).isEmpty();
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> store.get(ObjectRole.INDEX, "index/a"));
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> store.range("index/a", 0, 1));
    }

    @Test
    void objectsLongerThanAcceptedOrShorterThanNeededAreDamaged() {
        store.put("index/a", new byte[100]);
        assertThat(store.find("index/a", 100)).isPresent();
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> store.find("index/a", 99));
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> store.range("index/a", 99, 2));
    }

    @Test
    void interruptEndsTheCallAndStaysSet() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(BackupCancelledException.class).isThrownBy(() -> store.find("index/a", 3));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void listsAndDeletes() {
        store.put("index/a", new byte[1]);
        store.put("snap/a", new byte[1]);
        List<String> names = new ArrayList<>();
        store.list("index/", object -> names.add(object.name()));
        assertThat(names).containsExactly("index/a");
        store.delete("index/a");
        store.delete("index/a");
        assertThat(sink.objects).containsOnlyKeys("snap/a");
    }

    /** Fails the next calls. */
    private static final class FlakySink extends MemorySink {
        private int failures;
        private boolean putBeforeFailing;
        private IOException failure = new IOException("no answer");

        @Override
        public void put(String name, SinkContent content) throws IOException {
            if (failures > 0 && putBeforeFailing) {
                failures--;
                super.put(name, content);
                throw new IOException("no answer");
            }
            fail();
            super.put(name, content);
        }

        @Override
        public InputStream get(String name, long offset, long length) throws IOException {
            fail();
            return super.get(name, offset, length);
        }

        private void fail() throws IOException {
            if (failures > 0) {
                failures--;
                throw failure;
            }
        }
    }
}
