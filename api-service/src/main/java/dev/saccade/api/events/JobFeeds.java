package dev.saccade.api.events;

import dev.saccade.api.changes.JobChanges;
import dev.saccade.ledger.events.JobEvent;
import dev.saccade.ledger.events.JobEvents;
import dev.saccade.ledger.events.LiveMessage;
import dev.saccade.ledger.jobs.JobLedger;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * The feeds of all jobs that somebody on this instance listens to. Word of a change comes from workers by the broker; the
 * database is asked then, and at an interval, since word may be lost.
 */
final class JobFeeds implements JobChanges {

    private static final Logger LOG = LoggerFactory.getLogger(JobFeeds.class);

    /** Of the database's connections, at most so many. */
    private static final int READERS = 3;

    private final JobLedger ledger;
    private final JobEvents events;
    private final Executor threads;
    private final LiveQueue queue;
    private final ConcurrentHashMap<UUID, JobFeed> feeds = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<UUID, Long> heard = new ConcurrentHashMap<>();
    private final Semaphore readers = new Semaphore(READERS);
    private final Duration silence;
    private boolean failing; // the polling thread's only

    /** @param silence a running job of which nothing was heard for so long is looked up in the database */
    JobFeeds(JobLedger ledger, JobEvents events, ConnectionFactory broker, Executor threads, Duration silence) {
        this.ledger = ledger;
        this.events = events;
        this.threads = threads;
        this.silence = silence;
        this.queue = new LiveQueue(broker, this::hear);
    }

    @Override
    public Watch watch(UUID tenantId, UUID jobId, Runnable changed) {
        return listen(tenantId, jobId, feed -> changed);
    }

    /** What listens, made from the feed that it reads. */
    interface Listening {
        Runnable to(JobFeed feed);
    }

    Watch listen(UUID tenantId, UUID jobId, Listening listening) {
        var begins = new AtomicBoolean();
        var listener = new Runnable[1];
        var feed = feeds.compute(jobId, (id, known) -> {
            begins.set(known == null);
            var current = known == null ? new JobFeed(tenantId, jobId) : known;
            listener[0] = listening.to(current);
            current.listeners.add(listener[0]);
            return current;
        });
        if (begins.get()) {
            threads.execute(() -> {
                queue.bind(jobId);
                refresh(feed); // after the binding, so that nothing falls between
            });
        } else {
            listener[0].run();
        }
        var closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                leave(feed, listener[0]);
            }
        };
    }

    private void leave(JobFeed feed, Runnable listener) {
        feeds.computeIfPresent(feed.jobId, (id, current) -> {
            current.listeners.remove(listener);
            return current.listeners.isEmpty() ? null : current;
        });
        if (!feeds.containsKey(feed.jobId)) {
            threads.execute(() -> {
                if (!feeds.containsKey(feed.jobId)) {
                    heard.remove(feed.jobId);
                    queue.unbind(feed.jobId);
                    if (feeds.containsKey(feed.jobId)) {
                        queue.bind(feed.jobId); // somebody came meanwhile
                    }
                }
            });
        }
    }

    private void hear(LiveMessage message) {
        var feed = feeds.get(message.jobId());
        if (feed == null) {
            return;
        }
        heard.put(message.jobId(), System.nanoTime());
        if (feed.update(message)) {
            refresh(feed);
        }
        tell(feed);
    }

    private static void tell(JobFeed feed) {
        feed.listeners.forEach(Runnable::run);
    }

    /** Reads the job anew, soon; several calls meanwhile are one. */
    private void refresh(JobFeed feed) {
        if (feed.refreshes.getAndIncrement() == 0) {
            threads.execute(() -> {
                int seen;
                do {
                    seen = feed.refreshes.get();
                    read(feed);
                } while (feed.refreshes.addAndGet(-seen) != 0);
            });
        }
    }

    private void read(JobFeed feed) {
        readers.acquireUninterruptibly();
        try {
            ledger.find(feed.tenantId, feed.jobId)
                    .ifPresent(job -> feed.update(job, events.of(feed.tenantId, feed.jobId)));
        } catch (RuntimeException e) {
            LOG.debug("Job {} can't be read at the moment", feed.jobId, e);
        } finally {
            readers.release();
        }
        tell(feed);
    }

    /** Looks for what the broker has not told. */
    void poll() {
        queue.ensureOpen();
        if (feeds.isEmpty()) {
            return;
        }
        try {
            var positions = events.positions(feeds.keySet());
            long now = System.nanoTime();
            feeds.values().forEach(feed -> {
                var position = positions.get(feed.jobId);
                if (position != null
                        && (position != feed.position() || feed.hasGap() || isSilent(feed, position, now))) {
                    refresh(feed);
                }
            });
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("Streams wait for the database: {}", e.toString());
            }
            failing = true;
        }
    }

    private boolean isSilent(JobFeed feed, int position, long now) {
        return JobEvent.isRunning(position)
                && now - heard.getOrDefault(feed.jobId, now - silence.toNanos()) >= silence.toNanos();
    }

    /** Jobs that somebody listens to. */
    int size() {
        return feeds.size();
    }

    void close() {
        queue.close();
    }
}
