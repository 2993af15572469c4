/**
 * MariaDB and MySQL. {@code MySqlFamily} is what the two have in common; a view is a read-only transaction that holds metadata
 * locks of all tables before it sees the first row, or one on each of several connections, see {@code MySqlView}.
 */
@NullMarked
package io.crmbackup.jdbc.internal.mysql;

import org.jspecify.annotations.NullMarked;
