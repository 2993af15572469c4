package io.crmbackup.internal.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.crmbackup.error.BackupCancelledException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void everyTaskRunsOnce(int threads) {
        AtomicInteger runs = new AtomicInteger();
        try (Workers workers = new Workers(threads)) {
            for (int i = 0; i < 1_000; i++) {
                workers.submit(Workers.MOST_BYTES / 3, runs::incrementAndGet);
            }
            workers.awaitIdle();
            assertThat(runs).hasValue(1_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void failureReachesTheCallerAndStays(int threads) {
        try (Workers workers = new Workers(threads)) {
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> {
                workers.submit(1, () -> {
                    throw new ArithmeticException("broken");
                });
                workers.awaitIdle();
            });
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> workers.submit(1, () -> {}));
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(workers::awaitIdle);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void errorReachesTheCaller(int threads) {
        try (Workers workers = new Workers(threads)) {
            assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> {
                workers.submit(1, () -> {
                    throw new StackOverflowError();
                });
                workers.awaitIdle();
            });
        }
    }

    @Test
    @Timeout(60)
    void callerWaitsWhileTooMuchIsUnderWay() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger submitted = new AtomicInteger();
        try (Workers workers = new Workers(1)) {
            Thread caller = new Thread(() -> {
                for (int i = 0; i < 5; i++) {
                    workers.submit(Workers.MOST_BYTES / 2 - Workers.TASK_BYTES, () -> await(release));
                    submitted.incrementAndGet();
                }
            });
            caller.start();
            awaitWaiting(caller, submitted, 2);
            assertThat(submitted).hasValue(2);
            release.countDown();
            caller.join();
            assertThat(submitted).hasValue(5);
        }
    }

    @Test
    @Timeout(60)
    void callerWaitsForTasksWithoutBytesAsWell() throws InterruptedException {
        int most = Workers.MOST_BYTES / Workers.TASK_BYTES;
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger submitted = new AtomicInteger();
        try (Workers workers = new Workers(1)) {
            Thread caller = new Thread(() -> {
                for (int i = 0; i < 2 * most; i++) {
                    workers.submit(0, () -> await(release));
                    submitted.incrementAndGet();
                }
            });
            caller.start();
            awaitWaiting(caller, submitted, most);
            assertThat(submitted).hasValue(most);
            release.countDown();
            caller.join();
        }
    }

    @Test
    @Timeout(60)
    void callerRunsWhatWaitsInsteadOfWaiting() {
        CountDownLatch release = new CountDownLatch(1);
        List<Thread> ran = new ArrayList<>();
        try (Workers workers = new Workers(1)) {
            occupy(workers, release);
            for (int i = 0; i < 10; i++) {
                workers.submit(Workers.MOST_BYTES / 4, () -> ran.add(Thread.currentThread()));
            }
            assertThat(ran).hasSizeBetween(6, 7).containsOnly(Thread.currentThread());
            workers.submit(0, release::countDown);
            workers.awaitIdle();
        }
        assertThat(ran).hasSize(10);
    }

    @Test
    @Timeout(60)
    void callerThatAwaitsTheEndRunsWhatWaits() {
        CountDownLatch release = new CountDownLatch(3);
        try (Workers workers = new Workers(1)) {
            occupy(workers, release);
            for (int i = 0; i < 3; i++) {
                workers.submit(1, release::countDown);
            }
            workers.awaitIdle();
        }
        assertThat(release.getCount()).isZero();
    }

    @Test
    void failureOfWhatTheCallerRunsDropsWhatWaits() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        try (Workers workers = new Workers(1)) {
            occupy(workers, release);
            workers.submit(1, () -> {
                throw new ArithmeticException("broken");
            });
            workers.submit(1, runs::incrementAndGet);
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(workers::awaitIdle);
            release.countDown();
        }
        assertThat(runs).hasValue(0);
    }

    @Test
    void interruptedCallerBeginsNothingThatWaits() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        try (Workers workers = new Workers(1)) {
            occupy(workers, release);
            workers.submit(1, runs::incrementAndGet);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(BackupCancelledException.class).isThrownBy(workers::awaitIdle);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(runs).hasValue(0);
    }

    @Test
    void taskHeavierThanTheBoundRunsAlone() {
        AtomicInteger runs = new AtomicInteger();
        try (Workers workers = new Workers(1)) {
            workers.submit(Workers.MOST_BYTES * 2, runs::incrementAndGet);
            workers.submit(Workers.MOST_BYTES * 2, runs::incrementAndGet);
            workers.awaitIdle();
        }
        assertThat(runs).hasValue(2);
    }

    @Test
    void interruptedCallerIsCancelledWithItsFlagSet() {
        CountDownLatch release = new CountDownLatch(1);
        try (Workers workers = new Workers(1)) {
            workers.submit(1, () -> await(release));
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(BackupCancelledException.class).isThrownBy(workers::awaitIdle);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void offeredTaskTakesItsTurn() {
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(3);
        try (Workers workers = new Workers(1)) {
            occupy(workers, release);
            for (int i = 0; i < 3; i++) {
                int number = i;
                Runnable task = () -> {
                    ran.add(number);
                    done.countDown();
                };
                if (i == 1) {
                    workers.offer(task);
                } else {
                    workers.submit(1, task);
                }
            }
            release.countDown();
            await(done);
        }
        assertThat(ran).containsExactly(0, 1, 2);
    }

    @Test
    void nobodyWaitsForAnOfferedTask() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        try (Workers workers = new Workers(1)) {
            CountDownLatch begun = new CountDownLatch(1);
            workers.offer(() -> {
                begun.countDown();
                await(release);
            });
            await(begun);
            workers.awaitIdle();
            workers.offer(runs::incrementAndGet);
        }
        assertThat(runs).as("dropped, as it waited when all was closed").hasValue(0);
    }

    @Test
    void withoutThreadsAnOfferedTaskIsNeverRun() {
        AtomicInteger runs = new AtomicInteger();
        Workers workers = new Workers(0);
        workers.offer(runs::incrementAndGet);
        workers.submit(1, () -> {});
        workers.awaitIdle();
        workers.close();
        workers.offer(runs::incrementAndGet);
        assertThat(runs).hasValue(0);
    }

    @Test
    void closedWorkersRefuseAnOfferedTask() {
        AtomicInteger runs = new AtomicInteger();
        Workers workers = new Workers(1);
        workers.close();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> workers.offer(runs::incrementAndGet));
        assertThat(runs).hasValue(0);
    }

    @Test
    void closeInterruptsWhatRunsAndDropsWhatWaits() {
        AtomicReference<String> end = new AtomicReference<>("");
        CountDownLatch started = new CountDownLatch(1);
        Workers workers = new Workers(1);
        workers.submit(1, () -> {
            started.countDown();
            end.set(await(new CountDownLatch(1)) ? "interrupted" : "released");
        });
        workers.submit(1, () -> end.set("ran what waited"));
        await(started);
        workers.close();
        assertThat(end).hasValue("interrupted");
        assertThatIllegalStateException().isThrownBy(() -> workers.submit(1, () -> {}));
        workers.close();
    }

    /** It may also wait for the lock, for a moment, before it has submitted that many. */
    private static void awaitWaiting(Thread caller, AtomicInteger submitted, int atLeast) {
        while (caller.isAlive() && (submitted.get() < atLeast || caller.getState() != Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
    }

    /** Has the one thread of some workers wait. */
    private static void occupy(Workers workers, CountDownLatch release) {
        CountDownLatch started = new CountDownLatch(1);
        workers.submit(1, () -> {
            started.countDown();
            await(release);
        });
        await(started);
    }

    /** Returns whether it was interrupted. */
    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
