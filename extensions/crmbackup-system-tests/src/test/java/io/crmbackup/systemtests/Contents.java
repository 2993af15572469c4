package io.crmbackup.systemtests;

import io.crmbackup.BackupRepository;
import io.crmbackup.RestorePlan;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.Source;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that a source holds, in memory and to be compared: values as hexadecimal digits, by collection and key; equal rows without keys are numbered. */
final class Contents {
    private Contents() {}

    static Map<String, Map<String, List<String>>> of(Source source) throws IOException {
        Map<String, Map<String, List<String>>> all = new TreeMap<>();
        try (Capture capture = source.capture(new Context())) {
            for (CapturedCollection collection : capture.collections()) {
                Map<String, List<String>> records = new TreeMap<>();
                try (RecordCursor cursor = capture.read(collection.name())) {
                    while (cursor.next()) {
                        List<String> values = values(cursor.values());
                        if (collection.schema().isKeyed()) {
                            records.put(cursor.key().toString(), values);
                        } else {
                            int number = 0;
                            while (records.putIfAbsent(values + " " + number, values) != null) {
                                number++;
                            }
                        }
                    }
                }
                all.put(collection.name(), records);
            }
        }
        return all;
    }

    /** What a snapshot restores to. */
    static Map<String, Map<String, List<String>>> of(BackupRepository repository, SnapshotId snapshot, String source)
            throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        repository.restore(RestorePlan.snapshot(snapshot).into(source, target).build());
        return of(target.system());
    }

    private static List<String> values(List<FieldValue> values) throws IOException {
        List<String> digits = new ArrayList<>();
        for (FieldValue value : values) {
            if (value.isNull()) {
                digits.add("null");
            } else {
                try (InputStream in = value.open()) {
                    byte[] bytes = in.readAllBytes();
                    digits.add(
                            bytes.length > 100
                                    ? bytes.length + " bytes " + Arrays.hashCode(bytes)
                                    : HexFormat.of().formatHex(bytes));
                }
            }
        }
        return digits;
    }

    private static final class Context implements CaptureContext {
        @Override
        public void problem(Problem problem) {
            throw new AssertionError(problem);
        }

        @Override
        public Path workDirectory() {
            return Path.of(System.getProperty("java.io.tmpdir"));
        }
    }
}
