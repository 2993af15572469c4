/** What operations on a repository give back and tell while they run: immutable results, ids, and the listener. */
@NullMarked
package io.crmbackup.report;

import org.jspecify.annotations.NullMarked;
