/**
 * PostgreSQL's binary formats of values. They cost the server less than texts, and a backup holds the texts: {@code SentForm} makes of what the server sends the
 * same text, to the byte, that its output function would render; {@code ReceivedForm} makes of such a text what the server receives.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres.binary;

import org.jspecify.annotations.NullMarked;
