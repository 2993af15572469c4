/** Rows into empty tables by LOAD DATA LOCAL, where driver and server allow it. */
@NullMarked
package io.crmbackup.jdbc.internal.mysql.load;

import org.jspecify.annotations.NullMarked;
