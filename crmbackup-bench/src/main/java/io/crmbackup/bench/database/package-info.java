/**
 * Database backups side by side with the vendors' dumps, on one machine and in one run: what is compared takes turns, several times each, and the
 * median counts, so that a noisy machine harms both alike. Compare ratios of one run only.
 *
 * <pre>
 *   ./mvnw -q -Pbench -pl crmbackup-bench -am compile -Dbench.main=io.crmbackup.bench.database.DatabaseRun -Dbench="postgres /path/CRM.sql 1"
 * </pre>
 *
 * <p>{@link io.crmbackup.bench.database.DatabaseRun} is the straight line through all of it. Backups run in a JVM of their own ({@code BackupWorker}), so that
 * neither the heap nor the warmth of the measuring JVM counts. It needs Linux with bash, psql, pg_dump, mariadb, mariadb-dump and zstd.
 */
@NullMarked
package io.crmbackup.bench.database;

import org.jspecify.annotations.NullMarked;
