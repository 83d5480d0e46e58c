package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.GenerationListener.Phase;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.media.FileContent;
import dev.saccade.runtime.media.MeasuredMedia;
import dev.saccade.runtime.media.MediaSummary;
import dev.saccade.runtime.media.PreparedMedia;
import dev.saccade.runtime.schedule.Decoding.Place;
import dev.saccade.runtime.schedule.KnownMedia.Query;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the media of requests on threads of its own, ahead of the engine. A file is read first, so that its digest tells
 * whether it is known; one that is not is measured, and decoded when there is memory for the pixels of all that its request
 * needs. A clip that several requests wait for is decoded once. Whoever holds the lock does nothing slow.
 */
final class Preparation implements AutoCloseable {

    /** Where the outcomes go; called by media threads. */
    interface Outcome {
        void ready(Ticket ticket, Prompt prompt);

        void failed(Ticket ticket, EngineException failure);

        /** Pixels have come that a running sequence waited for. */
        void pixelsCame();
    }

    /** Of 3 channels, 2 frames and 14 x 14 pixels. */
    private static final int PATCH_BYTES = 3 * 2 * 14 * 14 * Float.BYTES;

    private final MediaSource source;
    private final PromptBuilder prompts;
    private final VisionCache cache;
    private final Outcome outcome;
    private final ThreadPoolExecutor threads;
    private final KnownMedia known = new KnownMedia();

    // ---- guarded by this

    private final PatchBudget budget;
    private final Map<Ticket, MediaWork> open = new HashMap<>();
    private final PriorityQueue<MediaWork> measured = new PriorityQueue<>(); // wait for memory
    private final Map<Query, Decoding> decodings = new LinkedHashMap<>();
    private long jobs;
    private long works;
    private int preparing;
    private long decoded;
    private long decodeNanos;

    /** @param patchBytes memory for pixels that are not encoded yet */
    Preparation(
            MediaSource source,
            PromptBuilder prompts,
            VisionCache cache,
            int mediaThreads,
            long patchBytes,
            Outcome outcome) {
        this.source = source;
        this.prompts = prompts;
        this.cache = cache;
        this.budget = new PatchBudget(patchBytes);
        this.outcome = outcome;
        this.threads = new ThreadPoolExecutor(
                mediaThreads,
                mediaThreads,
                0,
                TimeUnit.SECONDS,
                new PriorityBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("saccade-media-", 0).factory(),
                new ThreadPoolExecutor.DiscardPolicy()); // once closed
    }

    static List<Part> media(List<Message> messages) {
        return MediaWork.media(messages);
    }

    /** Prepares a request that has media. */
    synchronized void submit(Ticket ticket) {
        MediaWork work = new MediaWork(ticket, works++);
        open.put(ticket, work);
        preparing++;
        ticket.listener().onProgress(Phase.MEDIA, 0, work.media.size());
        for (int i = 0; i < work.media.size(); i++) {
            int index = i;
            work.jobs.add(start(work.rank, () -> look(work, index)));
        }
    }

    /** A request has ended. What was done for it alone is stopped and forgotten. */
    synchronized void release(Ticket ticket) {
        MediaWork work = open.remove(ticket);
        if (work == null) {
            return;
        }
        work.ended = true;
        handOver(work);
        work.jobs.forEach(job -> job.cancel(true));
        measured.remove(work);
        for (Decoding decoding : List.copyOf(decodings.values())) {
            if (decoding.leave(work)) {
                abandon(decoding);
                decoding.stop();
            }
        }
        VisualTokens visuals = work.visuals;
        Set<Clip> distinct = new HashSet<>();
        for (Clip clip : work.clips) {
            if (clip != null) {
                boolean used = visuals != null && visuals.placed(clip) && distinct.add(clip);
                budget.free(cache.letGo(clip, used));
            }
        }
        grant();
    }

