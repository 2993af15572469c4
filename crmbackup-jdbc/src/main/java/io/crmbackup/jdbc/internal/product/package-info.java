/** The products that are known, each a package of its own: {@code Dialects} finds out which one speaks to a connection. */
@NullMarked
package io.crmbackup.jdbc.internal.product;

import org.jspecify.annotations.NullMarked;
