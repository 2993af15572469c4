package io.crmbackup.jdbc.internal.postgres.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The sequences that a table's columns take their values from: as identity or serial columns, or by their defaults. */
public final class KeySequences {
    private static final String SEQUENCES =
            "SELECT DISTINCT s.oid::pg_catalog.regclass::text, pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a"
                    + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
                    + " AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i')"
                    + " JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'"
                    + " WHERE a.attrelid = ?::pg_catalog.regclass AND NOT a.attisdropped"
                    + " UNION SELECT s.oid::pg_catalog.regclass::text, pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a"
                    + " JOIN pg_catalog.pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum"
                    + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = v.oid"
                    + " JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'"
                    + " WHERE a.attrelid = ?::pg_catalog.regclass AND NOT a.attisdropped";

    private KeySequences() {}

    private record Use(String sequence, String column) {}

    /** Sets those past a table's rows that are behind them. The table's name is in quotes where it needs them. */
    public static void advance(Connection connection, String table) throws SQLException {
        List<Use> uses = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SEQUENCES)) {
            statement.setString(1, table);
            statement.setString(2, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    uses.add(new Use(rows.getString(1), rows.getString(2)));
                }
            }
        }
        for (Use use : uses) {
            // Only the sequence itself tells where it stands if nothing was taken from it yet.
            Dialect.strings(
                    connection,
                    "SELECT pg_catalog.setval('" + use.sequence().replace("'", "''")
                            + "', LEAST(m.most, q.seqmax)) FROM "
                            + use.sequence() + " s, (SELECT MAX(" + use.column() + ") AS most FROM " + table
                            + ") m, pg_catalog.pg_sequence q WHERE q.seqrelid = '"
                            + use.sequence().replace("'", "''")
                            + "'::pg_catalog.regclass AND q.seqincrement > 0 AND m.most >= q.seqmin"
                            + " AND (m.most > s.last_value OR m.most = s.last_value AND NOT s.is_called)");
        }
    }
}
