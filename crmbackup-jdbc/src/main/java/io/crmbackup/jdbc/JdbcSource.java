package io.crmbackup.jdbc;

import io.crmbackup.jdbc.internal.capture.JdbcCapture;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A relational database as a source: every table is a collection, every row a record, as they all were at one moment. H2 (2.0 and newer),
 * SQLite, HSQLDB, Apache Derby, PostgreSQL (14 and newer), MariaDB and MySQL (8: unverified) are supported; the product is found out by connecting. Of any other product with transactions
 * of at least REPEATABLE READ the rows are captured as its driver gives them, without definitions; the capture's attributes say what is not
 * guaranteed then, and nothing can be restored into it.
 *
 * <p>A capture takes one connection from the data source unless it is allowed more, reads in a transaction that never writes, and gives the
 * connection back set as it was. On PostgreSQL, MariaDB and MySQL it takes another one for a moment every now and then, to see whether
 * somebody waits for it. A database without tables fails the capture. The data source should be one without a limit on how long a connection may be used. Connecting is left to the data
 * source: no driver is loaded here and no URL is read.
 *
 * <p>Collections are called like their tables, those outside of the default schema (PUBLIC in H2 and HSQLDB, public in PostgreSQL, main in SQLite, APP in
 * Derby) {@code SCHEMA.TABLE}; a dot
 * or backslash within a name has a backslash before it. What is not captured (the content of views, temporary and linked tables, users and
 * rights) is named in the capture's attribute {@code leftOut}. Immutable and thread-safe.
 */
public final class JdbcSource implements Source {
    private final ViewRequest request;

    private JdbcSource(ViewRequest request) {
        this.request = request;
    }

    /**
     * All tables of a database.
     *
     * @param dataSource see {@link #from}
     */
    public static JdbcSource of(DataSource dataSource) {
        return from(dataSource).build();
    }

    /**
     * Begins a source that may be a part of a database.
     *
     * @param dataSource must not lend a connection that somebody else is using: a transaction that is open on it is rolled back before anything else,
     *     as whose work it is can't be known
     */
    public static Builder from(DataSource dataSource) {
        return new Builder(dataSource);
    }

    @Override
    public Consistency consistency() {
        return Consistency.MOMENT;
    }

    /** The same for a database of which a part may be gone: schemas and patterns that fit no table don't fail the capture. */
    JdbcSource ofWhatIsLeft() {
        return new JdbcSource(new ViewRequest(
                request.dataSource(),
                request.filter().ofWhatIsLeft(),
                request.connections(),
                request.lockTimeout(),
                request.yieldToDdl()));
    }

    /** The same tables of another data source. */
    JdbcSource in(DataSource dataSource) {
        return new JdbcSource(new ViewRequest(
                dataSource, request.filter(), request.connections(), request.lockTimeout(), request.yieldToDdl()));
    }

    DataSource dataSource() {
        return request.dataSource();
    }

    /** Which tables are captured. */
    TableFilter filter() {
        return request.filter();
    }

    @Override
    public Capture capture(CaptureContext context) throws IOException {
        return JdbcCapture.open(request);
    }

    /** The database as {@link JdbcTarget#replace} makes it what it was: the tables of this source. */
    @Override
    public Optional<Target> inPlace() {
        return Optional.of(JdbcTarget.replacing(this));
    }

    /** Says what is captured; not of which database, as a data source may show its password. */
    @Override
    public String toString() {
        return "a database" + request.filter();
    }

    /** Collects what of a database is captured. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private final List<String> schemas = new ArrayList<>();
        private final List<String> includes = new ArrayList<>();
        private final List<String> excludes = new ArrayList<>();
        private int connections = 1;
        private Duration lockTimeout = Duration.ofSeconds(5);
        private Duration yieldToDdl = Duration.ofSeconds(10);

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /** Captures the tables of this schema, and of others that are named so, only. Case doesn't matter. A schema without tables fails the capture. */
        public Builder schema(String name) {
            schemas.add(TableFilter.checked(name));
            return this;
        }

        /**
         * Captures only tables whose names fit this pattern or another one given so: {@code *} stands for any characters, case doesn't
         * matter, and a name may have its schema before it, as {@code crm.contact*}. A pattern that fits no table fails the capture.
         */
        public Builder include(String pattern) {
            includes.add(TableFilter.checked(pattern));
            return this;
        }

        /** Leaves out tables whose names fit this pattern, see {@link #include}. They are named in the attribute {@code leftOut}. */
        public Builder exclude(String pattern) {
            excludes.add(TableFilter.checked(pattern));
            return this;
        }

        /**
         * The most connections to read with, at least 1. A database that can't show several connections one moment, as H2 and SQLite, is
         * read with one; the attribute {@code connections} says so.
         */
        public Builder connections(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("connections must be at least 1, not " + most);
            }
            connections = most;
            return this;
        }

        /**
         * How long the capture waits for a lock that somebody else holds, as one who is just redefining a table, before it fails; 5 seconds unless
         * set, at least a millisecond. Databases on which a capture takes no locks, or that know no such limit
         * (HSQLDB, and Derby, where {@code derby.locks.waitTimeout} counts), have no use for it.
         */
        public Builder lockTimeout(Duration longest) {
            lockTimeout = positive("lockTimeout", longest);
            return this;
        }

        /**
         * How long others may wait for the capture before it gives way: it then ends and fails, so that they go on, and may be repeated. 10
         * seconds unless set, at least a millisecond. A capture never makes readers wait, nor writers
         * unless its attribute {@code blocking} says so; but who redefines or truncates a table waits for its
         * end, and then all who come after wait as well. A capture of PostgreSQL that gave way fails with a {@link java.sql.SQLTransientException} among
         * the causes.
         */
        public Builder yieldToDdl(Duration longest) {
            yieldToDdl = positive("yieldToDdl", longest);
            return this;
        }

        private static Duration positive(String what, Duration time) {
            if (time.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException(what + " must be at least a millisecond, not " + time);
            }
            return time;
        }

        /** The source. */
        public JdbcSource build() {
            TableFilter filter = new TableFilter(schemas, includes, excludes);
            return new JdbcSource(new ViewRequest(dataSource, filter, connections, lockTimeout, yieldToDdl));
        }
    }
}
