/** The first thing to run. */
@NullMarked
package io.crmbackup.examples.quickstart;

import org.jspecify.annotations.NullMarked;
