package dev.saccade.api.events;

import dev.saccade.api.events.StreamFormat.Progress;
import dev.saccade.ledger.events.JobEvent;
import dev.saccade.ledger.events.LiveMessage;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What this instance knows about one job that somebody listens to: put together from the ledger, which has all that counts,
 * and from the worker's messages, of which any may be missing. Streams read from it at their own pace, so that a slow one
 * holds nothing up and costs no memory. Thread-safe.
 */
final class JobFeed {

    final UUID tenantId;
    final UUID jobId;
    final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
    final AtomicInteger refreshes = new AtomicInteger();

    // guarded by this
    private List<JobEvent> events = List.of();
    private int attempt = 1; // whose texts and progress these are
    private final List<StringBuilder> texts = new ArrayList<>();
    private boolean gap;
    private @Nullable Progress progress;
    private @Nullable JobView finished;

    JobFeed(UUID tenantId, UUID jobId) {
        this.tenantId = tenantId;
        this.jobId = jobId;
    }

    /**
     * What the ledger says.
     *
     * @param history its events; one that isn't there yet, or no more, is made up for by the job itself
     */
    synchronized void update(JobView job, List<JobEvent> history) {
        if (finished != null || job.attempt() < attempt) {
            return;
        }
        begin(job.attempt());
        int position = JobEvent.position(job.state(), job.attempt());
        var known = new ArrayList<>(
                history.stream().filter(event -> event.position() < position).toList());
        known.add(history.stream()
                .filter(event -> event.position() == position)
                .findFirst()
                .orElseGet(() -> new JobEvent(position, job.state(), job.attempt(), time(job), null)));
        events = List.copyOf(known);
        if (job.progress() != null && job.state() == JobState.RUNNING) {
            gap = false;
            var said = job.progress();
            if (progress == null || said.completionTokens() > progress.completionTokens()) {
                progress = new Progress(said.phase(), said.done(), said.total(), said.completionTokens());
            }
            merge(said.texts());
        }
        if (job.state().terminal()) {
            if (job.result() != null) {
                merge(Answers.texts(job.result()));
            }
            finished = job;
        }
    }

    /** What the worker says; true where the ledger has to be asked as well. */
    synchronized boolean update(LiveMessage message) {
        if (finished != null || message.attempt() < attempt) {
            return false;
        }
        boolean news = message.ended() || message.attempt() > attempt || running() == null;
        begin(message.attempt());
        progress = new Progress(message.phase(), message.done(), message.total(), message.completionTokens());
        for (var piece : message.texts()) {
            merge(piece.index(), piece.offset(), piece.text());
        }
        return news || gap;
    }

    private void begin(int next) {
        if (next > attempt) {
            attempt = next;
            texts.clear();
            progress = null;
            gap = false;
        }
    }

    private void merge(List<String> whole) {
        for (int index = 0; index < whole.size(); index++) {
            merge(index, 0, whole.get(index));
        }
    }

    private void merge(int index, int offset, String text) {
        if (index < 0 || index >= Answers.MOST || offset < 0) {
            return;
        }
        while (texts.size() <= index) {
            texts.add(new StringBuilder());
        }
        var known = texts.get(index);
        if (offset > known.length()) {
            gap = true; // a message was lost or came before this feed began; a heartbeat's text closes it
        } else if (offset + text.length() > known.length()) {
            known.append(text, known.length() - offset, text.length());
        }
    }

    /** Whether the worker's messages don't join up with what is known. */
    synchronized boolean hasGap() {
        return gap && finished == null;
    }

    private @Nullable JobEvent running() {
        return events.isEmpty() || events.getLast().state() != JobState.RUNNING ? null : events.getLast();
    }

    /** Of the last state that is known; -1 before the first. */
    synchronized int position() {
        return events.isEmpty() ? -1 : events.getLast().position();
    }

    /** States behind a position, in order. */
    synchronized List<JobEvent> after(int position) {
        return events.stream().filter(event -> event.position() > position).toList();
    }

    /** How far this attempt is; null for another than the latest. */
    synchronized @Nullable Progress progress(int ofAttempt) {
        return ofAttempt == attempt ? progress : null;
    }

    /** How many answers this attempt has begun. */
    synchronized int answers(int ofAttempt) {
        return ofAttempt == attempt ? texts.size() : 0;
    }

    /** An answer's text behind an offset, at most so much of it; empty where another attempt has begun. */
    synchronized String text(int ofAttempt, int index, int offset, int most) {
        if (ofAttempt != attempt || index >= texts.size()) {
            return "";
        }
        var text = texts.get(index);
        return offset >= text.length() ? "" : text.substring(offset, Math.min(text.length(), offset + most));
    }

    /** The job once it has ended. */
    synchronized @Nullable JobView finished() {
        return finished;
    }

    private static java.time.Instant time(JobView job) {
        if (job.finishedAt() != null) {
            return job.finishedAt();
        }
        return job.state() == JobState.RUNNING && job.startedAt() != null ? job.startedAt() : job.createdAt();
    }
}
