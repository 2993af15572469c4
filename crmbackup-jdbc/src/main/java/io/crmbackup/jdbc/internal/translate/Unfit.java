package io.crmbackup.jdbc.internal.translate;

/** What becomes of values that have no equal in another product. */
public enum Unfit {
    /** The restore is refused. */
    REFUSED,
    /** There is no value in their place, where the column allows that. */
    NULL
}
