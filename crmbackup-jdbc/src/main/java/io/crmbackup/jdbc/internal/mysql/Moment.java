package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import java.time.Instant;
import java.util.List;

/**
 * One moment, as transactions see it that hold the metadata locks of all tables.
 *
 * @param catalog what there was
 * @param selected the tables that are captured
 * @param position where the binary log ended, as file and offset; empty if the server didn't tell
 * @param more connections that see it as well, besides the first one
 * @param connections how many, and why not more
 * @param blocking who else had to wait for it, in words; empty if nobody had to
 */
record Moment(
        Catalog catalog,
        List<StoredTable> selected,
        Instant at,
        String position,
        List<BorrowedConnection> more,
        String connections,
        String blocking) {}
