/** Names of chunks: a keyed hash of their type and plain bytes. */
@NullMarked
package io.crmbackup.internal.hash;

import org.jspecify.annotations.NullMarked;
