package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.DatabaseView;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.LoadedRows;
import io.crmbackup.jdbc.internal.dialect.Switch;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.postgres.catalog.CatalogReader;
import io.crmbackup.jdbc.internal.postgres.exchange.SchemaExchange;
import io.crmbackup.jdbc.internal.postgres.load.CopyLoad;
import io.crmbackup.jdbc.internal.postgres.load.KeySequences;
import io.crmbackup.jdbc.internal.postgres.rows.CopyRows;
import io.crmbackup.jdbc.internal.postgres.rows.PostgresValues;
import io.crmbackup.jdbc.internal.postgres.rows.Relation;
import io.crmbackup.jdbc.internal.postgres.rows.Session;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** PostgreSQL 14 and newer. */
public final class PostgresDialect extends Dialect {
    private static final int OLDEST_MAJOR = 14;
    private static final String PROVIDES = """
            SELECT 'extension ' || extname FROM pg_catalog.pg_extension
            UNION ALL SELECT 'available extension ' || name FROM pg_catalog.pg_available_extensions
            UNION ALL SELECT 'role ' || rolname FROM pg_catalog.pg_roles
            UNION ALL SELECT 'owner ' || rolname FROM pg_catalog.pg_roles WHERE pg_catalog.pg_has_role(oid, 'MEMBER')
            UNION ALL SELECT 'tablespace ' || spcname FROM pg_catalog.pg_tablespace
            UNION ALL SELECT 'language ' || lanname FROM pg_catalog.pg_language
            UNION ALL SELECT 'access method ' || amname FROM pg_catalog.pg_am
            UNION ALL SELECT 'superuser' FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper
            """;

    /** What is not part of one of these is of something that is; altering anything changes its row's transaction. */
    private static final List<String> DEFINED = List.of(
            "namespace",
            "class",
            "type",
            "proc",
            "operator",
            "am",
            "opclass",
            "opfamily",
            "cast",
            "collation",
            "conversion",
            "constraint",
            "ts_config",
            "ts_dict",
            "ts_parser",
            "ts_template",
            "event_trigger",
            "extension",
            "language",
            "foreign_data_wrapper",
            "foreign_server",
            "publication",
            "default_acl");

    @Override
    public String product() {
        return "PostgreSQL";
    }

    @Override
    public String defaultSchema() {
        return Relation.DEFAULT_SCHEMA;
    }

    /** Here a statement says what it needs, so that a comment is left out with its program. */
    @Override
    public SchemaStatement statement(String sql) {
        return SchemaStatement.of(sql);
    }

    @Override
    public DatabaseView openView(BorrowedConnection borrowed, ViewRequest request) throws IOException, SQLException {
        int major = borrowed.connection().getMetaData().getDatabaseMajorVersion();
        if (major < OLDEST_MAJOR) {
            throw new IOException(
                    "PostgreSQL " + major + " is too old; " + OLDEST_MAJOR + " and newer can be captured");
        }
        return PostgresView.open(borrowed, request);
    }

    static Map<String, String> encoding(Connection connection) throws SQLException {
        return Map.of("encoding", ServerEncoding.of(connection));
    }

    @Override
    public Map<String, String> setting(Connection connection) throws SQLException {
        return encoding(connection);
    }

