package dev.saccade.worker.metrics;

import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.worker.engine.InferenceEngine;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What the engine is doing and has done, read from its status whenever a registry asks: costs its thread nothing. */
public final class EngineMeters implements MeterBinder {

    static final String PREFIX = "saccade.engine.";

    private final Supplier<Optional<InferenceEngine>> engine;

    /** @param engine empty while it opens */
    public EngineMeters(Supplier<Optional<InferenceEngine>> engine) {
        this.engine = engine;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        requests(registry);
        cache(registry);
        tokens(registry);
        steps(registry);
        media(registry);
    }

    private void requests(MeterRegistry registry) {
        gauge(registry, "requests.running", "Sequences in the batch", EngineStatus::running);
        String waiting = "Requests and sequences that are not in the batch, by what they wait for";
        gauge(registry, "requests.waiting", waiting, now -> now.waiting().media(), "reason", "media");
        gauge(registry, "requests.waiting", waiting, now -> now.waiting().room(), "reason", "room");
        gauge(registry, "requests.waiting", waiting, now -> now.waiting().preempted(), "reason", "preempted");
        counter(registry, "preemptions", "Sequences that gave way when blocks ran out", EngineStatus::preemptions);
    }

    private void cache(MeterRegistry registry) {
        gauge(registry, "kv.usage", "Share of the key-value cache that sequences hold", EngineMeters::usage);
        String blocks = "Blocks of 16 tokens of the key-value cache";
        gauge(registry, "kv.blocks", blocks, now -> now.blocks().used(), "state", "used");
        gauge(registry, "kv.blocks", blocks, now -> now.blocks().cached(), "state", "cached");
        gauge(registry, "kv.blocks", blocks, now -> now.blocks().free(), "state", "free");
        counter(
                registry,
                "prefix.queries",
                "Prompt tokens looked for in the key-value cache",
                now -> now.tokens().prefixQueries());
        counter(
                registry,
                "prefix.hits",
                "Prompt tokens found in the key-value cache",
                now -> now.tokens().prefixHits());
    }

    private void tokens(MeterRegistry registry) {
        counter(
                registry,
                "tokens.prompt",
                "Prompt tokens, found in the cache or read",
                now -> now.tokens().prompt());
        counter(
                registry,
                "tokens.generated",
                "Tokens written",
                now -> now.tokens().generated());
        counter(
                registry,
                "tokens.guessed",
                "Tokens guessed by speculation",
                now -> now.tokens().guessed());
        counter(
                registry,
                "tokens.accepted",
                "Guessed tokens that were right",
                now -> now.tokens().accepted());
        counter(
                registry,
                "tokens.read",
                "Rows of prompts, or of preempted sequences, that went through the model",
                now -> now.tokens().read());
    }

    private void steps(MeterRegistry registry) {
        counter(
                registry,
                "iterations",
                "Steps of the engine",
                now -> now.steps().count());
        gauge(
                registry,
                "iteration.tokens",
                "Rows that went through the model in the last step",
                now -> now.steps().lastTokens());
        String time = "Where the engine's thread spends its time";
        seconds(registry, time, "planning", now -> now.steps().planningNanos());
        seconds(registry, time, "device", now -> now.steps().deviceNanos());
        seconds(registry, time, "sampling", now -> now.steps().samplingNanos());
    }

    private static double usage(EngineStatus now) {
        int all = now.blocks().used() + now.blocks().cached() + now.blocks().free();
        return all == 0 ? 0 : (double) now.blocks().used() / all;
    }

    private void media(MeterRegistry registry) {
        mediaCounter(registry, "media.cache.queries", "Images and clips that requests showed", MediaStatus::queries);
        mediaCounter(registry, "media.cache.hits", "Those that needed no decoding of their own", MediaStatus::hits);
        mediaCounter(registry, "vision.patches", "Patches that the vision tower encoded", MediaStatus::encodedPatches);
        mediaCounter(
                registry,
                "media.decode.seconds",
                "Time that media threads spent on decoding, summed",
                MediaStatus::decodeSeconds);
        Gauge.builder(PREFIX + "media.cache.usage", () -> readMedia(EngineMeters::usage))
                .description("Share of the memory for visual tokens that is taken")
                .register(registry);
    }

    private static double usage(MediaStatus now) {
        return (double) now.visionCacheBytes() / Math.max(1, now.visionCacheLimitBytes());
    }

    private double read(ToDoubleFunction<EngineStatus> value) {
        return engine.get().map(open -> value.applyAsDouble(open.status())).orElse(0.0);
    }

    private double readMedia(ToDoubleFunction<MediaStatus> value) {
        return engine.get().map(open -> value.applyAsDouble(open.mediaStatus())).orElse(0.0);
    }

    private void mediaCounter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<MediaStatus> value) {
        FunctionCounter.builder(PREFIX + name, this, meters -> meters.readMedia(value))
                .description(description)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<EngineStatus> value,
            String... tags) {
        Gauge.builder(PREFIX + name, () -> read(value))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<EngineStatus> value) {
        FunctionCounter.builder(PREFIX + name, this, meters -> meters.read(value))
                .description(description)
                .register(registry);
    }

    private void seconds(
            MeterRegistry registry, String description, String part, ToDoubleFunction<EngineStatus> nanos) {
        FunctionCounter.builder(PREFIX + "iteration.seconds", this, meters -> meters.read(nanos) / 1e9)
                .description(description)
                .baseUnit("seconds")
                .tags("part", part)
                .register(registry);
    }
}
