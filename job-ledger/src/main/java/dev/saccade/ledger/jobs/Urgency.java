package dev.saccade.ledger.jobs;

import java.util.Locale;

/** How soon an answer is wanted. Each class has its own queue. */
public enum Urgency {
    INTERACTIVE,
    STANDARD,
    BATCH;

    /** The routing key of its queue, and its name in JSON. */
    public String routingKey() {
        return name().toLowerCase(Locale.ROOT);
    }
}
