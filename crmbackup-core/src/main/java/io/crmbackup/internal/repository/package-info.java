/**
 * Opens repositories and starts operations on them: {@code RepositoryOpener} creates and opens, {@code OpenRepository} gives each operation what it
 * needs. Everything internal is below; nothing below knows this.
 */
@NullMarked
package io.crmbackup.internal.repository;

import org.jspecify.annotations.NullMarked;
