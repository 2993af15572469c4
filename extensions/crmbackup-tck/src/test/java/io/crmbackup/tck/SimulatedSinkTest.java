package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimulatedSinkTest {
    private static final byte[] BYTES = SinkScratch.bytes(1000, 1);

    private final InMemorySink real = new InMemorySink();

    private SimulatedSink with(Fault fault) {
        return SimulatedSink.over(real, Faults.at(operation -> operation.index() == 0, fault));
    }

    private static void put(Sink sink, String name) throws IOException {
        sink.put(name, SinkContent.of(BYTES));
    }

    private boolean isThere(String name) throws IOException {
        List<SinkObject> found = new ArrayList<>();
        real.list("", found::add);
        return found.stream().anyMatch(o -> o.name().equals(name));
    }

    @Test
    void putThatIsNotAppliedOrTornLeavesNothing() throws IOException {
        for (Fault fault : List.of(Fault.notApplied(), Fault.torn(500))) {
            assertThatIOException().isThrownBy(() -> put(with(fault), "a")).withMessageContaining(fault.toString());
            assertThat(isThere("a")).isFalse();
        }
    }

    @Test
    void tornAndSeenPutLeavesAPart() throws IOException {
        assertThatIOException().isThrownBy(() -> put(with(Fault.tornAndSeen(300)), "a"));
        assertThat(SinkScratch.read(real, "a")).hasSize(300);
    }

    @Test
    void appliedPutAndDeleteWithErrorAreApplied() throws IOException {
        assertThatIOException().isThrownBy(() -> put(with(Fault.appliedButError()), "a"));
        assertThat(SinkScratch.read(real, "a")).isEqualTo(BYTES);
        assertThatIOException().isThrownBy(() -> with(Fault.appliedButError()).delete("a"));
        assertThat(isThere("a")).isFalse();
    }

    @Test
    void lostPutIsThereUntilTheCrash() throws IOException {
        SimulatedSink sink = with(Fault.appliedAndLost());
        put(sink, "a");
        put(sink, "b");
        assertThat(SinkScratch.read(sink, "a")).isEqualTo(BYTES);
        SimulatedSink after = sink.crash();
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> after.get("a", 0, 1));
        assertThat(SinkScratch.read(after, "b")).isEqualTo(BYTES);
    }

    @Test
    void putThatIsNeverAppliedIsAcknowledged() throws IOException {
        put(with(Fault.neverApplied()), "a");
        assertThat(isThere("a")).isFalse();
    }

    @Test
    void crashEndsAllOldClients() throws IOException {
        SimulatedSink sink = with(Fault.none());
        SimulatedSink other = sink.client();
        SimulatedSink after = sink.crash();
        assertThatIllegalStateException().isThrownBy(() -> put(sink, "a")).withMessageContaining("dead");
        assertThatIllegalStateException().isThrownBy(() -> other.get("a", 0, 1)).withMessageContaining("dead");
        put(after, "a");
    }

    @Test
    void faultAndCrashAppliesAsItsFaultDoesAndEndsTheProcess() throws IOException {
        SimulatedSink before = with(Fault.notApplied().andCrash());
        assertThatIllegalStateException().isThrownBy(() -> put(before, "a"));
        assertThatIllegalStateException().isThrownBy(() -> put(before, "b")).withMessageContaining("dead");
        assertThat(real.size()).isZero();
        SimulatedSink after = with(Fault.none().andCrash());
        assertThatIllegalStateException().isThrownBy(() -> put(after, "a"));
        assertThatIllegalStateException()
                .isThrownBy(() -> after.list("", o -> {}))
                .withMessageContaining("dead");
        assertThat(isThere("a")).isTrue();
        SimulatedSink reading = with(Fault.none().andCrash());
        assertThatIllegalStateException().isThrownBy(() -> reading.get("a", 0, 1));
        assertThatIllegalStateException().isThrownBy(() -> reading.delete("a")).withMessageContaining("dead");
        assertThat(isThere("a")).isTrue();
    }

    @Test
    void suspendedPutWaitsUntilItIsResumed() throws Exception {
        Suspension suspension = new Suspension();
        SimulatedSink sink = with(Fault.suspended(suspension));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> put = thread.submit(() -> {
                put(sink, "a");
                return null;
            });
            assertThat(suspension.awaitReached()).isTrue();
            assertThat(isThere("a")).isFalse();
            suspension.resume();
            SinkScratch.await(put);
            assertThat(isThere("a")).isTrue();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void latePutFailsAndLandsAfterTheCrashIfTheNameIsFree() throws IOException {
        Suspension suspension = new Suspension();
        SimulatedSink sink = with(Fault.late(suspension));
        assertThatIOException().isThrownBy(() -> put(sink, "a"));
        assertThat(suspension.isReached()).isTrue();
        SimulatedSink after = sink.crash();
        assertThat(isThere("a")).isFalse();
        suspension.resume();
        assertThat(SinkScratch.read(after, "a")).isEqualTo(BYTES);

        Suspension second = new Suspension();
        assertThatIOException().isThrownBy(() -> put(with(Fault.late(second)), "b"));
        real.put("b", SinkContent.of(new byte[1]));
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(second::resume);
        assertThat(SinkScratch.read(real, "b")).hasSize(1);
    }

    @Test
    void staleAndLyingAnswersHideAndInventObjects() throws IOException {
        put(real, "x/a");
        put(real, "x/b");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> with(Fault.stale()).get("x/a", 0, 1));
        List<String> names = new ArrayList<>();
        with(Fault.stale()).list("", o -> names.add(o.name()));
        assertThat(names).isEmpty();
        with(Fault.lying(Set.of("x/a"), Set.of("x/z", "y/z"))).list("x/", o -> names.add(o.name()));
        assertThat(names).containsExactly("x/b", "x/z");
    }

    @Test
    void readFaultsEndFailOrChangeTheStream() throws IOException {
        put(real, "a");
        assertThat(SinkScratch.read(with(Fault.readEndsEarly(10)), "a")).hasSize(10);
        try (InputStream in = with(Fault.readBreaksOff(10)).get("a", 0, Long.MAX_VALUE)) {
            assertThat(in.readNBytes(10)).hasSize(10);
            assertThatIOException().isThrownBy(in::read);
        }
        for (long bit : new long[] {0, 13, 7999}) {
            byte[] flipped = SinkScratch.read(with(Fault.readFlipped(bit)), "a");
            flipped[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
            assertThat(flipped).isEqualTo(BYTES);
        }
    }

    @Test
    void operationsAreRecordedInOrder() throws IOException {
        SimulatedSink sink = with(Fault.none());
        put(sink, "a");
        sink.client().get("a", 0, 5).close();
        sink.list("x/", o -> {});
        sink.delete("a");
        assertThat(sink.operations())
                .containsExactly(
                        new Operation(0, Operation.Kind.PUT, "a", 1000),
                        new Operation(1, Operation.Kind.GET, "a", 5),
                        new Operation(2, Operation.Kind.LIST, "x/", 0),
                        new Operation(3, Operation.Kind.DELETE, "a", 0));
    }

    @Test
    void randomFaultsAreTheSameForTheSameSeed() {
        Fault fault = Fault.notApplied();
        List<Long> first = faultsOf(Faults.random(7, 0.1, fault));
        assertThat(faultsOf(Faults.random(7, 0.1, fault))).isEqualTo(first);
        assertThat(faultsOf(Faults.random(8, 0.1, fault))).isNotEqualTo(first);
        assertThat(first).hasSizeBetween(50, 200);
    }

    private static List<Long> faultsOf(Faults faults) {
        return LongStream.range(0, 1000)
                .filter(i -> faults.decide(new Operation(i, Operation.Kind.PUT, "a", 1))
                        .toString()
                        .equals("not applied"))
                .boxed()
                .toList();
    }
}
