/** SQLite. Begin with {@code SqliteDialect}; {@code SqliteCatalog} reads definitions, {@code SqliteExchange} puts a database back in its place. */
@NullMarked
package io.crmbackup.jdbc.internal.sqlite;

import org.jspecify.annotations.NullMarked;
