/**
 * H2. Begin with {@code H2Dialect}, which says what a transaction of it sees. {@code H2Script} reads definitions, {@code H2Exchange} puts rows back
 * in their place while {@code H2Pause} keeps everybody else out.
 */
@NullMarked
package io.crmbackup.jdbc.internal.h2;

import org.jspecify.annotations.NullMarked;
