/** Tests of all modules together. */
@NullMarked
package io.crmbackup.systemtests;

import org.jspecify.annotations.NullMarked;
