package dev.saccade.ledger.videos;

/** Where an upload is in its life. */
public enum VideoState {
    UPLOADING,
    READY,
    REJECTED,
    DELETED
}
