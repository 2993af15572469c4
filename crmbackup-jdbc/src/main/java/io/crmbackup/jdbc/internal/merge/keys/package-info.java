/** Sets of keys, as digests, in memory or beyond it in files. */
@NullMarked
package io.crmbackup.jdbc.internal.merge.keys;

import org.jspecify.annotations.NullMarked;
