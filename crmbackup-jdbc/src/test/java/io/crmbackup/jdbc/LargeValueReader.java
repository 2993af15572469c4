package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A process of its own, whose heap is too small for what it reads: prints table, row, field, and the MD5 of each value. */
final class LargeValueReader {
    private LargeValueReader() {}

    /** What such a process prints of a database. */
    static List<String> lines(String url, String user) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeValueReader.class.getName(),
                        url,
                        user)
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            out.lines().forEach(lines::add);
        }
        assertThat(process.waitFor())
                .as(String.join("\n", lines.subList(0, Math.min(20, lines.size()))))
                .isZero();
        return lines;
    }

    public static void main(String[] arguments) throws Exception {
        try (Capture capture = Copy.open(JdbcSource.of(new DriverDataSource(arguments[0], arguments[1])))) {
            for (CapturedCollection collection : capture.collections()) {
                read(capture, collection);
            }
        }
    }

    private static void read(Capture capture, CapturedCollection collection) throws Exception {
        try (RecordCursor cursor = capture.read(collection.name())) {
            while (cursor.next()) {
                StringBuilder line = new StringBuilder(collection.name());
                for (FieldValue value : cursor.values()) {
                    line.append(' ').append(value.isNull() ? "null" : md5(value));
                }
                System.out.println(line);
            }
        }
    }

    private static String md5(FieldValue value) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = value.open()) {
            int length;
            while ((length = in.read(buffer)) > 0) {
                digest.update(buffer, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
