package io.crmbackup.report;

/** Whether a snapshot holds all that its plan asked for. */
public enum SnapshotState {
    /** Everything, but for what the plan allows to be missing. */
    COMPLETE,
    /** Something could not be read; the snapshot's problems tell what. It is listed, but never taken as the latest. */
    PARTIAL
}
