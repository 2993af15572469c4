/** Chunks by id: where they are read from and stored to, whatever packs they lie in. */
@NullMarked
package io.crmbackup.internal.store;

import org.jspecify.annotations.NullMarked;
