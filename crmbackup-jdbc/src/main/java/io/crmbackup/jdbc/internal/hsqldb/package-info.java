/** HSQLDB. */
@NullMarked
package io.crmbackup.jdbc.internal.hsqldb;

import org.jspecify.annotations.NullMarked;
