/** Rows of MariaDB's and MySQL's tables, their values without loss, large values in pieces, large tables in ranges of keys. */
@NullMarked
package io.crmbackup.jdbc.internal.mysql.rows;

import org.jspecify.annotations.NullMarked;
