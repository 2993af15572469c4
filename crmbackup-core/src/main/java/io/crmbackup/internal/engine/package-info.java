/** What a repository does: backup, restore, diff and verify, each from its plan to its report. */
@NullMarked
package io.crmbackup.internal.engine;

import org.jspecify.annotations.NullMarked;
