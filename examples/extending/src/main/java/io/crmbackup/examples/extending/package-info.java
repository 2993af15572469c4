/** A sink and a source of one's own; the tests beside them prove that they keep the rules. */
@NullMarked
package io.crmbackup.examples.extending;

import org.jspecify.annotations.NullMarked;
