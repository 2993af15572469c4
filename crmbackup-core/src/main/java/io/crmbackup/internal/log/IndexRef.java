package io.crmbackup.internal.log;

import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;

/**
 * An index object, and the packs that it lists.
 *
 * @param id the object {@code index/<id>}
 * @param packs all packs whose chunks it lists
 */
public record IndexRef(ObjectId id, IdSet packs) {}
