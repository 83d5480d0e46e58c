package dev.saccade.quickstart.demo;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;

/** Measures laps from the start of this JVM, which a user waits for too. */
final class Stopwatch {

    private final Instant begin;
    private Instant lap;

    private Stopwatch(Instant begin) {
        this.begin = begin;
        this.lap = begin;
    }

    static Stopwatch sinceJvmStart() {
        // Not the process handle's start: the launcher may have built for minutes in the same process.
        return new Stopwatch(
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    /** Time since the last lap ended. */
    Duration lap() {
        Instant now = Instant.now();
        Duration time = Duration.between(lap, now);
        lap = now;
        return time;
    }

    Duration total() {
        return Duration.between(begin, Instant.now());
    }
}
