package dev.saccade.quickstart.demo;

import java.time.Duration;
import java.time.Instant;

/** Measures laps from the start of this process, which a user waits for too. */
final class Stopwatch {

    private final Instant begin;
    private Instant lap;

    private Stopwatch(Instant begin) {
        this.begin = begin;
        this.lap = begin;
    }

    static Stopwatch sinceProcessStart() {
        return new Stopwatch(ProcessHandle.current().info().startInstant().orElseGet(Instant::now));
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
