/** Apache Derby. */
@NullMarked
package io.crmbackup.jdbc.internal.derby;

import org.jspecify.annotations.NullMarked;
