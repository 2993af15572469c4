/** The products that are known, each a package of its own. */
@NullMarked
package io.crmbackup.jdbc.internal.product;

import org.jspecify.annotations.NullMarked;
