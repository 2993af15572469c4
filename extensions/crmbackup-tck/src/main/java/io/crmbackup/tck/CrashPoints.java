package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Crashes a workload at every operation: it runs once to count them, and then, for each operation and each way in which that can go wrong,
 * again on a fresh copy of the prepared store, which is then opened anew and checked. The first point that fails is reported with all that is
 * needed to run it again: seed, number, operation and outcome. Immutable.
 *
 * @param <S> what is known before the workload begins
 * @param <A> what the workload acknowledges
 */
public final class CrashPoints<S, A> {
    private final Workload<S, A> workload;
    private final Predicate<Operation> where;
    private final Set<Outcome> outcomes;
    private final long seed;

    private CrashPoints(Workload<S, A> workload, Predicate<Operation> where, Set<Outcome> outcomes, long seed) {
        this.workload = workload;
        this.where = where;
        this.outcomes = outcomes;
        this.seed = seed;
    }

    /** How an operation can go wrong, all of it on a lawful sink. */
    public enum Outcome {
        /** The process dies before the operation is carried out. */
        CRASH_BEFORE,
        /** The process dies while bytes are on their way. */
        CRASH_MIDWAY,
        /** The process dies when the operation was carried out, before it knows. */
        CRASH_AFTER,
        /** The operation fails and the process goes on. */
        ERROR,
        /** The operation is carried out, the process is told that it failed, and goes on. */
        LOST_ANSWER,
        /** The operation fails, the process goes on, and when it is long gone the operation is carried out after all. */
        LATE
    }

    /** Every outcome at every operation that changes the store. */
    public static <S, A> CrashPoints<S, A> of(Workload<S, A> workload) {
        return new CrashPoints<>(
                Objects.requireNonNull(workload, "workload"),
                Operation::mutates,
                Collections.unmodifiableSet(EnumSet.allOf(Outcome.class)),
                1);
    }

    /** The same at these operations. */
    public CrashPoints<S, A> at(Predicate<Operation> operations) {
        return new CrashPoints<>(workload, operations, outcomes, seed);
    }

    /** The same with these outcomes; at least one. */
    public CrashPoints<S, A> with(Outcome... chosen) {
        return new CrashPoints<>(
                workload, where, Collections.unmodifiableSet(EnumSet.copyOf(Arrays.asList(chosen))), seed);
    }

    /** The same with another seed, which decides where a put is torn. */
    public CrashPoints<S, A> seed(long number) {
        return new CrashPoints<>(workload, where, outcomes, number);
    }

    /**
     * Runs all points.
     *
     * @return how many points there were; the undisturbed run is not one of them
     * @throws AssertionError if a check failed
     */
    public int run() throws Exception {
        Prepared prepared = new Prepared();
        int operations = undisturbed(prepared);
        int points = 0;
        for (int k = 0; k < operations; k++) {
            for (Outcome outcome : outcomes) {
                point(prepared, k, outcome);
                points++;
            }
        }
        return points;
    }

    /** Runs one point, as a report of a failure names it. */
    public void only(int k, Outcome outcome) throws Exception {
        point(new Prepared(), k, outcome);
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

    private int undisturbed(Prepared prepared) throws Exception {
        SimulatedSink sink = SimulatedSink.over(prepared.sink.copy(), Faults.none());
        List<A> acknowledged = Collections.synchronizedList(new ArrayList<>());
        workload.run(sink, prepared.state, acknowledged::add);
        int operations = (int) sink.operations().stream().filter(where).count();
        workload.check(sink.crash(), prepared.state, List.copyOf(acknowledged));
        return operations;
    }

    private void point(Prepared prepared, int k, Outcome outcome) throws Exception {
        Suspension suspension = new Suspension();
        AtomicInteger seen = new AtomicInteger();
        AtomicReference<@Nullable Operation> struck = new AtomicReference<>();
        SimulatedSink sink = SimulatedSink.over(prepared.sink.copy(), operation -> {
            if (!where.test(operation) || seen.getAndIncrement() != k) {
                return Fault.none();
            }
            struck.set(operation);
            return fault(outcome, operation, k, suspension);
        });
        List<A> acknowledged = Collections.synchronizedList(new ArrayList<>());
        try {
            try {
                workload.run(sink, prepared.state, acknowledged::add);
            } catch (Exception e) {
                if (struck.get() == null) {
                    throw e;
                }
            }
            SimulatedSink after = sink.crash();
            landLate(suspension);
            workload.check(after, prepared.state, List.copyOf(acknowledged));
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ", k " + k + ", operation " + struck.get() + ", outcome " + outcome + ": " + e, e);
        }
    }

    private static void landLate(Suspension suspension) {
        try {
            suspension.resume();
        } catch (IOException e) {
            // Something else has the name by now: a late put fails with nobody to hear of it.
        }
    }

    private Fault fault(Outcome outcome, Operation operation, int k, Suspension suspension) {
        return switch (outcome) {
            case CRASH_BEFORE -> Fault.notApplied().andCrash();
            case CRASH_MIDWAY ->
                Fault.torn((long) (operation.length() * new Random(seed + k).nextDouble()))
                        .andCrash();
            case CRASH_AFTER -> Fault.none().andCrash();
            case ERROR -> Fault.notApplied();
            case LOST_ANSWER -> Fault.appliedButError();
            case LATE -> Fault.late(suspension);
        };
    }
}
