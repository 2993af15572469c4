/** In which ranges of keys rows differ from those of a former snapshot, by digests that the server computes. */
@NullMarked
package io.crmbackup.jdbc.internal.mysql.changes;

import org.jspecify.annotations.NullMarked;