    @Override
    public Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException {
        boolean alone = connection.getAutoCommit();
        if (alone) {
            Session.beginReading(connection, List.of(), Duration.ofSeconds(5));
        }
        try {
            List<Relation> relations = Relation.all(connection);
            List<TableName> tables = relations.stream()
                    .filter(Relation::isTable)
                    .map(Relation::name)
                    .toList();
            return new CatalogReader(connection, relations, filter.select(tables, Relation.DEFAULT_SCHEMA))
                    .read()
                    .catalog();
        } finally {
            if (alone) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** How many rows the catalogs have, and the sum of the transactions that wrote them: much less to read than what they say. */
    @Override
    public Optional<String> definitions(Connection connection) throws SQLException {
        String counts = DEFINED.stream()
                .map(name -> "SELECT '" + name
                        + " ' || count(*) || ' ' || coalesce(sum(xmin::text::int8), 0) FROM pg_catalog.pg_" + name)
                .collect(Collectors.joining(" UNION ALL "));
        return Optional.of(String.join("\n", strings(connection, counts)));
    }

    @Override
    public Optional<Exchange> exchange(
            BorrowedConnection borrowed, Map<String, String> attributes, TableFilter filter) {
        return Optional.of(new SchemaExchange(borrowed.connection(), filter));
    }

    @Override
    public ValueFormat format(Field field) {
        return PostgresValues.of(field);
    }

    /** NULLS NOT DISTINCT, which older servers than 15 don't know, and so neither their catalogue. */
    @Override
    public Set<String> indexesOfEqualNulls(Connection connection, TableName table) throws SQLException {
        return Set.copyOf(strings(
                connection,
                "SELECT c.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
                        + " WHERE i.indrelid = ?::pg_catalog.regclass AND i.indisunique"
                        + " AND pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct' = 'true'",
                quote(table)));
    }

    /** Each with whether it is enabled, as in {@code pg_trigger.tgenabled}. */
    @Override
    public List<String> triggers(Connection connection, TableName table) throws SQLException {
        return strings(
                connection,
                "SELECT pg_catalog.format('%s (%s)', t.tgname, t.tgenabled) FROM pg_catalog.pg_trigger t"
                        + " WHERE t.tgrelid = ?::pg_catalog.regclass AND NOT t.tgisinternal AND t.tgenabled <> 'D' ORDER BY 1",
                quote(table));
    }

    @Override
    public Optional<Switch> triggerSwitch(Connection connection, TableName table) throws SQLException {
        String alter = "ALTER TABLE " + quote(table);
        List<String> on = new ArrayList<>(List.of("SET CONSTRAINTS ALL IMMEDIATE"));
        on.addAll(strings(
                        connection,
                        "SELECT CASE t.tgenabled WHEN 'O' THEN 'ENABLE TRIGGER ' WHEN 'R' THEN 'ENABLE REPLICA TRIGGER '"
                                + " ELSE 'ENABLE ALWAYS TRIGGER ' END || pg_catalog.quote_ident(t.tgname)"
                                + " FROM pg_catalog.pg_trigger t WHERE t.tgrelid = ?::pg_catalog.regclass AND NOT t.tgisinternal"
                                + " AND t.tgenabled <> 'D' ORDER BY 1",
                        quote(table))
                .stream()
                .map(enable -> alter + " " + enable)
                .toList());
        return Optional.of(new Switch("triggers of " + table.table(), List.of(alter + " DISABLE TRIGGER USER"), on));
    }

    /** Needs the table's owner; others wait for the table meanwhile. */
    @Override
    public Optional<Switch> referenceSwitch(TableName table, Reference reference) {
        if (reference.name().isEmpty()) {
            return Optional.empty();
        }
        String alter = "ALTER TABLE " + quote(table) + " ALTER CONSTRAINT " + quote(reference.name());
        return Optional.of(new Switch(
                "foreign key " + reference.name() + " is checked when all rows are written",
                List.of(alter + " DEFERRABLE INITIALLY DEFERRED"),
                List.of("SET CONSTRAINTS ALL IMMEDIATE", alter + " NOT DEFERRABLE")));
    }

    @Override
    public String lockingRows() {
        return " FOR UPDATE";
    }

    /** Where a sequence stands is not undone with the transaction; ahead of the rows it does no harm. */
    @Override
    public void advanceCounters(Connection connection, Table table) throws SQLException {
        KeySequences.advance(connection, quote(table.name()));
    }

    @Override
    public String overriding(List<Field> fields) {
        return " OVERRIDING SYSTEM VALUE";
    }

    @Override
    public String rowsOf(TableName table) {
        return "ONLY " + quote(table);
    }

    @Override
    public Set<String> provides(Connection connection) throws SQLException {
        return Set.copyOf(strings(connection, PROVIDES));
    }

    @Override
    public boolean rollsBackDefinitions() {
        return true;
    }

    /** Nothing: all settings are those of transactions. */
    @Override
    public List<String> session(Connection connection) {
        return List.of();
    }

    @Override
    public List<String> scriptedSession() {
        return Session.ofScript();
    }

    @Override
    public List<String> scriptedRows() {
        return Session.ofRows();
    }

    @Override
    public void prepareRestore(Connection connection, Map<String, String> attributes) {}

    @Override
    public void beginRestoring(Connection connection) throws SQLException {
        Session.beginLoading(connection);
    }

    @Override
    public void makeDurable(Connection connection) throws SQLException {
        Session.makeDurable(connection);
    }

    @Override
    public int mostWriters() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean restoresInPieces() {
        return true;
    }

    /** An index of rows that are there is built by sorting them. */
    @Override
    public boolean keysFollowRows() {
        return true;
    }

    /** Much, as only the first rows of a table can be written for good at once. */
    @Override
    public long bytesInPiece() {
        return 512L << 20;
    }

    @Override
    public String loading(Connection connection) throws SQLException {
        return CopyRows.isPossible(connection) ? "COPY" : super.loading(connection);
    }

    @Override
    public long load(Connection connection, TableName table, List<Field> fields, LoadedRows rows)
            throws IOException, SQLException {
        return fields.isEmpty() || !CopyRows.isPossible(connection)
                ? super.load(connection, table, fields, rows)
                : CopyLoad.run(connection, this, table, fields, rows);
    }

    @Override
    public Map<String, String> characterSets(Connection connection, Table table) throws SQLException {
        return ServerEncoding.narrow(connection, table);
    }

    @Override
    public String stored(Connection connection, String characterSet, String text) throws SQLException {
        return ServerEncoding.stored(connection, characterSet, text);
    }

    @Override
    public void prepareMerge(Connection connection) throws SQLException {
        Session.beginMerging(connection);
    }

    /** Those that are declared to be deferrable. */
    @Override
    public void deferReferences(Connection connection) throws SQLException {
        execute(connection, "SET CONSTRAINTS ALL DEFERRED");
    }
}
