package io.crmbackup.jdbc;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.load.Commits;
import io.crmbackup.jdbc.internal.load.EmptyRestore;
import io.crmbackup.jdbc.internal.load.LoadConnections;
import io.crmbackup.jdbc.internal.load.TranslatedRestore;
import io.crmbackup.jdbc.internal.merge.MergeRestore;
import io.crmbackup.jdbc.internal.merge.row.MergeRules;
import io.crmbackup.jdbc.internal.product.Dialects;
import io.crmbackup.jdbc.internal.replace.ReplaceRestore;
import io.crmbackup.jdbc.internal.restore.Trust;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.jdbc.internal.translate.Unfit;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A relational database as a target: H2, SQLite, HSQLDB, Apache Derby, PostgreSQL, MariaDB or MySQL. It is of the same product as the source, or, if
 * it is empty and none of HSQLDB and Derby, of another one: then tables are made anew in its own types.
 *
 * <p>A restore takes connections from the data source and gives them back set as they were. The data source must not lend one that somebody else is
 * using: a transaction that is open on it is rolled back before anything else, as whose work it is can't be known. Statements that were stored with the
 * backup are executed only if they are of a kind that can run no code of whoever wrote them: tables, keys, constraints, indexes, sequences,
 * domains, comments, in which no function is called but harmless ones that compute. The rest (views, triggers, aliases) is
 * restored with {@link #trustSchema()} only; the preview lists both. Immutable and thread-safe.
 */
public final class JdbcTarget implements Target {
    private static final int CONNECTIONS = 2;
    private static final int MOST_CONNECTIONS = 64;

    private final DataSource dataSource;
    private final @Nullable MergeRules merge;
    private final Trust trust;
    private final int connections;
    private final @Nullable JdbcSource replaced;
    private final Unfit unfit;

    private JdbcTarget(DataSource dataSource, @Nullable MergeRules merge, Trust trust, int connections) {
        this(dataSource, merge, trust, connections, null, Unfit.REFUSED);
    }

    private JdbcTarget(
            DataSource dataSource,
            @Nullable MergeRules merge,
            Trust trust,
            int connections,
            @Nullable JdbcSource replaced,
            Unfit unfit) {
        this.unfit = unfit;
        this.replaced = replaced;
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.merge = merge;
        this.trust = trust;
        this.connections = connections;
    }

    /**
     * A database without tables, in which the restore makes what was captured. A database that is not empty is refused. A restore that was
     * cut short leaves the database empty (SQLite, Derby) or with a table {@code CRMBACKUP_UNFINISHED_RESTORE} (all others), which holds what is
     * done: the same restore, begun once more, goes on there; any other is refused.
     *
     * @param dataSource lends connections that nobody else is using, see {@link JdbcTarget}
     */
    public static JdbcTarget empty(DataSource dataSource) {
        return new JdbcTarget(dataSource, null, Trust.HARMLESS_ONLY, CONNECTIONS);
    }

    /**
     * A database in service, into whose tables rows are put back, with the keys that they had, in one transaction: parents before children.
     * Tables need a primary key, the same as in the backup. No definition is changed. Triggers of the tables run, and are named in the
     * preview. The preview compares all rows and tells what will happen; what would go beyond it when the restore is executed, as the database
     * has changed, is refused.
     *
     * @param dataSource lends connections that nobody else is using, see {@link JdbcTarget}
     * @param onConflict what happens with rows whose key is there already
     */
    public static JdbcTarget merge(DataSource dataSource, OnConflict onConflict) {
        return merge(dataSource, MergePolicy.of(Objects.requireNonNull(onConflict, "onConflict")));
    }

    /**
     * The same with a policy.
     *
     * @param dataSource lends connections that nobody else is using, see {@link JdbcTarget}
     * @param policy what happens with rows of tables that get no policy of their own by {@link #table(String, MergePolicy)}
     */
    public static JdbcTarget merge(DataSource dataSource, MergePolicy policy) {
        return new JdbcTarget(dataSource, MergeRules.of(policy.policy()), Trust.HARMLESS_ONLY, 1);
    }

    /** A merge with another policy for one table, which is named as in the backup. */
    public JdbcTarget table(String table, MergePolicy policy) {
        return with(rules().withPolicy(table, policy.policy()));
    }

    /** A merge into a table that has another name now. */
    public JdbcTarget tableNamed(String inTheBackup, String now) {
        return with(rules().withTable(inTheBackup, now));
    }

    /** A merge into a table of which a column has another name now. The table is named as in the backup. */
    public JdbcTarget column(String table, String inTheBackup, String now) {
        return with(rules().withColumn(table, inTheBackup, now));
    }

    private MergeRules rules() {
        if (merge == null) {
            throw new IllegalStateException("only a target made by JdbcTarget.merge(...) has rules for tables");
        }
        return merge;
    }

    private JdbcTarget with(MergeRules rules) {
        return new JdbcTarget(dataSource, rules, trust, 1);
    }

    /**
     * A database in use, all of which becomes what was captured, at once. While it is prepared others read on, and
     * wait before they write; those who read see all of the old or all of the new, never a part. Before anything changes, a snapshot is taken of what
     * is there; what is written is compared with the backup before it takes the place of the old. A restore that is cut short leaves the database as it
     * was.
     *
     * <p>PostgreSQL and SQLite change as a whole. Of MariaDB and MySQL only rows can, in tables of InnoDB that are defined as in the backup, and of H2, where readers
     * wait as well; HSQLDB and Derby are refused. The page on databases says what holds for each. The data source has to give a second connection, for the snapshot. Rights and owners
     * stay as they are on what has the same name. Statements that could run code need no {@link #trustSchema()} if the database has them
     * already, word for word; what could not be restored otherwise is a blocker.
     *
     * @param dataSource lends connections that nobody else is using, see {@link JdbcTarget}
     */
    public static JdbcTarget replace(DataSource dataSource) {
        return replacing(JdbcSource.of(dataSource));
    }

    /** The tables of a source, in their place. */
    static JdbcTarget replacing(JdbcSource source) {
        return new JdbcTarget(source.dataSource(), null, Trust.HARMLESS_ONLY, 1, source, Unfit.REFUSED);
    }

    /**
     * The same target, which also executes statements of the backup that can run code. They run with the rights of the data source's
     * user, and some later, with the rights of whoever sets off a trigger: use it only for backups of a database whose owners you trust.
     */
    public JdbcTarget trustSchema() {
        return new JdbcTarget(dataSource, merge, Trust.ALL, connections, replaced, unfit);
    }

    /**
     * The same target, which writes null where a value of another product's backup has no equal, as the date 0000-00-00 of MariaDB or an infinite one of
     * PostgreSQL, if the column may be null and is no part of the key. Otherwise a restore that meets such a value is refused. The preview
     * counts them, column by column, either way.
     */
    public JdbcTarget nullWithoutEqual() {
        return new JdbcTarget(dataSource, merge, trust, connections, replaced, Unfit.NULL);
    }

    /**
     * The same target with up to this many connections at once: that many tables are filled and indexes built at the same time, on PostgreSQL, MariaDB and MySQL. Without
     * it there are {@value #CONNECTIONS} for an empty database, which nobody else uses, so that one end works while the other waits; fewer if the data
     * source gives no more.
     *
     * @param most 1 to {@value #MOST_CONNECTIONS}
     */
    public JdbcTarget connections(int most) {
        if (most < 1 || most > MOST_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "connections: " + most + "; 1 to " + MOST_CONNECTIONS + " would be right");
        }
        if (merge != null || replaced != null) {
            throw new IllegalStateException("what is in service is changed in one transaction, by one connection");
        }
        return new JdbcTarget(dataSource, null, trust, most, null, unfit);
    }

    @Override
    public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections) throws IOException {
        BorrowedConnection borrowed;
        try {
            borrowed = BorrowedConnection.from(dataSource, Dialects::of);
        } catch (SQLException e) {
            throw new DatabaseException("opening the database", e);
        }
        try {
            Optional<String> refusal = borrowed.dialect().refusesRestore();
            if (refusal.isPresent()) {
                throw new IOException(refusal.get());
            }
            if (merge == null) {
                requireTables(collections, borrowed.dialect().defaultSchema());
            }
            if (replaced != null) {
                JdbcSource left = replaced.ofWhatIsLeft();
                return ReplaceRestore.open(
                        borrowed, attributes, collections, trust, left.filter(), dataSource, left::in);
            }
            return merge == null
                    ? emptyRestore(borrowed, attributes, collections)
                    : new MergeRestore(borrowed, attributes, collections, merge);
        } catch (IOException | RuntimeException e) {
            try {
                borrowed.close();
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** Collections of another kind of source may have names of any form. */
    private static void requireTables(List<RestoredCollection> collections, String defaultSchema) throws IOException {
        for (RestoredCollection collection : collections) {
            try {
                TableName.of(collection.name(), defaultSchema);
            } catch (IllegalArgumentException e) {
                throw new IOException("a database has no collection like " + collection.name(), e);
            }
        }
    }

    private TargetSession emptyRestore(
            BorrowedConnection first, Map<String, String> attributes, List<RestoredCollection> collections)
            throws IOException {
        Commits commits = Commits.of(first.dialect());
        LoadConnections several = new LoadConnections(first, dataSource, connections);
        return TranslatedRestore.isNeeded(first.dialect(), attributes)
                ? TranslatedRestore.open(several, attributes, collections, unfit, commits, Dialects::named)
                : new EmptyRestore(several, attributes, collections, trust, commits);
    }

    @Override
    public boolean replaces() {
        return replaced != null;
    }

    /**
     * All tables of the database if it was empty, by as many connections as the restore may have; nothing after a merge, as the tables hold other rows as well. What was restored from another product's backup is
     * compared by its portable digests.
     */
    @Override
    public Optional<Source> readBack(Map<String, String> attributes) {
        if (replaced != null) {
            return Optional.of(replaced);
        }
        return merge == null
                ? Optional.of(
                        JdbcSource.from(dataSource).connections(connections).build())
                : Optional.empty();
    }

    /** Whether it is one in service: there rows go back that have still the values that are undone. */
    @Override
    public boolean undoes() {
        return merge != null;
    }

    /** Says how it restores; not where, as a data source may show its password. */
    @Override
    public String toString() {
        return (replaced != null
                        ? "a database that is replaced" + replaced.filter()
                        : merge == null ? "an empty database" : "rows of a database in service")
                + (trust == Trust.ALL ? ", trusting the schema" : "");
    }
}
