package dev.saccade.runtime.schedule;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Urgency;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** When open requests have to start and to finish. Engine thread only. */
final class Deadlines {

    /** What is due. */
    enum Kind {
        START,
        FINISH
    }

    /** A request's deadline. */
    record Deadline(Instant at, Ticket ticket, Kind kind) {}

    private final InstantSource clock;
    private final TreeSet<Deadline> open = new TreeSet<>(Comparator.comparing(Deadline::at)
            .thenComparing(Deadline::kind)
            .thenComparingLong(deadline -> deadline.ticket().number()));

    Deadlines(InstantSource clock) {
        this.clock = clock;
    }

    static boolean has(Urgency urgency) {
        return urgency.startBy() != null || urgency.finishBy() != null;
    }

    static InvalidRequestException notStarted() {
        return new InvalidRequestException(
                "start-deadline-passed",
                "The request had not been started by its start deadline; give it more time, or a higher priority.");
    }

    static InvalidRequestException nothingWritten() {
        return new InvalidRequestException(
                "finish-deadline-passed",
                "Nothing had been written by the request's finish deadline; give it more time, or a higher priority.");
    }

    void add(Ticket ticket) {
        Instant startBy = ticket.request().urgency().startBy();
        Instant finishBy = ticket.request().urgency().finishBy();
        if (startBy != null) {
            open.add(new Deadline(startBy, ticket, Kind.START));
        }
        if (finishBy != null) {
            open.add(new Deadline(finishBy, ticket, Kind.FINISH));
        }
    }

    void ended(Ticket ticket) {
        Instant startBy = ticket.request().urgency().startBy();
        Instant finishBy = ticket.request().urgency().finishBy();
        if (startBy != null) {
            open.remove(new Deadline(startBy, ticket, Kind.START));
        }
        if (finishBy != null) {
            open.remove(new Deadline(finishBy, ticket, Kind.FINISH));
        }
    }

    /** Takes out a deadline that has passed; null where none has. */
    @Nullable
    Deadline takePassed() {
        if (open.isEmpty() || open.first().at().isAfter(clock.instant())) {
            return null;
        }
        return open.pollFirst();
    }

    /** Time until the next deadline; null where there is none. */
    @Nullable
    Duration untilNext() {
        return open.isEmpty()
                ? null
                : Duration.between(clock.instant(), open.first().at());
    }
}
