package io.crmbackup.tck;

import static io.crmbackup.tck.SinkScratch.atOnce;
import static io.crmbackup.tck.SinkScratch.expect;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The rules about putting objects. */
final class SinkPutRules {
    private static final int LENGTH = 200_000;
    private static final int WRITERS = 8;
    private static final int ROUNDS = 10;

    private SinkPutRules() {}

    static void aHalfWrittenObjectIsNotSeen(SinkScratch scratch) throws Exception {
        String name = scratch.name("half");
        byte[] bytes = SinkScratch.bytes(LENGTH, 1);
        try (Observer observer = new Observer()) {
            SinkContent content = new ProbedContent(
                    bytes,
                    LENGTH,
                    () -> observer.look(() -> {
                        try (InputStream in = scratch.sink().get(name, 0, Long.MAX_VALUE)) {
                            return "it could be read with " + in.readAllBytes().length + " of " + LENGTH + " bytes";
                        } catch (NoSuchFileException e) {
                            return "";
                        }
                    }));
            scratch.sink().put(name, content);
            observer.expectNothingSeen("while " + name + " was being put");
        }
        scratch.expectObject(scratch.sink(), name, bytes);
    }

    static void aBrokenPutLeavesNothing(SinkScratch scratch) throws Exception {
        String name = scratch.name("broken");
        expectFailure(scratch, name, new ProbedContent(SinkScratch.bytes(LENGTH, 1), LENGTH, () -> {
            throw new IOException("the content breaks off, as the check wants it");
        }));
        scratch.expectAbsent(scratch.sink(), name, "though its put failed");
        byte[] second = scratch.put(name, 100);
        scratch.expectObject(scratch.sink(), name, second);
    }

    static void anObjectSurvivesACrash(SinkScratch scratch) throws Exception {
        String small = scratch.name("durable/small");
        String large = scratch.name("durable/large");
        byte[] smallBytes = scratch.put(small, 10);
        byte[] largeBytes = scratch.put(large, 3 << 20);
        Sink reopened = scratch.crashed();
        scratch.expectObject(reopened, small, smallBytes);
        scratch.expectObject(reopened, large, largeBytes);
    }

    static void putOfATakenNameFails(SinkScratch scratch) throws Exception {
        String name = scratch.name("taken");
        byte[] first = scratch.put(name, 1000);
        for (byte[] second : List.of(SinkScratch.bytes(1000, 7), new byte[0], SinkScratch.bytes(LENGTH, 7), first)) {
            try {
                scratch.sink().put(name, SinkContent.of(second));
                throw new AssertionError("a second put of " + name + " succeeded with " + second.length + " bytes");
            } catch (FileAlreadyExistsException e) {
                scratch.expectObject(scratch.sink(), name, first);
            }
        }
    }

    static void oneOfRacingPutsSucceeds(SinkScratch scratch) throws Exception {
        race(scratch, Collections.nCopies(WRITERS, scratch.sink()));
    }

    static void oneOfRacingClientsSucceeds(SinkScratch scratch) throws Exception {
        List<Sink> clients = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            clients.add(scratch.another());
        }
        race(scratch, clients);
    }

    /** A put that fails with another error may have been the one that succeeded, its answer lost. */
    private static void race(SinkScratch scratch, List<Sink> writers) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String name = scratch.name("race" + round);
            List<Integer> winners = Collections.synchronizedList(new ArrayList<>());
            List<Integer> unknown = Collections.synchronizedList(new ArrayList<>());
            // Lengths differ as well, so that a mixture of two is seen.
            List<byte[]> contents = new ArrayList<>();
            for (int i = 0; i < writers.size(); i++) {
                contents.add(SinkScratch.bytes(20_000 + 1000 * i, i));
            }
            atOnce(writers.size(), i -> {
                try {
                    writers.get(i).put(name, SinkContent.of(contents.get(i)));
                    winners.add(i);
                } catch (FileAlreadyExistsException e) {
                    // As it should be for all but one.
                } catch (IOException e) {
                    unknown.add(i);
                }
            });
            expect(winners.size() <= 1, "%d of %d puts of %s succeeded", winners.size(), writers.size(), name);
            List<Integer> candidates = winners.isEmpty() ? unknown : winners;
            expect(!candidates.isEmpty(), "none of %d puts of %s succeeded", writers.size(), name);
            byte[] stored = SinkScratch.read(scratch.sink(), name);
            expect(
                    candidates.stream().anyMatch(i -> Arrays.equals(contents.get(i), stored)),
                    "%s does not hold what the put that succeeded brought",
                    name);
        }
    }

    static void aContentThatIsTooShortFails(SinkScratch scratch) throws Exception {
        for (int actual : new int[] {0, 1, 999, LENGTH - 1}) {
            expectRefused(scratch, scratch.name("short" + actual), actual, actual < 1000 ? 1000 : LENGTH);
        }
    }

    static void aContentThatIsTooLongFails(SinkScratch scratch) throws Exception {
        for (int length : new int[] {0, 1, 999, LENGTH - 1}) {
            expectRefused(scratch, scratch.name("long" + length), length < 1000 ? 1000 : LENGTH, length);
        }
    }

    private static void expectRefused(SinkScratch scratch, String name, int actual, int said) throws IOException {
        expectFailure(scratch, name, new ProbedContent(SinkScratch.bytes(actual, 3), said, () -> {}));
        scratch.expectAbsent(scratch.sink(), name, "though its content had " + actual + " bytes instead of " + said);
    }

    static void streamsOfContentsAreClosed(SinkScratch scratch) throws Exception {
        byte[] bytes = SinkScratch.bytes(LENGTH, 1);
        String name = scratch.name("closed");
        ProbedContent good = new ProbedContent(bytes, LENGTH, () -> {});
        scratch.sink().put(name, good);
        expectClosed(good, "after a put");
        ProbedContent taken = new ProbedContent(bytes, LENGTH, () -> {});
        expectFailure(scratch, name, taken);
        expectClosed(taken, "after a put of a taken name");
        ProbedContent brokenOff = new ProbedContent(bytes, LENGTH, () -> {
            throw new IOException("the content breaks off, as the check wants it");
        });
        expectFailure(scratch, scratch.name("closing/broken"), brokenOff);
        expectClosed(brokenOff, "after its read failed");
        ProbedContent tooLong = new ProbedContent(bytes, LENGTH - 1, () -> {});
        expectFailure(scratch, scratch.name("closing/long"), tooLong);
        expectClosed(tooLong, "after a content that was too long");
    }

    private static void expectClosed(ProbedContent content, String when) {
        expect(content.streams() == 0, "%d streams of a content are open %s", content.streams(), when);
    }

    private static void expectFailure(SinkScratch scratch, String name, SinkContent content) {
        try {
            scratch.sink().put(name, content);
        } catch (IOException e) {
            return;
        }
        throw new AssertionError("put reported success for " + name + ", which could not be stored as it was said");
    }
}
