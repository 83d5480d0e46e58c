package dev.saccade.quickstart.embedded;

/** Whether data must outlive a crash of the machine. */
public enum Durability {
    /** Every commit is on the disk before it is acknowledged. */
    KEEP,
    /** The folder is deleted at the end: nothing waits for the disk. */
    THROWAWAY
}
