package io.crmbackup.jdbc.internal.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CrewTest {
    private static Step step(int number, String table) {
        return new Step(number, SchemaStatement.of("CREATE INDEX i" + number + " ON " + table + " (c)"));
    }

    private static List<Step> steps(int count, int tables) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(step(i, "t" + i % tables));
        }
        return steps;
    }

    /** Their work is over; they may still be about to end. */
    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("crmbackup-keys-")) {
                thread.join(30_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void eachStepIsDoneOnceAndNoTwoOfATableAtOnce() throws Exception {
        Set<String> busy = ConcurrentHashMap.newKeySet();
        ConcurrentLinkedQueue<Integer> done = new ConcurrentLinkedQueue<>();
        AtomicBoolean clash = new AtomicBoolean();
        Crew.run(steps(500, 3), 4, step -> {
            step.tables().forEach(table -> clash.compareAndSet(false, !busy.add(table)));
            Thread.yield();
            busy.removeAll(step.tables());
            done.add(step.number());
        });
        assertThat(clash).isFalse();
        assertThat(done).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void stepsOfDifferentTablesAreDoneAtOnce() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        ConcurrentLinkedQueue<Integer> done = new ConcurrentLinkedQueue<>();
        Crew.run(steps(2, 2), 2, step -> {
            try {
                both.await();
            } catch (Exception e) {
                throw new IOException(e);
            }
            done.add(step.number());
        });
        assertThat(done).hasSize(2);
    }

    @Test
    void theFirstFailureEndsAll() {
        ConcurrentLinkedQueue<Integer> begun = new ConcurrentLinkedQueue<>();
        assertThatThrownBy(() -> Crew.run(steps(100, 1), 3, step -> {
                    begun.add(step.number());
                    throw new IOException("step " + step.number());
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("step 0");
        assertThat(begun).containsExactly(0);
    }

    @Test
    void anInterruptEndsAll() {
        Thread caller = Thread.currentThread();
        CountDownLatch never = new CountDownLatch(1);
        assertThatThrownBy(() -> Crew.run(steps(4, 2), 2, step -> {
                    caller.interrupt();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException("stopped");
                    }
                }))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
