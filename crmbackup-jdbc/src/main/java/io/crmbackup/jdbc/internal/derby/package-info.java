/** Apache Derby. Begin with {@code DerbyDialect}; {@code DerbyCatalog} makes statements of its system tables, as Derby itself shows none. */
@NullMarked
package io.crmbackup.jdbc.internal.derby;

import org.jspecify.annotations.NullMarked;
