package io.crmbackup.tck;

import static io.crmbackup.tck.SinkScratch.atOnce;
import static io.crmbackup.tck.SinkScratch.expect;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The rules about deleting objects, threads and the end of a sink. */
final class SinkLifeRules {
    private static final int THREADS = 8;

    private SinkLifeRules() {}

    static void deleteIsIdempotent(SinkScratch scratch) throws Exception {
        String name = scratch.name("deleted");
        scratch.put(name, 1000);
        scratch.sink().delete(name);
        scratch.expectAbsent(scratch.sink(), name, "after it was deleted");
        scratch.sink().delete(name);
        scratch.sink().delete(scratch.name("never/there"));
        String contended = scratch.name("contended");
        scratch.put(contended, 1000);
        atOnce(THREADS, number -> scratch.sink().delete(contended));
        scratch.expectAbsent(scratch.sink(), contended, "after it was deleted by several");
    }

    static void deleteTakesOneObject(SinkScratch scratch) throws Exception {
        List<String> kept = List.of(scratch.name("keep/object"), scratch.name("keep/object0"), scratch.name("keep0"));
        for (String name : kept) {
            scratch.put(name, 10);
        }
        scratch.sink().delete(scratch.name("keep/objec"));
        scratch.sink().delete(scratch.prefix() + "keep");
        for (String name : kept) {
            scratch.expectObject(scratch.sink(), name, SinkScratch.bytes(10, name.hashCode()));
        }
    }

    static void allMethodsRunAtOnce(SinkScratch scratch) throws Exception {
        String shared = scratch.name("shared");
        byte[] sharedBytes = scratch.put(shared, 50_000);
        atOnce(THREADS, number -> {
            for (int i = 0; i < 10; i++) {
                String name = scratch.name("own" + number + "/" + i);
                byte[] bytes = SinkScratch.bytes(10_000 + number, 100L * number + i);
                scratch.sink().put(name, SinkContent.of(bytes));
                scratch.expectObject(scratch.sink(), name, bytes);
                scratch.expectObject(scratch.sink(), shared, sharedBytes);
                expect(
                        scratch.listed(scratch.sink(), name).size() == 1,
                        "the listing does not show %s while other threads are at work",
                        name);
                scratch.sink().delete(name);
                scratch.expectAbsent(scratch.sink(), name, "after it was deleted");
            }
        });
    }

    static void anInterruptedPutStops(SinkScratch scratch) throws Exception {
        String name = scratch.name("interrupted");
        byte[] bytes = SinkScratch.bytes(4 << 20, 1);
        atOnce(1, number -> {
            try {
                scratch.sink()
                        .put(
                                name,
                                new ProbedContent(
                                        bytes,
                                        bytes.length,
                                        () -> Thread.currentThread().interrupt()));
                throw new AssertionError("a put went on to its end after its thread was interrupted");
            } catch (IOException e) {
                // As it should be.
            } finally {
                Thread.interrupted();
            }
        });
        boolean listed = !scratch.listed(scratch.sink(), name).isEmpty();
        expect(
                !listed || Arrays.equals(SinkScratch.read(scratch.sink(), name), bytes),
                "an interrupted put left a part of %s",
                name);
    }

    static void closeIsIdempotent(SinkScratch scratch) throws Exception {
        String name = scratch.name("closed");
        byte[] bytes = scratch.put(name, 10);
        Sink another = scratch.another();
        another.close();
        another.close();
        scratch.expectObject(scratch.sink(), name, bytes);
    }

    static void aClosedSinkFails(SinkScratch scratch) throws Exception {
        String name = scratch.name("closed");
        scratch.put(name, 10);
        String fresh = scratch.name("fresh");
        Sink another = scratch.another();
        another.close();
        expectClosed("put", () -> another.put(fresh, SinkContent.of(new byte[1])));
        expectClosed("get", () -> another.get(name, 0, 1).close());
        expectClosed("list", () -> another.list("", object -> {}));
        expectClosed("delete", () -> another.delete(name));
        scratch.expectAbsent(scratch.sink(), fresh, "that was put into a closed sink");
    }

    @FunctionalInterface
    private interface Call {
        void run() throws IOException;
    }

    private static void expectClosed(String method, Call call) {
        try {
            call.run();
        } catch (IOException | IllegalStateException e) {
            return;
        }
        throw new AssertionError(method + " works after close");
    }
}
