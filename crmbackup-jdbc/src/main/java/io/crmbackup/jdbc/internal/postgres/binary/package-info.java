/**
 * Values as PostgreSQL sends them in its binary formats, rendered as its output functions render them: the same text to the byte, for less of the server's time.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres.binary;

import org.jspecify.annotations.NullMarked;
