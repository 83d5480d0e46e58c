package dev.saccade.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.worker.engine.EngineRunner;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineMetricsTest {

    private static final Path RUNTIME = Path.of(System.getProperty("saccade.home"), "gpu-runtime");
    private static final int TOKENS = 6;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Observation.Context> spans = new CopyOnWriteArrayList<>();
    private final MeasuredEngine engine = new MeasuredEngine(
            EngineRunner.open(RUNTIME.resolve("demo-model"), EngineOptions.DEFAULT),
            new RequestMeters(registry, observations()));

    EngineMetricsTest() {
        new EngineMeters(() -> Optional.of(engine)).bindTo(registry);
    }

    private ObservationRegistry observations() {
        var observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                spans.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        return observations;
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static GenerationRequest request(int maxTokens) {
        var clip = RUNTIME.resolve("demo-clips/driving/clips/driving_001.mp4");
        var sampling = SamplingParameters.greedy().toBuilder()
                .maxTokens(maxTokens)
                .ignoreEos(true)
                .build();
        return new GenerationRequest(
                List.of(Message.user(new Part.Video(clip), new Part.Text("Is it safe to turn right?"))),
                sampling,
                VisionOptions.DEFAULT,
                false);
    }

    private GenerationResult ask() {
        return engine.submit(request(TOKENS), GenerationListener.NONE).result().join();
    }

    private double count(String name) {
        return registry.get("saccade.engine." + name).functionCounter().count();
    }

    private long timed(String name) {
        return registry.get("saccade.engine.request." + name).timer().count();
    }

    private double finished(String reason) {
        return registry.get("saccade.engine.requests.finished")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @Test
    void aRequestsStagesAreTimedAndItsTokensCounted() {
        var result = ask();

        for (String stage : List.of("first.token", "total", "queue", "media", "vision", "prefill", "decode")) {
            assertThat(timed(stage)).as(stage).isEqualTo(1);
        }
        assertThat(timed("inter.token")).isEqualTo(TOKENS - 1);
        assertThat(registry.get("saccade.engine.request.prefill").timer().totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
        assertThat(finished("length")).isEqualTo(1);
        await().untilAsserted(() -> {
            assertThat(count("tokens.generated")).isEqualTo(TOKENS);
            assertThat(count("tokens.prompt")).isEqualTo(result.usage().promptTokens());
            assertThat(count("prefix.queries")).isEqualTo(result.usage().promptTokens());
            assertThat(count("iterations")).isGreaterThanOrEqualTo(1);
            assertThat(registry.get("saccade.engine.requests.running").gauge().value())
                    .isZero();
            assertThat(registry.get("saccade.engine.kv.usage").gauge().value()).isZero();
        });
    }

    @Test
    void theSameQuestionAgainIsAPrefixHit() {
        ask();
        var second = ask();

        await().untilAsserted(() -> assertThat(count("prefix.hits"))
                .isPositive()
                .isEqualTo(second.usage().cachedTokens()));
        assertThat(count("media.cache.queries")).isEqualTo(2);
        assertThat(count("media.cache.hits")).isEqualTo(1);
        assertThat(count("vision.patches")).isEqualTo(4 * second.usage().visualTokens());
    }

    @Test
    void aRequestIsASpanWithTheTimesOfItsStages() {
        var result = ask();

        // the span ends behind the answer, on the engine's thread
        await().untilAsserted(() -> assertThat(spans).hasSize(1));
        var span = spans.getFirst();
        assertThat(span.getName()).isEqualTo("saccade.engine.request");
        assertThat(values(span.getLowCardinalityKeyValues()))
                .containsEntry("outcome", "length")
                .containsEntry("priority", "standard");
        assertThat(values(span.getHighCardinalityKeyValues()))
                .containsKeys(
                        "saccade.queue.ms",
                        "saccade.media.ms",
                        "saccade.vision.ms",
                        "saccade.prefill.ms",
                        "saccade.decode.ms")
                .containsEntry(
                        "saccade.tokens.visual", Integer.toString(result.usage().visualTokens()));
    }

    @Test
    void aRefusedRequestIsCountedUnderItsCodeAndItsSpanHasTheError() {
        assertThatThrownBy(() -> engine.submit(request(1_000_000), GenerationListener.NONE))
                .isInstanceOf(InvalidRequestException.class);

        assertThat(finished("max-tokens-too-large")).isEqualTo(1);
        assertThat(spans.getFirst().getError()).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void anEngineThatIsStillOpeningReadsAsZero() {
        var fresh = new SimpleMeterRegistry();

        new EngineMeters(Optional::empty).bindTo(fresh);

        assertThat(fresh.get("saccade.engine.kv.usage").gauge().value()).isZero();
        assertThat(fresh.get("saccade.engine.tokens.prompt").functionCounter().count())
                .isZero();
    }

    private static Map<String, String> values(Iterable<KeyValue> values) {
        return StreamSupport.stream(values.spliterator(), false)
                .collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
    }
}
