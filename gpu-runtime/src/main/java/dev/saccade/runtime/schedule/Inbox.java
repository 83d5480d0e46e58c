package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What happens outside of the engine's thread, until that takes notice of it before its next step. */
final class Inbox implements Preparation.Outcome {

    private static final System.Logger LOG = System.getLogger(Inbox.class.getName());

    /** One thing that happened. */
    sealed interface Event {
        record Ready(Ticket ticket, Prompt prompt) implements Event {}

        record Failed(Ticket ticket, EngineException failure) implements Event {}

        record Cancelled(Ticket ticket) implements Event {}

        /** A request with deadlines has come. */
        record Urgent(Ticket ticket) implements Event {}

        /** A running sequence waited for it. */
        record PixelsCame() implements Event {}

        record Closed() implements Event {}
    }

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Event> taken = new ArrayList<>();

    @Override
    public void ready(Ticket ticket, Prompt prompt) {
        events.add(new Event.Ready(ticket, prompt));
    }

    @Override
    public void failed(Ticket ticket, EngineException failure) {
        events.add(new Event.Failed(ticket, failure));
    }

    @Override
    public void pixelsCame() {
        events.add(new Event.PixelsCame());
    }

    void cancelled(Ticket ticket) {
        events.add(new Event.Cancelled(ticket));
    }

    void urgent(Ticket ticket) {
        events.add(new Event.Urgent(ticket));
    }

    void close() {
        events.add(new Event.Closed());
    }

    /**
     * All that has happened; valid until the next call.
     *
     * @param idle whether to wait until something happens
     * @param atMost but no longer than this, where it isn't null
     */
    List<Event> take(boolean idle, @Nullable Duration atMost) {
        taken.clear();
        if (idle) {
            Event first = waitFor(atMost);
            if (first != null) {
                taken.add(first);
            }
        }
        events.drainTo(taken);
        return taken;
    }

    private @Nullable Event waitFor(@Nullable Duration atMost) {
        while (true) {
            try {
                return atMost == null ? events.take() : events.poll(atMost.toMillis() + 1, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                LOG.log(System.Logger.Level.DEBUG, "The engine's thread was interrupted; only close() ends it", e);
            }
        }
    }
}
