package io.crmbackup.report;

import io.crmbackup.spi.Source;
import java.time.Instant;
import java.util.Map;

/**
 * How a source was captured.
 *
 * @param source its name in the plan
 * @param consistency whether the records show one moment or a window
 * @param from the moment, or the window's begin
 * @param to the moment, or the window's end
 * @param position where the source stood, in its own terms; empty if it has none
 * @param attributes what the source says of itself
 */
public record SourceReport(
        String source,
        Source.Consistency consistency,
        Instant from,
        Instant to,
        String position,
        Map<String, String> attributes) {
    /** Copies the map. */
    public SourceReport {
        attributes = Map.copyOf(attributes);
    }
}
