/**
 * Who refers to whom in a merge: {@code Links} are all references, of the database and of the application; {@code Referrers} follows them, {@code Holders} says which rows may
 * not be deleted, {@code Cascades} which go along.
 */
@NullMarked
package io.crmbackup.jdbc.internal.merge.reference;

import org.jspecify.annotations.NullMarked;
