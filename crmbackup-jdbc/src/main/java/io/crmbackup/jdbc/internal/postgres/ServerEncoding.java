package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The encoding of a database, which is that of all of its columns. The server refuses text with characters that it doesn't have. */
final class ServerEncoding {
    /** All of Unicode, or bytes of which the server knows nothing. */
    private static final Set<String> TAKING_ALL = Set.of("UTF8", "SQL_ASCII");

    private static final Set<FieldType> WITH_TEXT = Set.of(FieldType.TEXT, FieldType.JSON, FieldType.OTHER);
    private static final String UNTRANSLATABLE_CHARACTER = "22P05";

    private ServerEncoding() {}

    static String of(Connection connection) throws SQLException {
        return Dialect.strings(connection, "SELECT pg_catalog.current_setting('server_encoding')")
                .get(0);
    }

    /** The encoding by column, where it has less than all of Unicode. */
    static Map<String, String> narrow(Connection connection, Table table) throws SQLException {
        String encoding = of(connection);
        return TAKING_ALL.contains(encoding)
                ? Map.of()
                : table.schema().fields().stream()
                        .filter(field -> WITH_TEXT.contains(field.type()))
                        .collect(Collectors.toMap(Field::name, field -> encoding));
    }

    /** Text with question marks for characters that an encoding doesn't have: which they are, is found by halving. */
    static String stored(Connection connection, String encoding, String text) throws SQLException {
        String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        Savepoint before = connection.setSavepoint();
        try {
            Dialect.strings(
                    connection,
                    "SELECT pg_catalog.convert(pg_catalog.decode('" + hex + "', 'hex'), 'UTF8', '" + encoding + "')");
        } catch (SQLException e) {
            if (!UNTRANSLATABLE_CHARACTER.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            connection.releaseSavepoint(before);
            return storedByHalves(connection, encoding, text);
        }
        connection.releaseSavepoint(before);
        return text;
    }

    private static String storedByHalves(Connection connection, String encoding, String text) throws SQLException {
        int characters = text.codePointCount(0, text.length());
        if (characters == 1) {
            return "?";
        }
        int middle = text.offsetByCodePoints(0, characters / 2);
        return stored(connection, encoding, text.substring(0, middle))
                + stored(connection, encoding, text.substring(middle));
    }
}
