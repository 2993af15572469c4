package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.DatabaseView;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.LateKeys;
import io.crmbackup.jdbc.internal.dialect.LoadedRows;
import io.crmbackup.jdbc.internal.dialect.Switch;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.mysql.load.LoadData;
import io.crmbackup.jdbc.internal.mysql.load.LocalInfile;
import io.crmbackup.jdbc.internal.mysql.rows.CharacterSets;
import io.crmbackup.jdbc.internal.mysql.rows.Column;
import io.crmbackup.jdbc.internal.mysql.rows.LargeRows;
import io.crmbackup.jdbc.internal.mysql.rows.MySqlValues;
import io.crmbackup.jdbc.internal.mysql.statement.CreateTable;
import io.crmbackup.jdbc.internal.mysql.statement.MySqlStatement;
import io.crmbackup.jdbc.internal.mysql.statement.MySqlTokens;
import io.crmbackup.jdbc.internal.mysql.statement.ProgramSteps;
import io.crmbackup.jdbc.internal.mysql.statement.SessionStatement;
import io.crmbackup.jdbc.internal.sql.ClientSyntax;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MariaDB and MySQL. What they call a database is a schema: a source is the one that the connection's URL names, and its tables have no other
 * name than their own, so that a copy under another name is the same.
 */
abstract class MySqlFamily extends Dialect {
    abstract boolean isMariaDb();

    /** Each driver calls each server by its own name; the server's version tells. */
    @Override
    public boolean isOf(DatabaseMetaData database) throws SQLException {
        String product = database.getDatabaseProductName();
        if (!product.equals("MariaDB") && !product.equals("MySQL")) {
            return false;
        }
        boolean mariaDb = product.equals("MariaDB")
                || database.getDatabaseProductVersion().contains("MariaDB");
        return mariaDb == isMariaDb();
    }

    @Override
    public String defaultSchema() {
        return "";
    }

