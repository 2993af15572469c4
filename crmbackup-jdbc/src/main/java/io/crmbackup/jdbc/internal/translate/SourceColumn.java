package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.spi.Field;

/**
 * A column that is carried over.
 *
 * @param field as it is in the backup
 * @param type without its product
 * @param indexed whether it is part of a key, an index or a reference
 * @param found what its values are, if that was looked at
 */
record SourceColumn(Field field, NeutralType type, boolean indexed, Survey.Found found) {}
