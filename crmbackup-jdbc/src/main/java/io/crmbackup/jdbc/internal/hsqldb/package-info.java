/** HSQLDB. Begin with {@code HsqldbDialect}; {@code HsqldbScript} reads definitions, {@code HsqldbWaiters} sees who waits for a view. */
@NullMarked
package io.crmbackup.jdbc.internal.hsqldb;

import org.jspecify.annotations.NullMarked;
