/** Rules about the code itself. */
@NullMarked
package io.crmbackup.architecture;

import org.jspecify.annotations.NullMarked;
