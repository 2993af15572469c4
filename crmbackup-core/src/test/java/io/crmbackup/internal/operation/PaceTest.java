package io.crmbackup.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.DataRate;
import io.crmbackup.error.BackupCancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    private long now = -5 * SECOND;
    private long slept;

    private Pace pace(long rate) {
        return new Pace(new DataRate(rate), () -> now, nanos -> {
            now += nanos;
            slept += nanos;
        });
    }

    @Test
    void bytesTakeTheTimeThatTheRateSays() {
        Pace pace = pace(1000);
        Random random = new Random(1);
        long begin = now;
        long bytes = 0;
        for (int i = 0; i < 10_000; i++) {
            long some = random.nextInt(500);
            pace.take(some);
            bytes += some;
        }
        assertThat(now - begin).isBetween(bytes * (SECOND / 1000) - 2_000_000, bytes * (SECOND / 1000));
    }

    @Test
    void timeThatIsSpentAnywayIsNotSpentTwice() {
        Pace pace = pace(1000);
        for (int i = 0; i < 100; i++) {
            now += SECOND / 10;
            pace.take(90);
        }
        assertThat(slept).isZero();
    }

    @Test
    void atMostATenthOfASecondIsMadeUpFor() {
        Pace pace = pace(1000);
        now += 1000 * SECOND;
        pace.take(100);
        assertThat(slept).isZero();
        pace.take(500);
        assertThat(slept).isEqualTo(SECOND / 2);
    }

    @Test
    void manySmallReadsAreWaitedForInFew() {
        List<Long> waits = new ArrayList<>();
        Pace pace = new Pace(new DataRate(1_000_000), () -> now, nanos -> {
            waits.add(nanos);
            now += nanos;
        });
        for (int i = 0; i < 1000; i++) {
            pace.take(100);
        }
        assertThat(waits).hasSize(50).containsOnly(2_000_000L);
    }

    @Test
    void largeReadsAreWaitedForAsWell() {
        pace(1000).take(50_000);
        assertThat(slept).isEqualTo(50 * SECOND);
    }

    @Test
    void interruptEndsTheWait() {
        Pace pace = new Pace(new DataRate(1), () -> now, nanos -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> pace.take(10)).isInstanceOf(BackupCancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
