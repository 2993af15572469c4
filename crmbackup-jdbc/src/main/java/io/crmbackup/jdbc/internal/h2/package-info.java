/** H2. */
@NullMarked
package io.crmbackup.jdbc.internal.h2;

import org.jspecify.annotations.NullMarked;
