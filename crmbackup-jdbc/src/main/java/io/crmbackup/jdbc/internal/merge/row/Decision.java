package io.crmbackup.jdbc.internal.merge.row;

import java.util.BitSet;

/**
 * What happens with a row.
 *
 * @param fields the columns that are written, of an update
 * @param conflicting the columns that could not be restored
 * @param reason why the row is refused, or in conflict
 */
public record Decision(Kind kind, BitSet fields, BitSet conflicting, String reason) {
    public enum Kind {
        INSERT,
        UPDATE,
        /** The row is there with the same values. */
        EQUAL,
        /** The row that is there stays, by the policy. */
        KEEP,
        /** The row that is there is deleted, unless others refer to it. */
        DELETE,
        /** The row can't be restored, and others can. */
        CONFLICT,
        /** The row can't be restored, and so nothing is. */
        REFUSE
    }

    private static final BitSet NONE = new BitSet();

    static final Decision INSERT = new Decision(Kind.INSERT, NONE, NONE, "");
    public static final Decision EQUAL = new Decision(Kind.EQUAL, NONE, NONE, "");
    static final Decision KEEP = new Decision(Kind.KEEP, NONE, NONE, "");
    static final Decision DELETE = new Decision(Kind.DELETE, NONE, NONE, "");

    /** An update, or nothing to do if no column differs. */
    static Decision update(BitSet fields) {
        return fields.isEmpty() ? EQUAL : new Decision(Kind.UPDATE, fields, NONE, "");
    }

    static Decision refuse(String reason) {
        return new Decision(Kind.REFUSE, NONE, NONE, reason);
    }

    public static Decision conflict(BitSet conflicting, String reason) {
        return new Decision(Kind.CONFLICT, NONE, conflicting, reason);
    }
}
