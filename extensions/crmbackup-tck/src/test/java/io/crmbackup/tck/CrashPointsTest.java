package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CrashPointsTest {
    @Test
    void rightOrderSurvivesEveryPoint() throws Exception {
        assertThat(CrashPoints.of(new ToyStore(ToyStore.Order.RIGHT)).run()).isEqualTo(3 * 6);
    }

    @Test
    void everyOperationCanBeChosen() throws Exception {
        int points = CrashPoints.of(new ToyStore(ToyStore.Order.RIGHT))
                .at(operation -> true)
                .with(CrashPoints.Outcome.ERROR, CrashPoints.Outcome.CRASH_BEFORE)
                .run();
        assertThat(points).isEqualTo((3 + 2) * 2);
    }

    @Test
    void tornCommitIsFound() {
        assertThatThrownBy(() -> CrashPoints.of(new ToyStore(ToyStore.Order.COMMIT_FIRST))
                        .seed(42)
                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 42, k 0, operation #2 PUT log/1[32], outcome CRASH_AFTER")
                .hasMessageContaining("NoSuchFileException");
    }

    @Test
    void lostAcknowledgementIsFound() {
        assertThatThrownBy(() -> CrashPoints.of(new ToyStore(ToyStore.Order.ACKNOWLEDGE_FIRST))
                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("k 0")
                .hasMessageContaining("acknowledged");
    }

    @Test
    void reportedPointCanBeRunAlone() throws Exception {
        CrashPoints<String, String> points = CrashPoints.of(new ToyStore(ToyStore.Order.COMMIT_FIRST));
        points.only(0, CrashPoints.Outcome.CRASH_BEFORE);
        assertThat(catchThrowable(() -> points.only(0, CrashPoints.Outcome.CRASH_AFTER)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void failureWithoutFaultIsFound() {
        Workload<String, String> broken = new Workload<>() {
            @Override
            public String prepare(Sink sink) {
                return "";
            }

            @Override
            public void run(Sink sink, String prepared, Consumer<String> acknowledge) throws IOException {
                throw new IOException("broken without a fault");
            }

            @Override
            public void check(Sink sink, String prepared, List<String> acknowledged) {}
        };
        assertThatThrownBy(() -> CrashPoints.of(broken).run()).hasMessage("broken without a fault");
    }
}
