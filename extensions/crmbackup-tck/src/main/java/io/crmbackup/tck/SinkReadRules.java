package io.crmbackup.tck;

import static io.crmbackup.tck.SinkScratch.atOnce;
import static io.crmbackup.tck.SinkScratch.expect;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules about reading and listing objects. */
final class SinkReadRules {
    private static final int MEBIBYTE = 1 << 20;
    /** More than a page of the usual stores, which is 1,000. */
    private static final int MANY = 1100;

    private SinkReadRules() {}

    static void getReturnsWhatWasPut(SinkScratch scratch) throws Exception {
        for (int length : new int[] {0, 1, 2, 4095, 4096, 65_537, 5 * MEBIBYTE + 1}) {
            String name = scratch.name("put" + length);
            byte[] bytes = scratch.put(name, length);
            scratch.expectObject(scratch.sink(), name, bytes);
        }
    }

    static void allLawfulNamesWork(SinkScratch scratch) throws Exception {
        int rest = 120 - scratch.prefix().length();
        for (String suffix : List.of(
                "a".repeat(rest),
                "a/".repeat(rest / 2 - 1) + "b".repeat(rest % 2 + 2),
                "0",
                "con",
                "nul/aux",
                "azm09/" + "f".repeat(64))) {
            String name = scratch.name(suffix);
            byte[] bytes = scratch.put(name, 20);
            scratch.expectObject(scratch.sink(), name, bytes);
            expect(scratch.listed(scratch.sink(), name).size() == 1, "the listing does not show %s", name);
        }
    }

    static void everyClientSeesWhatWasPut(SinkScratch scratch) throws Exception {
        Sink another = scratch.another();
        String name = scratch.name("seen");
        // Asked for before it is there, so that a client that remembers the answer is found out.
        scratch.expectAbsent(another, name, "before it was put");
        byte[] bytes = scratch.put(name, 1000);
        scratch.expectObject(another, name, bytes);
        scratch.expectObject(scratch.another(), name, bytes);
    }

    static void getReturnsTheRange(SinkScratch scratch) throws Exception {
        int length = 100_000;
        String name = scratch.name("range");
        byte[] bytes = scratch.put(name, length);
        long[][] ranges = {
            {0, 0},
            {0, 1},
            {0, length},
            {0, length + 1},
            {0, Long.MAX_VALUE},
            {1, 1},
            {4095, 2},
            {777, 65_536},
            {50_000, Long.MAX_VALUE},
            {length - 1, 1},
            {length - 1, 10},
            {length - 1, Long.MAX_VALUE},
            {length, 0},
            {length, 1},
            {length, Long.MAX_VALUE},
            {length + 1, 10},
            {Integer.MAX_VALUE + 1L, 10},
            {Long.MAX_VALUE, Long.MAX_VALUE}
        };
        for (long[] range : ranges) {
            int from = (int) Math.min(range[0], length);
            byte[] expected = Arrays.copyOfRange(bytes, from, from + (int) Math.min(range[1], length - from));
            byte[] actual;
            try (InputStream in = scratch.sink().get(name, range[0], range[1])) {
                actual = in.readAllBytes();
            }
            expect(
                    Arrays.equals(expected, actual),
                    "of %d bytes, offset %d and length %d give %d bytes that are not the %d there",
                    length,
                    range[0],
                    range[1],
                    actual.length,
                    expected.length);
        }
    }

    static void getOfAnAbsentObjectFails(SinkScratch scratch) throws Exception {
        scratch.put(scratch.name("directory/object"), 10);
        for (String suffix : List.of("absent", "absent/below", "directory", "directory/objec", "directory/object0")) {
            for (long length : new long[] {0, 1, Long.MAX_VALUE}) {
                String name = scratch.prefix() + suffix;
                try (InputStream in = scratch.sink().get(name, 0, length)) {
                    throw new AssertionError("get gives " + in.readAllBytes().length + " bytes of an absent " + name);
                } catch (NoSuchFileException e) {
                    // As it should be.
                }
            }
        }
    }

    static void aLongReadIsWhole(SinkScratch scratch) throws Exception {
        String name = scratch.name("long");
        byte[] bytes = scratch.put(name, 4 * MEBIBYTE);
        byte[] actual = new byte[bytes.length];
        int at = 0;
        try (InputStream in = scratch.sink().get(name, 0, Long.MAX_VALUE)) {
            for (int step = 1; ; step = step * 3 % 40_000 + 1) {
                int read = in.read(actual, at, Math.min(step, actual.length - at));
                if (read <= 0) {
                    break;
                }
                at += read;
            }
            expect(in.read() < 0, "the stream of %s goes on after its %d bytes", name, bytes.length);
        }
        expect(at == bytes.length, "the stream of %s ended after %d of %d bytes", name, at, bytes.length);
        expect(Arrays.equals(actual, bytes), "the stream of %s gives other bytes than were put", name);
    }

