package io.crmbackup.systemtests;

import io.crmbackup.spi.ChangeCursor;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A target that notes what it is asked to undo, and in which order. */
final class UndoingTarget implements Target {
    /** By collection, then by key: what the record goes back to and what it comes from, as text; with a star if it only comes along. */
    final Map<String, Map<String, String>> undone = new TreeMap<>();

    final List<RecordKey> keys = new ArrayList<>();
    final Map<String, Long> records = new TreeMap<>();

    @Override
    public boolean undoes() {
        return true;
    }

    @Override
    public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections) {
        return new TargetSession() {
            @Override
            public TargetPreview preview() {
                return new TargetPreview(List.of(), List.of(), List.of());
            }

            @Override
            public void begin() {}

            @Override
            public WriteResult write(RestoredCollection collection) throws IOException {
                Map<String, String> some = new TreeMap<>();
                try (ChangeCursor changes = collection.changes().orElseThrow()) {
                    while (changes.next()) {
                        keys.add(changes.key());
                        String text = text(changes.before().orElse(null)) + " <- "
                                + text(changes.after().orElse(null));
                        some.put(
                                text(key(collection, changes)),
                                text + (collection.comesAlong(changes.key()) ? " *" : ""));
                    }
                }
                undone.put(collection.name(), some);
                records.put(collection.name(), collection.records());
                return new WriteResult(some.size(), 0);
            }

            @Override
            public void finish() {}

            @Override
            public void close() {}
        };
    }

    private static List<FieldValue> key(RestoredCollection collection, ChangeCursor changes) throws IOException {
        List<FieldValue> values = changes.before().isPresent()
                ? changes.before().get()
                : changes.after().orElseThrow();
        List<FieldValue> key = new ArrayList<>();
        for (int index : collection.schema().keyIndexes()) {
            key.add(values.get(index));
        }
        return key;
    }

    static String text(@Nullable List<FieldValue> values) throws IOException {
        if (values == null) {
            return "-";
        }
        List<String> texts = new ArrayList<>();
        for (FieldValue value : values) {
            if (value.isNull()) {
                texts.add("null");
            } else {
                try (InputStream in = value.open()) {
                    texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return String.join(",", texts);
    }

    @Override
    public Optional<Source> readBack(Map<String, String> attributes) {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "a target that undoes";
    }
}
