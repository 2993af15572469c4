package io.crmbackup.jdbc.internal.derby;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TransactionDialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Apache Derby, which has no snapshots: the view locks all captured tables in share mode, in the order of their names, before it reads a row,
 * and keeps the locks to its end. What it then reads is the moment at which the last lock was granted. Writers wait meanwhile. Derby can't
 * grant several locks at once, so a writer of several tables and the capture may come to wait for each other; Derby then ends one of the
 * two after {@code derby.locks.deadlockTimeout}. If that is the capture, it begins again.
 */
public final class DerbyDialect extends TransactionDialect {
    @Override
    public String product() {
        return "Apache Derby";
    }

    @Override
    public String defaultSchema() {
        return "APP";
    }

    @Override
    protected Map<String, String> facts(Connection connection) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("consistency", "one moment (share locks on all tables)");
        facts.put(
                "blocking",
                "writers wait for the end of the capture (share locks on all tables), and fail if that takes longer than"
                        + " derby.locks.waitTimeout; readers don't wait, unless behind somebody who redefines a table");
        return facts;
    }

    @Override
    protected void begin(Connection connection, Catalog catalog, ViewRequest request) throws IOException, SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        connection.setAutoCommit(false);
        for (Table table : catalog.tables()) {
            execute(connection, "LOCK TABLE " + quote(table.name()) + " IN SHARE MODE");
        }
    }

    @Override
    public Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException {
        return new DerbyCatalog(this, connection).read(filter);
    }

    @Override
    protected List<String> counters(Connection connection, Catalog catalog) throws IOException, SQLException {
        return new DerbyCatalog(this, connection).counters(catalog);
    }

    /** Identifiers of tables, columns' types, constraints and indexes: all that a table's definition has. */
    @Override
    protected List<String> state(Connection connection) throws SQLException {
        return new DerbyCatalog(this, connection).state();
    }

    /** Share locks let nobody redefine a table. */
    @Override
    protected TableWatch watch(Connection connection, Table table, ViewRequest request) {
        return rows -> {};
    }

    @Override
    public ValueFormat format(Field field) {
        return DerbyValues.format(field);
    }

    @Override
    public List<String> triggers(Connection connection, TableName table) throws SQLException {
        return strings(
                connection,
                "SELECT R.TRIGGERNAME FROM SYS.SYSTRIGGERS R JOIN SYS.SYSTABLES T ON T.TABLEID = R.TABLEID"
                        + " JOIN SYS.SYSSCHEMAS S ON S.SCHEMAID = T.SCHEMAID WHERE S.SCHEMANAME = ? AND T.TABLENAME = ? ORDER BY 1",
                table.schema(),
                table.table());
    }

    @Override
    public String overriding(List<Field> fields) {
        return "";
    }

    @Override
    public boolean rollsBackDefinitions() {
        return true;
    }

    @Override
    public List<String> session(Connection connection) {
        return List.of();
    }

    @Override
    public void prepareRestore(Connection connection, Map<String, String> attributes) throws IOException, SQLException {
        List<String> sequences = new DerbyCatalog(this, connection).sequences();
        if (!sequences.isEmpty()) {
            throw new IOException("the database is not empty: it has the sequence " + sequences.get(0));
        }
    }

    /** The name of a table's collection, for messages. */
    String collection(TableName name) {
        return name.collection(defaultSchema());
    }
}
