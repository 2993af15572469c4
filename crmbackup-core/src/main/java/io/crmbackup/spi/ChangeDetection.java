package io.crmbackup.spi;

import java.util.Objects;

/** Whether a source can tell what changed in a collection since a former capture. */
public sealed interface ChangeDetection {
    /**
     * It can.
     *
     * @param changes what changed; the engine closes it
     */
    record Found(RecordChanges changes) implements ChangeDetection {
        /** Checks that there is something. */
        public Found {
            Objects.requireNonNull(changes, "changes");
        }
    }

    /**
     * It can't, so that all records must be read.
     *
     * @param reason why, in the user's words, without a full stop, as "the table was rewritten"; for the report
     */
    record ReadAll(String reason) implements ChangeDetection {
        /** Checks that there is a reason. */
        public ReadAll {
            if (reason.isBlank()) {
                throw new IllegalArgumentException("why all must be read needs a reason");
            }
        }
    }

    /** These are the changes. */
    static ChangeDetection found(RecordChanges changes) {
        return new Found(changes);
    }

    /** All must be read, for a reason in the user's words, as "the table was rewritten". */
    static ChangeDetection readAll(String reason) {
        return new ReadAll(reason);
    }
}
