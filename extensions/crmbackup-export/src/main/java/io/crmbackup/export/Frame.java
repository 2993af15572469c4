package io.crmbackup.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What comes before and after all collections. */
interface Frame {
    /** Why it can't be written. */
    List<String> blockers();

    /** What a person should know who reads it. */
    List<String> notes();

    /** What whoever plays it executes besides writing rows, in order. */
    List<String> steps();

    /** Writes what comes before. */
    void begin(OutputStream out) throws IOException;

    /** Writes what comes after. */
    void end(OutputStream out) throws IOException;
}
