/**
 * What a merge asks a database in service for: rows by values, keys by the page, unique keys, characters that columns don't have, and to leave triggers
 * or checks off for a while.
 */
@NullMarked
package io.crmbackup.jdbc.internal.merge.live;

import org.jspecify.annotations.NullMarked;
