/**
 * PostgreSQL 14 and newer.
 *
 * <p><b>One moment.</b> A repeatable-read transaction is a snapshot of all rows, but not of tables: whoever truncates or rewrites a table after the
 * snapshot was taken and before the table is read leaves nothing of it to be read, in silence. So {@code PostgresView} locks the
 * tables first (ACCESS SHARE, which readers and writers never notice), takes the snapshot then, and lists the tables again in it: if one is
 * new or another one, all begins anew. Everything is done in that one transaction, its settings with it ({@code Session}), so that
 * poolers that give connections out by transaction are no obstacle.
 *
 * <p><b>Values.</b> Rows come as COPY renders them, and {@code CopyText} takes them apart where they were received. Other drivers than PostgreSQL's own
 * have no COPY: there a SELECT asks for the same texts.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres;

import org.jspecify.annotations.NullMarked;
