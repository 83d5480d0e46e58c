package dev.saccade.api.events;

import dev.saccade.api.changes.JobChanges;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.events.JobEvents;
import dev.saccade.ledger.tenants.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * All streams of this instance: their number, their heartbeats, their keys, their end. Stops before the web server, which
 * would else wait for streams that never end.
 */
public final class EventStreams implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final JobFeeds feeds;
    private final JobEvents events;
    private final Executor threads;
    private final EventsProperties settings;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<UUID, AtomicInteger> byTenant = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong opened = new AtomicLong();
    private volatile @Nullable ScheduledExecutorService timer;

    EventStreams(JobFeeds feeds, JobEvents events, Executor threads, EventsProperties settings) {
        this.feeds = feeds;
        this.events = events;
        this.threads = threads;
        this.settings = settings;
    }

    /**
     * Opens a stream on a job that the caller has been found to own.
     *
     * @param format how its events look
     * @param outlet makes the way to the client, given what to call when it has gone
     */
    void open(
            Caller caller,
            UUID jobId,
            StreamPosition position,
            StreamFormat format,
            Function<Runnable, Outlet> outlet) {
        enter(caller);
        var left = new AtomicBoolean();
        var stream = new EventStream[1];
        var watch = new JobChanges.Watch[1];
        Runnable leave = () -> {
            if (left.compareAndSet(false, true)) {
                leave(caller, stream[0], watch[0]);
            }
        };
        var way = outlet.apply(() -> {
            var gone = stream[0];
            if (gone != null) {
                gone.gone();
                gone.wake();
            }
        });
        try {
            String opening = format.opening();
            if (!opening.isEmpty()) {
                way.write(opening);
            }
            watch[0] = feeds.listen(caller.tenantId(), jobId, feed -> {
                var made = new EventStream(
                        caller,
                        feed,
                        position,
                        format,
                        way,
                        threads,
                        settings,
                        System::nanoTime,
                        () -> threads.execute(leave));
                stream[0] = made;
                streams.add(made);
                return made::wake;
            });
        } catch (IOException | RuntimeException e) {
            LOG.debug("A stream could not be opened", e);
            way.close();
            leave.run();
        }
    }

    /**
     * Answers a request with all events of a job that the caller has been found to own.
     *
     * @param over called once, when the answer has ended or the client has gone
     * @throws ProblemException where no more streams can be opened
     */
    public void stream(
            Caller caller,
            UUID jobId,
            StreamFormat format,
            HttpServletRequest request,
            HttpServletResponse response,
            Runnable over) {
        open(
                caller,
                jobId,
                StreamPosition.START,
                format,
                gone -> answer(request, response, () -> {
                    gone.run();
                    over.run();
                }));
    }

    static Outlet answer(HttpServletRequest request, HttpServletResponse response, Runnable gone) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding("UTF-8");
        // a proxy that buffers would hold the events back
        response.setHeader("X-Accel-Buffering", "no");
        return ServletOutlet.open(request, response, gone);
    }

    private void enter(Caller caller) {
        if (!isRunning()) {
            throw ProblemException.unavailable(
                    "shutting-down", "This server stops. Reconnect in a moment; another one answers.");
        }
        var tenants = byTenant.computeIfAbsent(caller.tenantId(), id -> new AtomicInteger());
        if (tenants.incrementAndGet() > settings.maxStreamsPerTenant()) {
            tenants.decrementAndGet();
            throw new ProblemException(
                            429,
                            "too-many-streams",
                            "Your tenant has " + settings.maxStreamsPerTenant()
                                    + " streams open here. Close some, or poll the job instead.")
                    .header("Retry-After", "30");
        }
        if (count.incrementAndGet() > settings.maxStreams()) {
            count.decrementAndGet();
            tenants.decrementAndGet();
            throw ProblemException.unavailable(
                    "too-many-streams", "This server has as many streams as it can hold. Poll the job instead.");
        }
        opened.incrementAndGet();
    }

    private void leave(Caller caller, @Nullable EventStream stream, JobChanges.@Nullable Watch watch) {
        count.decrementAndGet();
        Objects.requireNonNull(byTenant.get(caller.tenantId())).decrementAndGet();
        if (stream != null) {
            streams.remove(stream);
        }
        if (watch != null) {
            watch.close();
        }
    }

    private void checkKeys() {
        var withKey = streams.stream()
                .map(stream -> stream.caller().keyId())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        var inForce = withKey.isEmpty() ? Set.<UUID>of() : events.keysThatMayListen(withKey);
        for (var stream : streams) {
            var key = stream.caller().keyId();
            if (key == null) {
                if (stream.age().compareTo(settings.withoutKey()) >= 0) {
                    stream.end("show your token again");
                }
            } else if (withKey.contains(key) && !inForce.contains(key)) {
                stream.end("this API key is no longer in force");
            }
        }
    }

    /** Streams that are open. */
    int size() {
        return count.get();
    }

    /** Streams that were opened since the start. */
    long opened() {
        return opened.get();
    }

    @Override
    public synchronized void start() {
        if (timer != null) {
            return;
        }
        var ticking = Executors.newScheduledThreadPool(
                2, Thread.ofPlatform().daemon().name("job-events-", 0).factory());
        every(ticking, settings.poll(), feeds::poll);
        every(ticking, TICK, () -> streams.forEach(EventStream::tick));
        every(ticking, settings.keyCheck(), this::checkKeys);
        timer = ticking;
    }

    private static void every(ScheduledExecutorService timer, Duration interval, Runnable work) {
        var _ = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        LOG.warn("Streams could not be looked after, which is tried again: {}", e.toString());
                    }
                },
                0,
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void stop() {
        var ticking = timer;
        if (ticking == null) {
            return;
        }
        timer = null;
        ticking.shutdownNow();
        streams.forEach(stream -> stream.end("this server stops"));
        feeds.close();
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 512;
    }
}
