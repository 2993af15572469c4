/**
 * What a snapshot contains. A manifest is a JSON document in UTF-8, sealed as the object {@code snap/<id>}; schemas and attributes are JSON
 * documents of their own, kept as chunks so that snapshots share them. Names that a reader doesn't know are ignored; what is absent has no
 * value.
 */
@NullMarked
package io.crmbackup.internal.manifest;

import org.jspecify.annotations.NullMarked;
