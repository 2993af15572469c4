@NullMarked
package io.crmbackup.testservers;

import org.jspecify.annotations.NullMarked;
