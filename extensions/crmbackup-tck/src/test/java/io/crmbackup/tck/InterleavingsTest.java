package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Sink;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class InterleavingsTest {
    private final ToyStore right = new ToyStore(ToyStore.Order.RIGHT);

    @Test
    void rightOrderSurvivesAllOrdersWithTwoSwitches() throws Exception {
        assertThat(Interleavings.of(right, right).exhaustive(2, 10_000)).isBetween(30, 1000);
    }

    @Test
    void rightOrderOfThreeTasksSurvivesRandomOrders() throws Exception {
        Interleavings.of(right, right).and(right).random(1, 50);
    }

    @Test
    void lostUpdateIsFoundExhaustively() {
        ToyStore wrong = new ToyStore(ToyStore.Order.TAKEN_IS_MINE);
        assertThatThrownBy(() -> Interleavings.of(wrong, wrong).exhaustive(1, 10_000))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("choices [")
                .hasMessageContaining("tasks at each operation [")
                .hasMessageContaining("acknowledged");
    }

    @Test
    void lostUpdateIsFoundAtRandom() {
        ToyStore wrong = new ToyStore(ToyStore.Order.TAKEN_IS_MINE);
        assertThatThrownBy(() -> Interleavings.of(wrong, wrong).random(7, 200))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("random(");
    }

    @Test
    void withoutSwitchesTasksRunOneAfterTheOther() throws Exception {
        assertThat(Interleavings.of(right, right).exhaustive(0, 10_000)).isEqualTo(2);
    }

    @Test
    void exhaustiveRunsEachOrderOnce() throws Exception {
        List<String> orders = new CopyOnWriteArrayList<>();
        StringBuffer order = new StringBuffer();
        Workload<String, String> two = new Workload<>() {
            @Override
            public String prepare(Sink sink) {
                return "";
            }

            @Override
            public void run(Sink sink, String prepared, Consumer<String> acknowledge) throws Exception {
                String name = order.indexOf("A") < 0 ? "A" : "B";
                order.append(name);
                for (int i = 0; i < 2; i++) {
                    sink.delete("x");
                    order.append(name);
                }
            }

            @Override
            public void check(Sink sink, String prepared, List<String> acknowledged) {
                orders.add(order.toString());
                order.setLength(0);
            }
        };
        int runs = Interleavings.of(two, two).exhaustive(100, 10_000);
        Set<String> different = new HashSet<>(orders);
        // The two who begin are alike, so every order is met twice; of 3 steps each, the first step of A comes first.
        assertThat(different).hasSize(10);
        assertThat(runs).isEqualTo(2 * different.size());
    }
}