    @Override
    public String quote(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    @Override
    public DatabaseView openView(BorrowedConnection borrowed, ViewRequest request) throws IOException, SQLException {
        return MySqlView.open(this, borrowed, request);
    }

    @Override
    public Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException {
        return new CatalogReader(connection, this, StoredTable.all(connection)).read(filter);
    }

    @Override
    public SchemaStatement statement(String sql) {
        return MySqlStatement.of(sql);
    }

    @Override
    public List<String> steps(Connection connection, SchemaStatement statement) throws SQLException {
        SessionStatement own = SessionStatement.of(statement.sql());
        return own.settings().isEmpty()
                ? super.steps(connection, statement)
                : new ProgramSteps(connection, isMariaDb()).of(own);
    }

    @Override
    public List<String> obstacles(
            Connection connection, Map<String, String> attributes, List<SchemaStatement> statements)
            throws SQLException {
        return new ProgramSteps(connection, isMariaDb()).obstacles(statements);
    }

    @Override
    public List<String> deviations(Connection connection, List<SchemaStatement> statements) throws SQLException {
        return new ProgramSteps(connection, isMariaDb()).deviations(statements);
    }

    @Override
    public Optional<List<Token>> words(String sql) {
        return MySqlTokens.of(sql);
    }

    @Override
    public ValueFormat format(Field field) {
        return MySqlValues.format(field);
    }

    /** As text from the server: a statement that it prepared would give values in a form of its own. */
    @Override
    public ResultSet stream(Connection connection, String sql) throws SQLException {
        return stream(connection, sql, FETCHED_ROWS);
    }

    @Override
    public ResultSet stream(Connection connection, String sql, Table table) throws SQLException {
        return stream(connection, sql, (int)
                Math.max(1, Math.min(FETCHED_ROWS, LargeRows.LARGEST / LargeRows.length(table))));
    }

    private static ResultSet stream(Connection connection, String sql, int rows) throws SQLException {
        Statement statement = connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
        try {
            boolean connectorJ = connection.getMetaData().getDriverName().startsWith("MySQL");
            statement.setFetchSize(connectorJ ? Integer.MIN_VALUE : rows);
            return statement.executeQuery(sql);
        } catch (SQLException e) {
            try (statement) {
                throw e;
            }
        }
    }

    @Override
    public String overriding(List<Field> fields) {
        return "";
    }

    @Override
    public boolean rollsBackDefinitions() {
        return false;
    }

    @Override
    public List<String> session(Connection connection) throws SQLException {
        return SessionSettings.back(connection);
    }

    @Override
    public void prepareRestore(Connection connection, Map<String, String> attributes) throws SQLException {
        SessionSettings.restore(connection);
    }

    @Override
    public ClientSyntax clientSyntax() {
        return ClientSyntax.MYSQL;
    }

    @Override
    public List<String> scriptedSession() {
        return SessionSettings.ofScript();
    }

    @Override
    public List<String> scriptedRows() {
        return SessionSettings.ofRows();
    }

    @Override
    public int mostWriters() {
        return Integer.MAX_VALUE;
    }

    /** Keys of rows that are there are made by sorting them, which LOAD DATA never does: it has to look for duplicates. */
    @Override
    public Optional<LateKeys> lateKeys(SchemaStatement table) {
        return table.table()
                .flatMap(name -> CreateTable.withoutKeys(quote(name), table.sql()))
                .map(divided -> new LateKeys(
                        statement(divided.get(0)),
                        new SchemaStatement(
                                divided.get(1),
                                SchemaStatement.Type.INDEX,
                                table.table(),
                                Optional.empty(),
                                table.doubt())));
    }

    /** Much, as only the first rows of a table are sorted before its keys are made of them. */
    @Override
    public long bytesInPiece() {
        return 512L << 20;
    }

    @Override
    public String loading(Connection connection) throws SQLException {
        return LocalInfile.isPossible(connection) ? "LOAD DATA LOCAL" : super.loading(connection);
    }

    @Override
    public long load(Connection connection, TableName table, List<Field> fields, LoadedRows rows)
            throws IOException, SQLException {
        return fields.isEmpty() || !LocalInfile.isPossible(connection)
                ? super.load(connection, table, fields, rows)
                : LoadData.run(connection, this, table, fields, rows);
    }

    @Override
    public void prepareMerge(Connection connection) throws SQLException {
        SessionSettings.merge(connection);
    }

    @Override
    public List<String> triggers(Connection connection, TableName table) throws SQLException {
        return strings(
                connection,
                "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE()"
                        + " AND EVENT_OBJECT_TABLE = ? ORDER BY 1",
                table.table());
    }

    /** For all references of the session; none is looked at when it is over, so that this is left to whoever turns it on again. */
    @Override
    public Optional<Switch> referenceSwitch(TableName table, Reference reference) {
        return Optional.of(new Switch(
                "foreign keys are not checked while rows are written",
                List.of("SET SESSION foreign_key_checks = 0"),
                List.of("SET SESSION foreign_key_checks = 1")));
    }

    @Override
    public String firstRows(String query, int rows) {
        return query + " LIMIT " + rows;
    }

    /** Not only so that rows stay as they are: otherwise a transaction reads what there was, and writes over what there is. */
    @Override
    public String lockingRows() {
        return " FOR UPDATE";
    }

    @Override
    public List<String> selfUpdating(Connection connection, TableName table) throws SQLException {
        return Column.selfUpdating(connection, table.table());
    }

    @Override
    public Map<String, String> characterSets(Connection connection, Table table) throws SQLException {
        return CharacterSets.narrow(connection, table.name().table());
    }

    @Override
    public String stored(Connection connection, String characterSet, String text) throws SQLException {
        return CharacterSets.stored(connection, characterSet, text);
    }

    @Override
    public Optional<Exchange> exchange(
            BorrowedConnection borrowed, Map<String, String> attributes, TableFilter filter) {
        return Optional.of(new RowExchange(this, borrowed.connection(), attributes, filter));
    }

    @Override
    public List<String> brokenReferences(Connection connection) throws SQLException {
        return new BrokenReferences(connection, this).found();
    }
}
