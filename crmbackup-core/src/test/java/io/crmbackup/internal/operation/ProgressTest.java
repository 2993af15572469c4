package io.crmbackup.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.crmbackup.report.BackupListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final List<String> told = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private final BackupListener listener = new BackupListener() {
        @Override
        public void began(String phase) {
            tell(phase);
        }

        @Override
        public void damaged(String object, String what, String instead) {
            tell(object);
        }

        private void tell(String event) {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.yield();
            told.add(event);
            inside.decrementAndGet();
        }
    };

    @Test
    void listenerIsToldOneThingAtATimeWhicheverThreadTellsIt() {
        Progress damage = new Progress(listener);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(() -> {
                for (int j = 0; j < 2_000; j++) {
                    damage.damaged("a", "is bad", "b");
                }
            });
            thread.start();
            threads.add(thread);
        }
        Progress progress = new Progress(listener);
        for (int j = 0; j < 2_000; j++) {
            progress.during("phase", () -> {});
        }
        threads.forEach(Uninterruptibles::joinUninterruptibly);
        assertThat(most).hasValue(1);
        assertThat(told).hasSize(8_000).doesNotContainNull();
    }
}
