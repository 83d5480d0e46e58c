package dev.saccade.runtime.schedule;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.SamplingParameters;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The thread that steps the model, and the door through which requests come to it. */
public final class EngineLoop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(EngineLoop.class.getName());

    /** Seeds that are drawn stay below 2^48, so that they survive a trip through a JSON number. */
    private static final long DRAWN_SEEDS = 1L << 48;

    /** What happened outside of the engine's thread. */
    private sealed interface Event {
        record Ready(Ticket ticket, Prompt prompt) implements Event {}

        record Failed(Ticket ticket, EngineException failure) implements Event {}

        record Cancelled(Ticket ticket) implements Event {}

        record Closed() implements Event {}
    }

    private final EngineParts parts;
    private final Scheduler scheduler;
    private final Preparation preparation;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Set<Ticket> open = new LinkedHashSet<>(); // guarded by itself
    private final Thread thread;
    private boolean closing; // engine thread only
    private volatile @Nullable DeviceException refusal;

    public EngineLoop(EngineParts parts) {
        this.parts = parts;
        this.scheduler = new Scheduler(parts.pool(), parts.maxSequences());
        this.preparation =
                new Preparation(parts.media(), parts.prompts(), parts.mediaThreads(), new Preparation.Outcome() {
                    @Override
                    public void ready(Ticket ticket, Prompt prompt) {
                        events.add(new Event.Ready(ticket, prompt));
                    }

                    @Override
                    public void failed(Ticket ticket, EngineException failure) {
                        events.add(new Event.Failed(ticket, failure));
                    }
                });
        this.thread = Thread.ofPlatform().name("saccade-engine").daemon().unstarted(this::run);
        thread.start();
    }

    /** See {@link dev.saccade.runtime.Engine#submit}. */
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        throwIfRefused();
        SamplingParameters sampling = parts.checks().check(request);
        Long given = sampling.seed();
        long seed = given != null ? given : ThreadLocalRandom.current().nextLong(DRAWN_SEEDS);
        Ticket ticket =
                new Ticket(request, sampling, seed, listener, cancelled -> events.add(new Event.Cancelled(cancelled)));
        boolean textOnly = Preparation.media(request.messages()).isEmpty();
        Event.Ready ready = textOnly ? new Event.Ready(ticket, parts.prompts().build(ticket, List.of())) : null;
        synchronized (open) {
            throwIfRefused();
            open.add(ticket);
        }
        if (ready != null) {
            events.add(ready);
        } else {
            preparation.submit(ticket);
        }
        return ticket;
    }

    private void throwIfRefused() {
        DeviceException reason = refusal;
        if (reason != null) {
            throw new DeviceException(reason.code(), String.valueOf(reason.getMessage()), reason);
        }
    }

    /** The engine's hot loop. */
    void run() {
        try {
            while (!closing) {
                takeEvents();
                scheduler.admit(parts::enter);
                StepPlan plan = scheduler.plan();
                parts.runner().run(plan);
                releaseEncoded(plan);
                retireFinished();
            }
            endAll(new DeviceException("engine-closed", "The engine was closed; submit the request again later."));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "The engine failed and takes no more requests", e);
            endAll(new DeviceException("engine-failed", "The engine failed; start it again and submit anew.", e));
        }
    }

    /** Waits for the next event when there is nothing else to do. */
    private void takeEvents() {
        List<Event> taken = new ArrayList<>();
        if (scheduler.idle()) {
            taken.add(waitForEvent());
        }
        events.drainTo(taken);
        for (Event event : taken) {
            switch (event) {
                case Event.Ready ready
                when isOpen(ready.ticket()) -> scheduler.add(new Scheduler.Waiting(ready.ticket(), ready.prompt()));
                case Event.Failed failed when isOpen(failed.ticket()) -> fail(failed.ticket(), failed.failure());
                case Event.Cancelled cancelled when isOpen(cancelled.ticket()) -> cancel(cancelled.ticket());
                case Event.Ready late -> preparation.release(late.ticket());
                case Event.Failed ignored -> {}
                case Event.Cancelled ignored -> {}
                case Event.Closed ignored -> closing = true;
            }
        }
    }

    private boolean isOpen(Ticket ticket) {
        synchronized (open) {
            return open.contains(ticket);
        }
    }

    private Event waitForEvent() {
        while (true) {
            try {
                return events.take();
            } catch (InterruptedException e) {
                LOG.log(Level.DEBUG, "The engine's thread was interrupted; only close() ends it", e);
            }
        }
    }

    /** A cancelled request leaves at once, wherever it is. */
    private void cancel(Ticket ticket) {
        for (Sequence sequence : List.copyOf(scheduler.running())) {
            if (sequence.ticket() == ticket) {
                sequence.finish(FinishReason.CANCELLED);
                retire(sequence);
                return;
            }
        }
        scheduler.waiting().removeIf(waiting -> waiting.ticket() == ticket);
        close(ticket);
        ticket.complete(parts.results().cancelledBeforeStart(ticket));
    }

    private void fail(Ticket ticket, EngineException failure) {
        close(ticket);
        ticket.fail(failure);
    }

    /** Clips that have become visual tokens make room for the next ones to be decoded. */
    private void releaseEncoded(StepPlan plan) {
        Sequence encoding = plan.encoding();
        if (encoding != null && encoding.visuals().complete()) {
            preparation.release(encoding.ticket());
        }
    }

    private void retireFinished() {
        for (Sequence sequence : List.copyOf(scheduler.running())) {
            if (sequence.finishReason() != null) {
                retire(sequence);
            }
        }
    }

    private void retire(Sequence sequence) {
        scheduler.leave(sequence);
        close(sequence.ticket());
        EngineException failure = sequence.failure();
        if (failure != null) {
            sequence.ticket().fail(failure);
        } else {
            sequence.ticket().complete(parts.results().of(sequence));
        }
    }

    private void close(Ticket ticket) {
        preparation.release(ticket);
        synchronized (open) {
            open.remove(ticket);
        }
    }

    /** From here on nothing is accepted, and nobody who waits is forgotten. */
    private void endAll(DeviceException reason) {
        List<Ticket> abandoned;
        synchronized (open) {
            refusal = reason;
            abandoned = List.copyOf(open);
            open.clear();
        }
        for (Ticket ticket : abandoned) {
            preparation.release(ticket);
            ticket.fail(reason);
        }
    }

    /** Ends every open generation. Not to be called by a listener. */
    @Override
    public void close() {
        events.add(new Event.Closed());
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        preparation.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
