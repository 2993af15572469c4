package io.crmbackup.internal.store;

import io.crmbackup.internal.object.ObjectId;

/** Is told of damage that did no harm. Called by the thread that reads. */
@FunctionalInterface
public interface DamageListener {
    /** Nobody wants to know. */
    DamageListener NONE = (pack, what, instead) -> {};

    /**
     * A copy of a chunk is damaged.
     *
     * @param pack the pack that it lies in, told once for all of its copies
     * @param what what is wrong
     * @param instead the pack from which the chunk was read
     */
    void damaged(ObjectId pack, String what, ObjectId instead);
}
