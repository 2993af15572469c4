/**
 * Directories as a source that is captured, as a target that is restored into, and as a sink that keeps a repository.
 *
 * <p><b>Names are bytes.</b> On POSIX systems a name is any bytes but {@code 00} and {@code /}, and need not be text. All code here takes
 * names as raw bytes from the paths themselves and builds paths from raw bytes; text is for messages only. Elsewhere names are text, and
 * their bytes are UTF-8.
 *
 * <p><b>Links are never followed</b> below the directory that the user named, neither when reading nor when writing.
 *
 * <p>Linux is tested; systems without POSIX attributes, hard links or syncable directories are supported with the weaker guarantees that
 * the classes state.
 */
@NullMarked
package io.crmbackup.fs;

import org.jspecify.annotations.NullMarked;
