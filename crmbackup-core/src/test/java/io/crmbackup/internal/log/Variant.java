package io.crmbackup.internal.log;

/** Ways to get the protocol wrong that look reasonable. Each loses data under some schedule. */
enum Variant {
    /** The protocol as it is. */
    NONE,
    /** The name was taken: the writer puts the same entry under the next one. */
    COMMIT_NOT_CHECKED_AGAIN,
    /** Only own new packs are checked. */
    DEDUP_NOT_CHECKED,
    /** Own new packs are not checked: nobody else can know them, can they? */
    OWN_PACKS_NOT_CHECKED,
    /** The packs of copies are checked, those of their bases not. */
    BASE_NOT_CHECKED,
    /** Shared subtrees are taken to stay, whatever becomes of the parent. */
    PARENT_NOT_CHECKED,
    /** What was marked once is condemned, whatever was committed since. */
    CONDEMN_NOT_CHECKED_AGAIN,
    /** Commits are looked at, another's condemn is not. */
    OTHER_CONDEMN_NOT_LOOKED_AT,
    /** Writers check nothing; the pruner marks again before it deletes. */
    MARKED_AGAIN_INSTEAD_OF_CHECKED,
    /** A condemned pack is put again under its old name. */
    OLD_NAME_USED_AGAIN,
    /** What has been deleted is no longer kept as condemned. */
    SWEPT_IS_FORGOTTEN,
    /** The pruner reads a part of the indexes and passes over what it can't find. */
    UNRESOLVED_PASSED_OVER,
    /** A pack put without an answer is taken as stored. */
    UNANSWERED_PACK_TAKEN_AS_STORED,
    /** The commit was not answered: the writer tidies up. */
    OWN_PACKS_DELETED_ON_UNKNOWN_STATE
}
