package dev.saccade.api.events;

import dev.saccade.api.events.TextParts.Piece;
import dev.saccade.ledger.events.JobEvent;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.tenants.Caller;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream: reads from its job's feed what the client hasn't seen, and writes it. It takes a thread only while it
 * writes; what comes meanwhile waits in the feed, which holds it once for all streams.
 */
final class EventStream {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final int LONGEST_TEXT = 8_192;

    private final Caller caller;
    private final JobFeed feed;
    private final StreamFormat format;
    private final Outlet outlet;
    private final Executor threads;
    private final EventsProperties settings;
    private final LongSupplier nanos;
    private final Runnable ended;
    private final long began;
    private final AtomicInteger wakeUps = new AtomicInteger();
    private volatile @Nullable String farewell;
    private volatile boolean over;
    private volatile long wroteAt;

    // by the one thread that writes
    private StreamPosition position;
    private final StreamPosition resumed;
    private List<TextParts> texts = new ArrayList<>();
    private StreamFormat.@Nullable Progress shown;

    /**
     * @param position what the client has seen before
     * @param format how its events look
     * @param nanos the clock
     * @param ended called once nothing more is written
     */
    EventStream(
            Caller caller,
            JobFeed feed,
            StreamPosition position,
            StreamFormat format,
            Outlet outlet,
            Executor threads,
            EventsProperties settings,
            LongSupplier nanos,
            Runnable ended) {
        this.caller = caller;
        this.feed = feed;
        this.position = position;
        this.resumed = position;
        this.format = format;
        this.outlet = outlet;
        this.threads = threads;
        this.settings = settings;
        this.nanos = nanos;
        this.ended = ended;
        this.began = nanos.getAsLong();
        this.wroteAt = began;
    }

    Caller caller() {
        return caller;
    }

    Duration age() {
        return Duration.ofNanos(nanos.getAsLong() - began);
    }

    /** There may be something to write. Returns at once. */
    void wake() {
        if (wakeUps.getAndIncrement() == 0) {
            threads.execute(this::run);
        }
    }

    /** Wakes it where it has been silent for so long that a heartbeat is due. */
    void tick() {
        if (nanos.getAsLong() - wroteAt >= settings.heartbeat().toNanos()) {
            wake();
        }
    }

    /** Sends the client away with a comment; it may reconnect. */
    void end(String reason) {
        farewell = reason;
        wake();
    }

    /** The client has gone. */
    void gone() {
        over = true;
    }

    private void run() {
        int seen;
        do {
            seen = wakeUps.get();
            if (!over) {
                try {
                    write();
                } catch (IOException | RuntimeException e) {
                    LOG.debug("A stream of job {} broke", feed.jobId, e);
                    over = true;
                }
            }
            if (over) {
                outlet.close();
                ended.run();
                return; // the count stays above zero, so that nobody runs this again
            }
        } while (wakeUps.addAndGet(-seen) != 0);
    }

    private void write() throws IOException {
        if (farewell != null) {
            over = true;
            send(format.farewell(farewell));
            return;
        }
        boolean wrote = states();
        if (!over) {
            wrote |= progress() | texts(false);
            if (!wrote && nanos.getAsLong() - wroteAt >= settings.heartbeat().toNanos()) {
                send(format.heartbeat());
            }
        }
    }

    private boolean states() throws IOException {
        var news = feed.after(position.position());
        for (var event : news) {
            if (event.state().terminal()) {
                finish(event);
            } else {
                reach(event);
                send(format.state(position.id(), event));
            }
        }
        if (news.isEmpty() && feed.finished() != null) {
            // the client had seen the last state, but not the result
            result(feed.finished());
        }
        return !news.isEmpty();
    }

    private void finish(JobEvent event) throws IOException {
        JobView job = feed.finished();
        if (job == null) {
            return; // the next update has it
        }
        if (event.attempt() == position.attempt()) {
            texts(true);
        }
        reach(event);
        send(format.state(
                position.id(),
                new JobEvent(event.position(), event.state(), event.attempt(), event.at(), job.error())));
        result(job);
    }

    private void result(JobView job) throws IOException {
        position = position.ended();
        send(format.result(position.id(), job));
        over = true;
    }

    private void reach(JobEvent event) {
        if (event.attempt() != position.attempt()) {
            texts = new ArrayList<>();
            shown = null;
        }
        position = position.at(event);
    }

    private boolean progress() throws IOException {
        var now = feed.progress(position.attempt());
        if (now == null || now.equals(shown) || position.position() < 0) {
            return false;
        }
        shown = now;
        send(format.progress(now));
        return true;
    }

    /** @param last nothing is added to the texts any more */
    private boolean texts(boolean last) throws IOException {
        boolean wrote = false;
        int attempt = position.attempt();
        for (int index = 0; index < feed.answers(attempt); index++) {
            while (texts.size() <= index) {
                texts.add(new TextParts());
            }
            var parts = texts.get(index);
            String more;
            do {
                more = feed.text(attempt, index, parts.length(), LONGEST_TEXT);
                for (var piece : parts.add(more, last && more.isEmpty())) {
                    wrote |= text(index, piece);
                }
            } while (!more.isEmpty());
        }
        return wrote;
    }

    private boolean text(int index, Piece piece) throws IOException {
        // what the client has of this very attempt, from before it reconnected
        int had = resumed.attempt() == position.attempt() ? resumed.offset(index) : 0;
        if (piece.end() <= had) {
            return false;
        }
        var news = piece.from(had);
        position = position.seen(index, news.end());
        send(format.text(position.id(), index, news));
        return true;
    }

    private void send(String text) throws IOException {
        if (text.isEmpty()) {
            return;
        }
        long before = nanos.getAsLong();
        outlet.write(text);
        wroteAt = nanos.getAsLong();
        if (wroteAt - before > settings.slowClient().toNanos() && !over) {
            farewell = "too slow";
        }
        if (farewell != null && !over) {
            over = true;
            outlet.write(format.farewell(farewell));
            throw new IOException(farewell);
        }
    }
}
