package io.crmbackup.internal.log;

import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A sink that does everything that the protocol allows a sink to do: puts are applied without an answer, late, twice
 * or never; reads
 * of fresh log entries miss them; listings miss objects.
 */
final class ModelSink extends MemorySink {
    private final Random random;
    private final List<Map.Entry<String, byte[]>> inTheNetwork = new ArrayList<>();
    private Runnable step = () -> {};
    private boolean faulty;
    int unanswered;

    ModelSink(Map<String, byte[]> start, Random random) {
        this.random = random;
        objects.putAll(start);
    }

    void disturb(Runnable beforeEachCall) {
        step = beforeEachCall;
        faulty = true;
    }

    void calm() {
        step = () -> {};
        faulty = false;
    }

    /** Applies some of the puts that are on their way; a put that was applied may be on its way a second time. */
    void deliverSome(double probability) {
        for (Map.Entry<String, byte[]> put : List.copyOf(inTheNetwork)) {
            if (random.nextDouble() < probability) {
                objects.putIfAbsent(put.getKey(), put.getValue());
                if (random.nextBoolean()) {
                    inTheNetwork.remove(put);
                }
            }
        }
    }

    @Override
    public void put(String name, SinkContent content) throws IOException {
        step.run();
        if (!faulty || random.nextInt(6) != 0) {
            super.put(name, content);
            return;
        }
        unanswered++;
        int fate = random.nextInt(5);
        if (fate <= 1 && !objects.containsKey(name)) {
            super.put(name, content);
        } else if (fate <= 3) {
            inTheNetwork.add(Map.entry(name, content.open().readAllBytes()));
        }
        throw new IOException("no answer");
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        step.run();
        if (faulty && name.startsWith("log/") && random.nextInt(10) == 0) {
            throw new NoSuchFileException(name);
        }
        return super.get(name, offset, length);
    }

    @Override
    public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
        step.run();
        super.list(prefix, object -> {
            if (!faulty || random.nextInt(5) != 0) {
                visitor.accept(object);
            }
        });
    }

    @Override
    public void delete(String name) throws IOException {
        step.run();
        super.delete(name);
    }
}
