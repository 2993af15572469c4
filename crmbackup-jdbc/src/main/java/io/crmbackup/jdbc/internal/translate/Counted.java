package io.crmbackup.jdbc.internal.translate;

import java.math.BigInteger;

/**
 * A column that counts.
 *
 * @param table the table's quoted name
 * @param column the quoted name
 * @param most the largest value, or less where nobody asked; 0 if there is none
 * @param highest the largest value that there can be
 */
record Counted(String table, String column, String plainColumn, BigInteger most, BigInteger highest) {
    /** The table's quoted name as a literal. */
    String tableText() {
        return Literals.quoted(table);
    }

    /** The column's name as a literal. */
    String columnText() {
        return Literals.quoted(plainColumn);
    }
}