    synchronized MediaStatus status() {
        MediaFigures status = new MediaFigures();
        status.decoded = decoded;
        status.decodeSeconds = decodeNanos / 1e9;
        status.requests = preparing;
        budget.report(status);
        cache.report(status);
        return status.build();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    private MediaJob start(long rank, Runnable work) {
        MediaJob job = new MediaJob(rank, jobs++, work);
        threads.execute(job);
        return job;
    }

    // ---- looking into files

    private void look(MediaWork work, int index) {
        try {
            work.ticket.watch().mediaStarts();
            Part part = work.media.get(index);
            FileContent content = source.content(part);
            Query query = new Query(
                    content.sha256(),
                    part instanceof Part.Image,
                    work.ticket.request().vision(),
                    part instanceof Part.Media shown ? shown.marks() : List.of());
            MediaSummary summary = known.get(query);
            MeasuredMedia facts = summary != null ? null : source.measure(part, query.options(), content);
            if (looked(work, index, query, summary, facts)) {
                finish(work);
            }
        } catch (RuntimeException | Error e) {
            fail(work, MediaFailures.of(e));
        }
    }

    /** True where nothing has to be decoded. */
    private synchronized boolean looked(
            MediaWork work, int index, Query query, @Nullable MediaSummary summary, @Nullable MeasuredMedia facts) {
        work.queries[index] = query;
        work.measured[index] = facts;
        if (summary != null && !work.ended) {
            resolve(work, index, summary);
        }
        work.looked++;
        if (work.ended || work.handedOver || work.looked < work.media.size()) {
            return false;
        }
        if (work.complete()) {
            return true;
        }
        budget.requirePossible(work.bytesToDecode());
        measured.add(work);
        grant();
        return false;
    }

    private void resolve(MediaWork work, int index, MediaSummary summary) {
        work.clips[index] = cache.hold(summary);
        work.ticket.listener().onProgress(Phase.MEDIA, work.resolved(), work.media.size());
    }

    // ---- memory

    /** Those who run and lack pixels go first; then requests in their order, each with all that it needs or nothing. */
    private void grant() {
        for (Decoding late : List.copyOf(decodings.values())) {
            if (!late.granted && !take(late)) {
                return;
            }
        }
        for (MediaWork next = measured.peek(); next != null; next = measured.peek()) {
            if (!takeAll(next)) {
                return;
            }
            measured.remove();
            if (next.complete()) {
                MediaWork complete = next;
                next.jobs.add(start(next.rank, () -> finish(complete)));
            }
        }
    }

    private boolean take(Decoding late) {
        long missing = budget.missing(late.bytes);
        if (missing > 0) {
            budget.free(cache.dropPatchesOfWaiting(missing));
        }
        if (!budget.take(late.bytes)) {
            return false;
        }
        begin(late, 0);
        return true;
    }

    private boolean takeAll(MediaWork work) {
        Map<Query, Decoding> fresh = new LinkedHashMap<>();
        long bytes = 0;
        for (int i = 0; i < work.clips.length; i++) {
            MeasuredMedia facts = work.measured[i];
            Query query = work.query(i);
            if (facts != null
                    && known.get(query) == null
                    && !decodings.containsKey(query)
                    && !fresh.containsKey(query)) {
                fresh.put(query, new Decoding(query, facts.patchBytes()));
                bytes += facts.patchBytes();
            }
        }
        if (!budget.take(bytes)) {
            return false;
        }
        decodings.putAll(fresh);
        for (int i = 0; i < work.clips.length; i++) {
            MediaSummary summary = known.get(work.query(i));
            Decoding decoding = decodings.get(work.query(i));
            if (work.clips[i] == null && summary != null) {
                resolve(work, i, summary);
            } else if (work.clips[i] == null && decoding != null) {
                decoding.wanted.add(new Place(work, i));
            }
        }
        fresh.values().forEach(decoding -> begin(decoding, work.rank));
        return true;
    }

    // ---- decoding

    private void begin(Decoding decoding, long rank) {
        decoding.granted = true;
        Place place = decoding.nextSource();
        if (place != null) {
            decoding.job = start(rank, () -> decode(decoding, place, rank));
        }
    }

    private void decode(Decoding decoding, Place place, long rank) {
        long begun = System.nanoTime();
        try {
            Part part = place.work().media.get(place.index());
            MeasuredMedia facts = place.work().measured[place.index()];
            if (facts == null) {
                facts = source.measure(part, decoding.query.options(), source.content(part));
            }
            if (!facts.content().sha256().equals(decoding.query.content())) {
                throw new MediaException(
                        "media-changed", "The media file changed while its request waited; send it again.");
            }
            PreparedMedia media = source.prepare(facts);
            delivered(decoding, media, System.nanoTime() - begun).forEach(this::finish);
        } catch (RuntimeException | Error e) {
            failed(decoding, rank, MediaFailures.of(e));
        }
    }

    /** The requests that have all their media now. */
    private synchronized List<MediaWork> delivered(Decoding decoding, PreparedMedia media, long nanos) {
        decoded++;
        decodeNanos += nanos;
        known.put(decoding.query, media.summary());
        if (!decodings.remove(decoding.query, decoding)) {
            return List.of(); // abandoned meanwhile
        }
        List<MediaWork> complete = new ArrayList<>();
        boolean kept = false;
        boolean late = false;
        for (Place place : decoding.wanted) {
            MediaWork work = place.work();
            boolean first = work.clips[place.index()] == null;
            if (first) {
                resolve(work, place.index(), media.summary());
            }
            late |= !first;
            kept |= cache.offer(Objects.requireNonNull(work.clips[place.index()]), media.patches());
            if (first && work.complete() && !work.handedOver && !complete.contains(work)) {
                complete.add(work);
            }
        }
        budget.correct(decoding.bytes, kept ? (long) media.patches().length * Float.BYTES : 0);
        if (late) {
            outcome.pixelsCame();
        }
        grant();
        return complete;
    }

    private void failed(Decoding decoding, long rank, EngineException failure) {
        List<Place> disappointed;
        synchronized (this) {
            if (decodings.get(decoding.query) != decoding) {
                return; // nobody waits for it
            }
            Place other = decoding.nextSource();
            if (other != null) {
                decoding.job = start(rank, () -> decode(decoding, other, rank));
                return;
            }
            disappointed = List.copyOf(decoding.wanted);
            abandon(decoding);
            grant();
        }
        disappointed.forEach(place -> fail(place.work(), failure));
    }

    private void abandon(Decoding decoding) {
        decodings.remove(decoding.query, decoding);
        if (decoding.granted) {
            budget.free(decoding.bytes);
        }
    }

    /** A clip whose pixels are gone is needed after all. */
    private synchronized void decodeAgain(MediaWork work, int index) {
        Clip clip = work.clips[index];
        if (work.ended || clip == null) {
            return;
        }
        long bytes = (long) clip.summary.patches() * PATCH_BYTES;
        Decoding decoding = decodings.computeIfAbsent(work.query(index), query -> new Decoding(query, bytes));
        decoding.wanted.add(new Place(work, index));
        grant();
    }

    private synchronized void freed(long bytes) {
        budget.free(bytes);
        grant();
    }

    // ---- outcomes

    private void finish(MediaWork work) {
        try {
            List<Clip> clips;
            synchronized (this) {
                if (work.ended || work.handedOver) {
                    return;
                }
                clips = work.allClips();
            }
            cache.requireRoom(work.summaries());
            VisualTokens.Pixels pixels = new VisualTokens.Pixels() {
                @Override
                public void wanted(int media) {
                    decodeAgain(work, media);
                }

                @Override
                public void freed(long bytes) {
                    Preparation.this.freed(bytes);
                }
            };
            Prompt prompt = prompts.build(
                    work.ticket, work.summaries(), spans -> new VisualTokens(cache, clips, spans, pixels));
            synchronized (this) {
                if (work.ended || work.handedOver) {
                    return;
                }
                work.visuals = prompt.visuals();
                work.ticket.watch().mediaEnds();
                outcome.ready(work.ticket, prompt);
                handOver(work);
            }
        } catch (RuntimeException | Error e) {
            fail(work, MediaFailures.of(e));
        }
    }

    private void handOver(MediaWork work) {
        preparing -= work.handedOver ? 0 : 1;
        work.handedOver = true;
    }

    private void fail(MediaWork work, EngineException failure) {
        synchronized (this) {
            if (work.ended) {
                return;
            }
            handOver(work);
            measured.remove(work);
        }
        outcome.failed(work.ticket, failure);
    }
}
