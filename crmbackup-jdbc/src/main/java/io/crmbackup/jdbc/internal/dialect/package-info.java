/** What differs from one database product to the next, and views of one moment. Begin with {@code Dialect} and {@code DatabaseView}: a product whose transactions show
 * one moment to one connection extends {@code TransactionDialect}; others bring a view of their own. */
@NullMarked
package io.crmbackup.jdbc.internal.dialect;

import org.jspecify.annotations.NullMarked;
