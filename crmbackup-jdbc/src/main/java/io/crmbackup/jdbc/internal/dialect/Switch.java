package io.crmbackup.jdbc.internal.dialect;

import java.util.List;

/**
 * Statements of one transaction that turn something off, and on again as it was.
 *
 * @param what what it is, in words
 */
public record Switch(String what, List<String> off, List<String> on) {
    public Switch {
        off = List.copyOf(off);
        on = List.copyOf(on);
    }
}
