package dev.saccade.runtime;

/** How urgent a request is: the first in this order is served first, and gives way last when memory runs out. */
public enum Priority {
    /** Somebody waits for the answer. */
    INTERACTIVE,
    /** The usual case. */
    STANDARD,
    /** Whenever there is room; never forgotten. */
    BATCH
}
