package io.crmbackup.spi;

import java.nio.file.Path;

/** What a capture is given by the engine. */
public interface CaptureContext {
    /** Reports something that could not be read, or not in one state. The run goes on, and is then incomplete. */
    void problem(Problem problem);

    /** A directory for temporary files, of which nothing may be left when the capture is closed. */
    Path workDirectory();
}
