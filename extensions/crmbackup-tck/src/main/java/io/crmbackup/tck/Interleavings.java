package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs tasks on one store at the same time, each on a thread of its own, so that they take turns at every operation of the sink: all orders
 * with a few switches, or many at random. The first order after which the check fails is reported, with the task that acted at each
 * operation. As long as each task has one thread, the same choice gives the same order. Immutable.
 *
 * <p>That few switches find most of what can go wrong is the observation behind bounded search: Musuvathi and Qadeer, "Iterative Context
 * Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007.
 *
 * @param <S> what is known before the tasks begin
 * @param <A> what the tasks acknowledge
 */
public final class Interleavings<S, A> {
    private final Workload<S, A> workload;
    private final List<Task<S, A>> tasks;

    private Interleavings(Workload<S, A> workload, List<Task<S, A>> tasks) {
        this.workload = workload;
        this.tasks = tasks;
    }

    /** A workload, which also prepares and checks, with another task beside it; the same one, if it is to run twice. */
    public static <S, A> Interleavings<S, A> of(Workload<S, A> workload, Task<S, A> beside) {
        return new Interleavings<>(workload, List.of(workload, beside));
    }

    /** The same with one more task. */
    public Interleavings<S, A> and(Task<S, A> beside) {
        List<Task<S, A>> more = new ArrayList<>(tasks);
        more.add(beside);
        return new Interleavings<>(workload, List.copyOf(more));
    }

    /**
     * Runs every order with at most so many switches away from a task that could have gone on.
     *
     * @param switches at least 0
     * @param most after how many runs to end in any case
     * @return how many orders were run
     * @throws AssertionError if a task or a check failed
     */
    public int exhaustive(int switches, int most) throws Exception {
        Prepared prepared = new Prepared();
        List<Integer> begin = List.of();
        int runs = 0;
        while (runs < most) {
            Bounded schedule = new Bounded(begin);
            round(prepared, schedule, "choices " + begin);
            runs++;
            List<Integer> next = schedule.next(switches);
            if (next.isEmpty()) {
                break;
            }
            begin = next;
        }
        return runs;
    }

    /**
     * Runs orders in which every operation may be followed by one of any task.
     *
     * @throws AssertionError if a task or a check failed
     */
    public void random(long seed, int runs) throws Exception {
        Prepared prepared = new Prepared();
        for (int i = 0; i < runs; i++) {
            Random random = new Random(seed + i);
            round(prepared, (options, kind) -> random.nextInt(options), "random(" + (seed + i) + ", 1)");
        }
    }

    private final class Prepared {
        private final InMemorySink sink = new InMemorySink();
        private final S state;

        Prepared() throws Exception {
            try (Sink client = sink.client()) {
                state = workload.prepare(client);
            }
        }
    }

    private void round(Prepared prepared, Turns.Schedule schedule, String how) throws Exception {
        InMemorySink sink = prepared.sink.copy();
        Turns turns = new Turns(tasks.size(), schedule);
        List<A> acknowledged = Collections.synchronizedList(new ArrayList<>());
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < tasks.size(); i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    turns.awaitTurn(number);
                    try {
                        tasks.get(number).run(turns.sinkOf(number, sink.client()), prepared.state, acknowledged::add);
                    } finally {
                        turns.end(number);
                    }
                    return null;
                }));
            }
            turns.begin();
            for (Future<?> one : running) {
                SinkScratch.await(one);
            }
            workload.check(sink.client(), prepared.state, List.copyOf(acknowledged));
        } catch (Exception | AssertionError e) {
            throw new AssertionError(how + ", tasks at each operation " + turns.order() + ": " + e, e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Follows the choices given, then lets each task go on; finds the next choices by depth-first search. */
    private static final class Bounded implements Turns.Schedule {
        private final List<Integer> begin;
        private final List<Choice> made = new ArrayList<>();

        Bounded(List<Integer> begin) {
            this.begin = begin;
        }

        private record Choice(int chosen, int options, Kind kind) {
            int cost() {
                return kind == Kind.PREEMPTION && chosen > 0 ? 1 : 0;
            }
        }

        @Override
        public int choose(int options, Kind kind) {
            int chosen = made.size() < begin.size() ? Math.min(begin.get(made.size()), options - 1) : 0;
            made.add(new Choice(chosen, options, kind));
            return chosen;
        }

        /** The choices of the next order, empty if there is none. */
        List<Integer> next(int switches) {
            for (int last = made.size() - 1; last >= 0; last--) {
                Choice choice = made.get(last);
                int before =
                        made.subList(0, last).stream().mapToInt(Choice::cost).sum();
                Choice next = new Choice(choice.chosen() + 1, choice.options(), choice.kind());
                if (next.chosen() < next.options() && before + next.cost() <= switches) {
                    List<Integer> choices = new ArrayList<>();
                    made.subList(0, last).forEach(c -> choices.add(c.chosen()));
                    choices.add(next.chosen());
                    return choices;
                }
            }
            return List.of();
        }
    }
}
