/** Shows a product's {@code DatabaseView} as a capture: each table is a collection. */
@NullMarked
package io.crmbackup.jdbc.internal.capture;

import org.jspecify.annotations.NullMarked;
