package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** The smallest store with a commit point: data objects of fresh names, then a log entry that names them. Right, or wrong in one way. */
final class ToyStore implements Workload<String, String> {
    private final Order order;

    ToyStore(Order order) {
        this.order = order;
    }

    enum Order {
        RIGHT,
        /** The entry before the data that it names. */
        COMMIT_FIRST,
        /** Acknowledged before the entry. */
        ACKNOWLEDGE_FIRST,
        /** A taken log name counts as one's own. */
        TAKEN_IS_MINE
    }

    @Override
    public String prepare(Sink sink) throws Exception {
        List<String> first = new ArrayList<>();
        new ToyStore(Order.RIGHT).run(sink, "", first::add);
        return first.get(0);
    }

    @Override
    public void run(Sink sink, String prepared, Consumer<String> acknowledge) throws Exception {
        String id = UUID.randomUUID().toString().replace("-", "");
        List<String> data = List.of("data/" + id + "a", "data/" + id + "b");
        if (order == Order.ACKNOWLEDGE_FIRST) {
            acknowledge.accept(id);
        }
        if (order == Order.COMMIT_FIRST) {
            commit(sink, id);
        }
        for (String name : data) {
            sink.put(name, content(name));
        }
        if (order != Order.COMMIT_FIRST) {
            commit(sink, id);
        }
        if (order != Order.ACKNOWLEDGE_FIRST) {
            acknowledge.accept(id);
        }
    }

    @Override
    public void check(Sink sink, String prepared, List<String> acknowledged) throws Exception {
        List<String> committed = entries(sink);
        if (!committed.contains(prepared) || !committed.containsAll(acknowledged)) {
            throw new AssertionError("acknowledged " + prepared + " and " + acknowledged + ", there are " + committed);
        }
        for (String id : committed) {
            SinkScratch.read(sink, "data/" + id + "a");
            SinkScratch.read(sink, "data/" + id + "b");
        }
        new ToyStore(Order.RIGHT).run(sink, "", id -> {});
    }

    private void commit(Sink sink, String id) throws IOException {
        for (int n = entries(sink).size(); ; n++) {
            try {
                sink.put("log/" + n, content(id));
                return;
            } catch (FileAlreadyExistsException e) {
                if (order == Order.TAKEN_IS_MINE) {
                    return;
                }
            }
        }
    }

    private static List<String> entries(Sink sink) throws IOException {
        List<String> entries = new ArrayList<>();
        while (true) {
            try {
                entries.add(new String(SinkScratch.read(sink, "log/" + entries.size()), StandardCharsets.UTF_8));
            } catch (NoSuchFileException e) {
                return entries;
            }
        }
    }

    private static SinkContent content(String text) {
        return SinkContent.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
