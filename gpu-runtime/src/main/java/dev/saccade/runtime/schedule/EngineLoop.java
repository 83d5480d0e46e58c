package dev.saccade.runtime.schedule;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.schedule.Inbox.Event;
import dev.saccade.runtime.text.MediaSpan;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The thread that steps the model, and the door through which requests come to it. */
public final class EngineLoop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(EngineLoop.class.getName());

    /** Seeds that are drawn stay below 2^48, so that they survive a trip through a JSON number. */
    private static final long DRAWN_SEEDS = 1L << 48;

    private final EngineParts parts;
    private final Scheduler scheduler;
    private final Preparation preparation;
    private final Inbox inbox = new Inbox();
    private final AtomicLong submitted = new AtomicLong();
    private final Set<Ticket> open = new LinkedHashSet<>(); // guarded by itself
    private final Map<Ticket, SequenceGroup> groups = new HashMap<>(); // open, with a prompt; engine thread only
    private final Deadlines deadlines; // engine thread only
    private final Thread thread;
    private boolean stuck; // until something happens elsewhere; engine thread only
    private boolean closing; // engine thread only
    private volatile @Nullable DeviceException refusal;
    private volatile EngineStatus status;

    public EngineLoop(EngineParts parts) {
        this.parts = parts;
        this.scheduler = parts.scheduler();
        this.status = EngineStatus.idle(parts.pool().blocks());
        this.deadlines = new Deadlines(parts.clock());
        this.preparation = new Preparation(
                parts.media(), parts.prompts(), parts.visionCache(), parts.mediaThreads(), parts.patchBytes(), inbox);
        this.thread = Thread.ofPlatform().name("saccade-engine").daemon().unstarted(this::run);
        thread.start();
    }

    /** See {@link dev.saccade.runtime.Engine#submit}. */
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        throwIfRefused();
        SamplingParameters sampling = parts.checks().check(request);
        Long given = sampling.seed();
        long seed = given != null ? given : ThreadLocalRandom.current().nextLong(DRAWN_SEEDS);
        Ticket ticket = new Ticket(submitted.getAndIncrement(), request, sampling, seed, listener, inbox::cancelled);
        boolean textOnly = Preparation.media(request.messages()).isEmpty();
        Prompt prompt = textOnly ? parts.prompts().build(ticket, List.of(), this::noVisuals) : null;
        synchronized (open) {
            throwIfRefused();
            open.add(ticket);
        }
        if (Deadlines.has(request.urgency())) {
            inbox.urgent(ticket);
        }
        if (prompt != null) {
            inbox.ready(ticket, prompt);
        } else {
            preparation.submit(ticket);
        }
        return ticket;
    }

    private VisualTokens noVisuals(List<MediaSpan> spans) {
        return new VisualTokens(parts.visionCache(), List.of(), spans, VisualTokens.Pixels.NONE);
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
                for (Event event : inbox.take(stuck || scheduler.idle(), deadlines.untilNext())) {
                    handle(event);
                }
                long start = System.nanoTime();
                endOverdue();
                StepPlan plan = scheduler.plan();
                parts.counters().planningNanos += System.nanoTime() - start;
                parts.runner().run(plan);
                settle(plan);
                stuck = plan.empty() && scheduler.awaitsPixels();
                status = parts.counters().status(scheduler, parts.pool(), preparing());
            }
            endAll(new DeviceException("engine-closed", "The engine was closed; submit the request again later."));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "The engine failed and takes no more requests", e);
            endAll(new DeviceException(
                    DeviceException.ENGINE_FAILED, "The engine failed; start it again and submit anew.", e));
        }
    }

    /** Requests whose media are being prepared. */
    private int preparing() {
        synchronized (open) {
            return open.size() - groups.size();
        }
    }

    /** As it was after the last step. Any thread. */
    public EngineStatus status() {
        return status;
    }

    private void handle(Event event) {
        switch (event) {
            case Event.Closed ignored -> closing = true;
            case Event.Ready late when !isOpen(late.ticket()) -> preparation.release(late.ticket());
            case Event.Ready ready -> {
                SequenceGroup group = parts.group(ready.ticket(), ready.prompt());
                groups.put(ready.ticket(), group);
                scheduler.add(group);
            }
            case Event.Urgent urgent when isOpen(urgent.ticket()) -> deadlines.add(urgent.ticket());
            case Event.Failed failed when isOpen(failed.ticket()) -> fail(failed.ticket(), failed.failure());
            case Event.Cancelled cancelled when isOpen(cancelled.ticket()) -> cancel(cancelled.ticket());
            case Event.PixelsCame ignored -> {}
            case Event.Urgent ignored -> {}
            case Event.Failed ignored -> {}
            case Event.Cancelled ignored -> {}
        }
    }

    private boolean isOpen(Ticket ticket) {
        synchronized (open) {
            return open.contains(ticket);
        }
    }

    /** A cancelled request leaves at once, wherever it is. */
    private void cancel(Ticket ticket) {
        SequenceGroup group = groups.get(ticket);
        if (group == null) {
            close(ticket);
            ticket.complete(parts.results().cancelledBeforeStart(ticket));
        } else {
            group.finish(FinishReason.CANCELLED);
            retire(group);
        }
    }

    private void fail(Ticket ticket, EngineException failure) {
        close(ticket);
        ticket.fail(failure);
    }

    private void endOverdue() {
        for (Deadlines.Deadline passed = deadlines.takePassed(); passed != null; passed = deadlines.takePassed()) {
            Ticket ticket = passed.ticket();
            SequenceGroup group = groups.get(ticket);
            switch (passed.kind()) {
                case START -> {
                    if (group == null || !group.started()) {
                        fail(ticket, Deadlines.notStarted());
                    }
                }
                case FINISH -> {
                    if (group == null || group.written() == 0) {
                        fail(ticket, Deadlines.nothingWritten());
                    } else {
                        group.finish(FinishReason.EXPIRED);
                        retire(group);
                    }
                }
            }
        }
    }

    /** New sequences get their places, and finished requests leave. */
    private void settle(StepPlan plan) {
        long start = System.nanoTime();
        scheduler.settle(plan);
        plan.answers().forEach(stretch -> retireFinished(stretch.sequence().group()));
        plan.prompts().forEach(stretch -> retireFinished(stretch.sequence().group()));
        parts.counters().samplingNanos += System.nanoTime() - start;
    }

    private void retireFinished(SequenceGroup group) {
        EngineException failure = group.failure();
        if (failure != null) {
            fail(group.ticket(), failure);
        } else if (group.finished()) {
            retire(group);
        }
    }

    private void retire(SequenceGroup group) {
        if (isOpen(group.ticket())) {
            close(group.ticket());
            group.ticket().complete(parts.results().of(group));
        }
    }

    /** Forgets a request, whatever state it is in. */
    private void close(Ticket ticket) {
        preparation.release(ticket);
        deadlines.ended(ticket);
        SequenceGroup group = groups.remove(ticket);
        if (group != null) {
            scheduler.remove(group);
        }
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

    /** How the media pipeline is doing; any thread. */
    public MediaStatus mediaStatus() {
        return preparation.status();
    }

    /** Ends every open generation. Not to be called by a listener. */
    @Override
    public void close() {
        inbox.close();
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
