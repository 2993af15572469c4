/**
 * Statements of MariaDB and MySQL: which of them a restore may execute, read to their end ({@code MySqlStatement}); tables, and programs with what they need
 * of the session and of users ({@code SessionStatement}, {@code Definers}).
 */
@NullMarked
package io.crmbackup.jdbc.internal.mysql.statement;

import org.jspecify.annotations.NullMarked;
