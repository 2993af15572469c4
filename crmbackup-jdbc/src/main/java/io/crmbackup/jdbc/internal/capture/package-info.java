/** A view of a database as a capture. */
@NullMarked
package io.crmbackup.jdbc.internal.capture;

import org.jspecify.annotations.NullMarked;
