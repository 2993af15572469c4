package io.crmbackup.internal.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import io.crmbackup.error.BackupCancelledException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AskedTest {
    @Test
    void answerIsThatOfTheSource() throws IOException {
        try (Asked<String> asked = Asked.of(() -> Thread.currentThread().getName())) {
            assertThat(asked.answer()).isEqualTo("crmbackup-source");
        }
    }

    @Test
    void failureIsThatOfTheSource() {
        for (Exception failure : new Exception[] {new IOException("gone"), new ImplausibleChangesException("no")}) {
            try (Asked<String> asked = Asked.of(() -> {
                throw failure;
            })) {
                assertThatThrownBy(asked::answer).isSameAs(failure);
            }
        }
    }

    @Test
    void sourceIsNotInUseAfterwards() {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (Asked<String> asked = Asked.of(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                ended.set(true);
            }
            return "";
        })) {
            assertThat(asked).isNotNull();
            Uninterruptibles.awaitUninterruptibly(begun);
        }
        assertThat(ended).isTrue();
    }

    @Test
    void interruptedThreadWaitsForNoAnswer() {
        CountDownLatch never = new CountDownLatch(1);
        try (Asked<String> asked = Asked.of(() -> {
            never.await();
            return "";
        })) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(BackupCancelledException.class).isThrownBy(asked::answer);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
