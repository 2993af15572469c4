package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that are larger than the heap of who reads them. */
final class SqliteLargeValuesTest {
    private static final int MEBIBYTES = Integer.getInteger("crmbackup.largeValue", 100);
    private static final String LARGE = "replace(hex(zeroblob(" + MEBIBYTES + " * 65536)), '00', '0123456789abcdef')";

    @Test
    void largeValuesAreReadInPiecesAmongOthers(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(
                source,
                "CREATE TABLE keyed(id INTEGER PRIMARY KEY, rowid TEXT, \"a \"\"b\" BLOB)",
                "INSERT INTO keyed VALUES(1, 'small', x'00'), (2, NULL, 5), (-3, 'last', 1.5)",
                "UPDATE keyed SET rowid = " + LARGE + ", \"a \"\"b\" = CAST(" + LARGE + " || 'é' AS BLOB) WHERE id = 2",
                "CREATE TABLE keyless(t)",
                "INSERT INTO keyless VALUES(zeroblob(4194304)), (zeroblob(4194305)), (zeroblob(8388608)), (zeroblob(8388609))");
        List<String> expected = new ArrayList<>(List.of(
                "keyed " + md5("-3", 0, "") + " " + md5("tlast", 0, "") + " " + md5("r1.5", 0, ""),
                "keyed " + md5("1", 0, "") + " " + md5("tsmall", 0, "") + " " + md5("b\0", 0, ""),
                "keyed " + md5("2", 0, "") + " " + md5("t", MEBIBYTES * 65536, "0123456789abcdef", "") + " "
                        + md5("b", MEBIBYTES * 65536, "0123456789abcdef", "é")));
        for (int zeros : new int[] {4194304, 4194305, 8388608, 8388609}) {
            expected.add("keyless " + md5("b", zeros, "\0"));
        }
        assertThat(LargeValueReader.lines("jdbc:sqlite:" + directory.resolve("a"), ""))
                .containsExactlyElementsOf(expected);
    }

    private static String md5(String before, int times, String repeated) throws Exception {
        return md5(before, times, repeated, "");
    }

    private static String md5(String before, int times, String repeated, String after) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        digest.update(before.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < times; i++) {
            digest.update(repeated.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest(after.getBytes(StandardCharsets.UTF_8)));
    }
}
