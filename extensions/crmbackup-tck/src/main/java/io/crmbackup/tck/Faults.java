package io.crmbackup.tck;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Decides what befalls each operation of a {@link SimulatedSink}. Called by the threads that use the sink, so thread-safe. */
@FunctionalInterface
public interface Faults {
    /** What befalls this operation; {@link Fault#none()} if it is to be carried out. */
    Fault decide(Operation operation);

    /** No faults. */
    static Faults none() {
        return operation -> Fault.none();
    }

    /** One fault for all operations that a condition holds for. */
    static Faults at(Predicate<Operation> where, Fault fault) {
        return operation -> where.test(operation) ? fault : Fault.none();
    }

    /**
     * Faults at random, the same for the same seed and operation index.
     *
     * @param rate how many of the operations are befallen, from 0 to 1
     */
    static Faults random(long seed, double rate, Fault... faults) {
        if (!(rate >= 0 && rate <= 1) || faults.length == 0) {
            throw new IllegalArgumentException("a rate from 0 to 1 and at least one fault are needed, not " + rate
                    + " and " + faults.length + " faults");
        }
        List<Fault> choice = List.of(faults);
        return operation -> {
            SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + operation.index());
            return random.nextDouble() < rate ? choice.get(random.nextInt(choice.size())) : Fault.none();
        };
    }
}
