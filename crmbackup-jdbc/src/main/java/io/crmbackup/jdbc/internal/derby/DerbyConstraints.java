package io.crmbackup.jdbc.internal.derby;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes the statements that make a table's keys, checks and indexes from Derby's system tables. */
final class DerbyConstraints {
    /** An index' columns by their numbers, as {@code UNIQUE BTREE (2 DESC, 3)}. */
    private static final Pattern COLUMN = Pattern.compile("(\\d+)( DESC)?");

    private static final String CONSTRAINTS =
            "SELECT C.CONSTRAINTNAME, C.TYPE, C.STATE, H.CHECKDEFINITION, G.DESCRIPTOR, F.DELETERULE, F.UPDATERULE,"
                    + " KS.SCHEMANAME, KT.TABLENAME, KT.TABLEID, KG.DESCRIPTOR FROM SYS.SYSCONSTRAINTS C"
                    + " LEFT JOIN SYS.SYSCHECKS H ON H.CONSTRAINTID = C.CONSTRAINTID"
                    + " LEFT JOIN SYS.SYSKEYS K ON K.CONSTRAINTID = C.CONSTRAINTID"
                    + " LEFT JOIN SYS.SYSFOREIGNKEYS F ON F.CONSTRAINTID = C.CONSTRAINTID"
                    + " LEFT JOIN SYS.SYSCONGLOMERATES G ON G.CONGLOMERATEID = COALESCE(K.CONGLOMERATEID, F.CONGLOMERATEID)"
                    + " LEFT JOIN SYS.SYSCONSTRAINTS KC ON KC.CONSTRAINTID = F.KEYCONSTRAINTID"
                    + " LEFT JOIN SYS.SYSKEYS KK ON KK.CONSTRAINTID = KC.CONSTRAINTID"
                    + " LEFT JOIN SYS.SYSCONGLOMERATES KG ON KG.CONGLOMERATEID = KK.CONGLOMERATEID"
                    + " LEFT JOIN SYS.SYSTABLES KT ON KT.TABLEID = KC.TABLEID"
                    + " LEFT JOIN SYS.SYSSCHEMAS KS ON KS.SCHEMAID = KT.SCHEMAID"
                    + " WHERE C.TABLEID = ? ORDER BY C.CONSTRAINTNAME";

    private static final String INDEXES =
            "SELECT S.SCHEMANAME, G.CONGLOMERATENAME, G.DESCRIPTOR FROM SYS.SYSCONGLOMERATES G JOIN SYS.SYSSCHEMAS S"
                    + " ON S.SCHEMAID = G.SCHEMAID WHERE G.TABLEID = ? AND G.ISINDEX AND NOT G.ISCONSTRAINT ORDER BY 1, 2";

    private final Dialect dialect;
    private final Connection connection;

    DerbyConstraints(Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
    }

    /** The statements, for the table with this name, identifier and columns. */
    List<String> of(TableName table, String identifier, List<String> columns) throws SQLException, IOException {
        List<String> result = new ArrayList<>();
        String own = dialect.quote(table);
        DerbyCatalog.query(
                connection,
                CONSTRAINTS,
                row -> {
                    String begin = "ALTER TABLE " + own + " ADD CONSTRAINT " + dialect.quote(row.getString(1));
                    String end = characteristics(row.getString(3));
                    switch (row.getString(2)) {
                        case "P" -> result.add(begin + " PRIMARY KEY " + list(columns, row.getString(5)) + end);
                        case "U" -> result.add(begin + " UNIQUE " + list(columns, row.getString(5)) + end);
                        case "C" -> result.add(begin + " CHECK " + row.getString(4) + end);
                        case "F" -> {
                            TableName target = new TableName(row.getString(8), row.getString(9));
                            result.add(begin + " FOREIGN KEY " + list(columns, row.getString(5)) + " REFERENCES "
                                    + dialect.quote(target) + " " + list(columns(row.getString(10)), row.getString(11))
                                    + " ON DELETE " + rule(row.getString(6)) + " ON UPDATE " + rule(row.getString(7))
                                    + end);
                        }
                        default ->
                            throw new IOException("table " + own + " has a constraint of a kind that is not known");
                    }
                },
                identifier);
        DerbyCatalog.query(
                connection,
                INDEXES,
                row -> result.add("CREATE " + (row.getString(3).startsWith("UNIQUE") ? "UNIQUE " : "") + "INDEX "
                        + dialect.quote(new TableName(row.getString(1), row.getString(2))) + " ON " + own + " "
                        + list(columns, row.getString(3))),
                identifier);
        return result;
    }

    private List<String> columns(String table) throws SQLException, IOException {
        List<String> result = new ArrayList<>();
        DerbyCatalog.query(
                connection,
                "SELECT COLUMNNAME FROM SYS.SYSCOLUMNS WHERE REFERENCEID = ? ORDER BY COLUMNNUMBER",
                row -> result.add(row.getString(1)),
                table);
        return result;
    }

    private String list(List<String> columns, String descriptor) {
        List<String> names = new ArrayList<>();
        Matcher numbers = COLUMN.matcher(descriptor.substring(descriptor.lastIndexOf('(')));
        while (numbers.find()) {
            String name = columns.get(Integer.parseInt(numbers.group(1)) - 1);
            names.add(dialect.quote(name) + (numbers.group(2) == null ? "" : " DESC"));
        }
        return "(" + String.join(", ", names) + ")";
    }

    private static String characteristics(String state) {
        String deferral = switch (state) {
            case "e", "d" -> " DEFERRABLE INITIALLY DEFERRED";
            case "i", "j" -> " DEFERRABLE INITIALLY IMMEDIATE";
            default -> "";
        };
        return deferral + (List.of("D", "d", "j").contains(state) ? " NOT ENFORCED" : "");
    }

    private static String rule(String letter) {
        return switch (letter) {
            case "C" -> "CASCADE";
            case "U" -> "SET NULL";
            case "S" -> "RESTRICT";
            default -> "NO ACTION";
        };
    }
}
