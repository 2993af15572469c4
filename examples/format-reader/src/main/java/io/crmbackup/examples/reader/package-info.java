/** A reader of repositories that shares no code with the library. */
@NullMarked
package io.crmbackup.examples.reader;

import org.jspecify.annotations.NullMarked;
