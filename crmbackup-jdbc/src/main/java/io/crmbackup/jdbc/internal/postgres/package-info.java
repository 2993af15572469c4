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
 *
 * <p><b>Changes.</b> Each version of a row carries the number of the transaction that wrote it ({@code WrittenRows}). That tells what was written since a former
 * snapshot as long as numbers are given out once only ({@code Position} says when that is not certain) and the text of a row depends on nothing else than
 * the row, or on what is known to be as it was ({@code Lineage}, {@code TypeVersions}). {@code Changes} reads all as soon as one of the two is in doubt.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres;

import org.jspecify.annotations.NullMarked;
