/**
 * MariaDB and MySQL. {@code MySqlFamily} is what the two have in common; a view is one connection's read-only transaction that holds metadata
 * locks of all tables before it sees the first row, see {@code MySqlView}.
 */
@NullMarked
package io.crmbackup.jdbc.internal.mysql;

import org.jspecify.annotations.NullMarked;
