package io.crmbackup.internal.sort;

import java.nio.file.Path;

/** A sorted file. */
record Run(int number, Path file, long written) {}