    static void aReadCutByDeleteFailsOrIsWhole(SinkScratch scratch) throws Exception {
        String name = scratch.name("cut");
        byte[] bytes = scratch.put(name, 2 * MEBIBYTE);
        try (InputStream in = scratch.sink().get(name, 0, Long.MAX_VALUE)) {
            int first = in.read();
            scratch.sink().delete(name);
            expectRest(in, first, bytes, "deleted");
        }
    }

    static void aReadCutByCloseFailsOrIsWhole(SinkScratch scratch) throws Exception {
        String name = scratch.name("cut");
        byte[] bytes = scratch.put(name, 2 * MEBIBYTE);
        Sink another = scratch.another();
        try (InputStream in = another.get(name, 0, Long.MAX_VALUE)) {
            int first = in.read();
            another.close();
            expectRest(in, first, bytes, "closed");
        }
    }

    private static void expectRest(InputStream in, int first, byte[] bytes, String what) {
        byte[] rest;
        try {
            rest = in.readAllBytes();
        } catch (IOException | IllegalStateException e) {
            return;
        }
        expect(
                (byte) first == bytes[0] && Arrays.equals(rest, Arrays.copyOfRange(bytes, 1, bytes.length)),
                "a stream ended without an error after %d of %d bytes, or gave others, when its object or sink was %s",
                rest.length + 1,
                bytes.length,
                what);
    }

    static void listVisitsEachObjectOnce(SinkScratch scratch) throws Exception {
        Map<String, Long> expected = new HashMap<>();
        for (int i = 0; i < MANY; i++) {
            expected.put(scratch.name("list/" + i % 3 + "/" + i), (long) i % 10);
        }
        for (String beside : List.of("list0/1", "lis/1", "list1")) {
            scratch.put(scratch.name(beside), 5);
        }
        List<String> names = List.copyOf(expected.keySet());
        int writers = 8;
        atOnce(writers, number -> {
            for (int i = number; i < names.size(); i += writers) {
                int length = expected.getOrDefault(names.get(i), 0L).intValue();
                scratch.sink().put(names.get(i), SinkContent.of(new byte[length]));
            }
        });
        expectListed(scratch.sink(), scratch.prefix() + "list/", expected);
        Map<String, Long> part = new HashMap<>(expected);
        part.keySet().removeIf(name -> !name.startsWith(scratch.prefix() + "list/2/"));
        expectListed(scratch.sink(), scratch.prefix() + "list/2/", part);
        expectListed(scratch.sink(), scratch.prefix() + "nothing/", Map.of());
    }

    private static void expectListed(Sink sink, String prefix, Map<String, Long> expected) throws IOException {
        Map<String, Long> rest = new HashMap<>(expected);
        sink.list(prefix, object -> {
            Long length = rest.remove(object.name());
            expect(length != null, "list of %s visits %s, which is not there or was visited", prefix, object.name());
            expect(
                    Long.valueOf(object.length()).equals(length),
                    "list gives %s length %d, not %s",
                    object.name(),
                    object.length(),
                    String.valueOf(length));
        });
        expect(
                rest.isEmpty(),
                "list of %s leaves out %d of %d objects, one is %s",
                prefix,
                rest.size(),
                expected.size(),
                rest.keySet().stream().findFirst().orElse(""));
    }

    static void listOfTheEmptyPrefixVisitsAll(SinkScratch scratch) throws Exception {
        Map<String, Long> expected = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            String name = scratch.name("all" + i + "/object");
            scratch.put(name, i);
            expected.put(name, (long) i);
        }
        Map<String, Long> visited = new HashMap<>();
        scratch.sink().list("", object -> {
            if (object.name().startsWith(scratch.prefix())) {
                visited.put(object.name(), object.length());
            }
        });
        expect(visited.equals(expected), "of the objects %s list of the empty prefix visits %s", expected, visited);
    }

    static void listShowsOnlyWholeObjects(SinkScratch scratch) throws Exception {
        int length = 200_000;
        String name = scratch.name("whole/object");
        try (Observer observer = new Observer()) {
            scratch.sink()
                    .put(
                            name,
                            new ProbedContent(
                                    SinkScratch.bytes(length, 1),
                                    length,
                                    () -> observer.look(() -> {
                                        StringBuilder seen = new StringBuilder();
                                        scratch.sink().list(scratch.prefix(), object -> seen.append(object));
                                        return seen.toString();
                                    })));
            observer.expectNothingSeen("list while " + name + " was being put");
        }
        String broken = scratch.name("whole/broken");
        try {
            scratch.sink().put(broken, new ProbedContent(SinkScratch.bytes(length, 1), length, () -> {
                throw new IOException("the content breaks off, as the check wants it");
            }));
        } catch (IOException e) {
            // Rule 1 says that it must.
        }
        expectListed(scratch.sink(), scratch.prefix(), Map.of(name, (long) length));
    }
}
