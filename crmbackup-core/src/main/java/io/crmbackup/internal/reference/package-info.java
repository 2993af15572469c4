/**
 * Holds records against the files that they refer to. Begin with {@code ReferenceCheck}; {@code Rescue} keeps the file that fits where there are two
 * versions, and {@code FilePaths} reads paths as records have them.
 */
@NullMarked
package io.crmbackup.internal.reference;

import org.jspecify.annotations.NullMarked;
