package io.crmbackup.jdbc;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** A process of its own, whose heap is too small for what it reads: prints table, row, field, and the MD5 of each value. */
final class LargeValueReader {
    static final List<String> OPTIONS = List.of("-Xmx40m", "-XX:+UseSerialGC");

    private LargeValueReader() {}

    /** What such a process prints of a database. */
    static List<String> lines(String url, String user) throws Exception {
        return SmallJvm.run(OPTIONS, LargeValueReader.class, url, user).lines().toList();
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
