package io.crmbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Counts the nodes that are read from repositories, by the events that the library gives a flight recording. */
final class NodesRead implements AutoCloseable {
    private static final String EVENT = "io.crmbackup.ChunkRead";

    private final Recording recording = new Recording();

    /** Begins to count. */
    NodesRead() {
        recording.enable(EVENT).withoutThreshold();
        recording.start();
    }

    /** Ends counting; how many nodes were read. */
    long count() throws IOException {
        recording.stop();
        Path file = Files.createTempFile("nodes", ".jfr");
        try {
            recording.dump(file);
            long nodes = 0;
            try (RecordingFile events = new RecordingFile(file)) {
                while (events.hasMoreEvents()) {
                    RecordedEvent event = events.readEvent();
                    nodes += event.getEventType().getName().equals(EVENT) && isNode(event.getString("type")) ? 1 : 0;
                }
            }
            return nodes;
        } finally {
            Files.delete(file);
        }
    }

    private static boolean isNode(String type) {
        return type.equals("LEAF") || type.equals("INNER");
    }

    @Override
    public void close() {
        recording.close();
    }
}
