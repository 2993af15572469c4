/** What databases have in common in words: names, statements, values as text. Knows no product. */
@NullMarked
package io.crmbackup.jdbc.internal.sql;

import org.jspecify.annotations.NullMarked;
