package dev.saccade.ledger.jobs;

/** Where the time went, in milliseconds. */
public record Timings(
        double queueMillis,
        double mediaMillis,
        double visionMillis,
        double prefillMillis,
        double decodeMillis,
        double timeToFirstTokenMillis,
        double totalMillis) {}
