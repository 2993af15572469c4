/** What any driver of JDBC offers: the databases that are not known better, and what the known ones have in common with them. */
@NullMarked
package io.crmbackup.jdbc.internal.standard;

import org.jspecify.annotations.NullMarked;
