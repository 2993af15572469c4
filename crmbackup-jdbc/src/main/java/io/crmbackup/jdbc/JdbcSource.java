package io.crmbackup.jdbc;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * A relational database as a source: every table is a collection, every row a record, as they all were at one moment. H2 (2.0 and newer)
 * and SQLite are supported; the product is found out by connecting.
 *
 * <p>A capture takes one connection from the data source, reads in a transaction that never writes, and gives the connection back set
 * as it was. A database without tables fails the capture. The data source should be one without a limit on how long a connection may be used. Connecting is left to the data
 * source: no driver is loaded here and no URL is read.
 *
 * <p>Collections are called like their tables, those outside of the default schema (PUBLIC in H2, main in SQLite) {@code SCHEMA.TABLE}; a dot
 * or backslash within a name has a backslash before it. What is not captured (the content of views, temporary and linked tables, users and
 * rights) is named in the capture's attribute {@code leftOut}. Immutable and thread-safe.
 */
public final class JdbcSource implements Source {
    private final DataSource dataSource;
    private final TableFilter filter;
    private final int connections;

    private JdbcSource(DataSource dataSource, TableFilter filter, int connections) {
        this.dataSource = dataSource;
        this.filter = filter;
        this.connections = connections;
    }

    /** All tables of a database. */
    public static JdbcSource of(DataSource dataSource) {
        return from(dataSource).build();
    }

    /** Begins a source that may be a part of a database. */
    public static Builder from(DataSource dataSource) {
        return new Builder(dataSource);
    }

    @Override
    public Consistency consistency() {
        return Consistency.MOMENT;
    }

    @Override
    public Capture capture(CaptureContext context) throws IOException {
        return JdbcCapture.open(dataSource, filter, connections);
    }

    /** Says what is captured; not of which database, as a data source may show its password. */
    @Override
    public String toString() {
        return "a database" + filter;
    }

    /** Collects what of a database is captured. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private final List<String> schemas = new ArrayList<>();
        private final List<String> includes = new ArrayList<>();
        private final List<String> excludes = new ArrayList<>();
        private int connections = 1;

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
         * The most connections to read with, at least 1. A database that can't show several connections one moment, as those supported now,
         * is read with one; the attribute {@code connections} says so.
         */
        public Builder connections(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("connections must be at least 1, not " + most);
            }
            connections = most;
            return this;
        }

        /** The source. */
        public JdbcSource build() {
            return new JdbcSource(dataSource, new TableFilter(schemas, includes, excludes), connections);
        }
    }
}
