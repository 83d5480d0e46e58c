package dev.saccade.runtime.schedule;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.GenerationListener.Phase;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.media.PreparedMedia;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the media of requests on threads of its own, ahead of the engine but only so far: a prepared clip can take
 * hundreds of megabytes, so no more than a few requests have theirs in memory before the engine has encoded them.
 */
final class Preparation implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Preparation.class.getName());

    /** Where the outcomes go; called by media threads. */
    interface Outcome {
        void ready(Ticket ticket, Prompt prompt);

        void failed(Ticket ticket, EngineException failure);
    }

    private final MediaSource source;
    private final PromptBuilder prompts;
    private final Outcome outcome;
    private final ExecutorService threads;
    private final int ahead;
    private final Deque<Work> queued = new ArrayDeque<>();
    private final Map<Ticket, Work> inMemory = new HashMap<>();

    Preparation(MediaSource source, PromptBuilder prompts, int mediaThreads, Outcome outcome) {
        this.source = source;
        this.prompts = prompts;
        this.outcome = outcome;
        this.ahead = mediaThreads + 2;
        this.threads = Executors.newFixedThreadPool(
                mediaThreads,
                Thread.ofPlatform().daemon().name("saccade-media-", 0).factory());
    }

    /** Prepares a request that has media, when its turn comes. */
    synchronized void submit(Ticket ticket) {
        queued.add(new Work(ticket));
        startNext();
    }

    /** The media of this request are no longer in memory, or no longer wanted. Decoders that work for it are stopped. */
    synchronized void release(Ticket ticket) {
        queued.removeIf(work -> work.ticket == ticket);
        Work work = inMemory.remove(ticket);
        if (work != null) {
            work.running.forEach(task -> task.cancel(true));
        }
        startNext();
    }

    private void startNext() {
        while (inMemory.size() < ahead && !queued.isEmpty() && !threads.isShutdown()) {
            Work work = queued.removeFirst();
            inMemory.put(work.ticket, work);
            work.start();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            queued.clear();
            threads.shutdownNow();
        }
        threads.close();
    }

    static List<Part> media(List<Message> messages) {
        return messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(part -> !(part instanceof Part.Text))
                .toList();
    }

    /** The media of one request, each a task of its own; the last to finish builds the prompt. */
    private final class Work {
        private final Ticket ticket;
        private final List<Part> media;
        private final @Nullable PreparedMedia[] prepared;
        private final List<Future<?>> running = new ArrayList<>();
        private int finished;
        private boolean failed;

        Work(Ticket ticket) {
            this.ticket = ticket;
            this.media = media(ticket.request().messages());
            this.prepared = new PreparedMedia[media.size()];
        }

        void start() {
            ticket.watch().mediaStarts();
            ticket.listener().onProgress(Phase.MEDIA, 0, media.size());
            for (int i = 0; i < media.size(); i++) {
                int index = i;
                running.add(threads.submit(() -> prepare(index)));
            }
        }

        private void prepare(int index) {
            try {
                Part part = media.get(index);
                PreparedMedia result =
                        source.prepare(source.measure(part, ticket.request().vision(), source.content(part)));
                if (store(index, result)) {
                    ticket.watch().mediaEnds();
                    outcome.ready(ticket, prompts.build(ticket, complete()));
                }
            } catch (EngineException e) {
                fail(e);
            } catch (OutOfMemoryError e) {
                fail(new DeviceException(
                        "out-of-memory", "There was no memory left for the media; try again later.", e));
            } catch (RuntimeException | Error e) {
                if (!Thread.currentThread().isInterrupted()) {
                    LOG.log(Level.ERROR, "Preparing media failed unexpectedly", e);
                }
                fail(new MediaException("media-failed", "The media could not be prepared; try another file.", e));
            }
        }

        private synchronized boolean store(int index, PreparedMedia result) {
            prepared[index] = result;
            finished++;
            ticket.listener().onProgress(Phase.MEDIA, finished, media.size());
            return finished == media.size();
        }

        private List<PreparedMedia> complete() {
            return Arrays.stream(prepared)
                    .map(one -> {
                        if (one == null) {
                            throw new IllegalStateException("a medium is missing");
                        }
                        return one;
                    })
                    .toList();
        }

        private synchronized void fail(EngineException failure) {
            if (!failed) {
                failed = true;
                outcome.failed(ticket, failure);
            }
        }
    }
}
