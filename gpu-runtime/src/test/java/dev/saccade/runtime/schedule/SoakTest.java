package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.Priority;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.Urgency;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.device.EngineTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A thousand requests of all kinds, good and bad, against a cache that holds a few of them. */
@EngineTest
class SoakTest {

    private static final int REQUESTS = 1_000;
    private static final int WARM_UP = 300;
    private static final int CALLERS = 4;
    private static final long FLAT_BYTES = 48L << 20;

    @Test
    void everyRequestEndsEveryBlockComesBackAndMemoryStaysFlat() throws InterruptedException {
        EngineOptions options = EngineOptions.DEFAULT.toBuilder()
                .precision(Precision.FLOAT32)
                .maxSequences(8)
                .kvCacheTokens(416)
                .build();
        StepBudget budget = new StepBudget(200, 256, 32, 8);
        try (GoldenEngine engine = new GoldenEngine(options, budget, InstantSource.system())) {
            submitAndAwait(engine, 0, WARM_UP);
            long before = usedMemory();
            submitAndAwait(engine, WARM_UP, REQUESTS);
            await().until(() ->
                    engine.status().running() == 0 && engine.status().blocks().used() == 0);

            EngineStatus status = engine.status();
            assertThat(status.waiting()).isEqualTo(new EngineStatus.Waiting(0, 0, 0));
            assertThat(status.blocks().cached() + status.blocks().free()).isEqualTo(26);
            assertThat(status.preemptions()).isPositive();
            assertThat(status.tokens().prefixHits()).isPositive();
            assertThat(usedMemory() - before).isLessThan(FLAT_BYTES);
        }
    }

    /** Several callers at once, each of whom has a few requests open. */
    private static void submitAndAwait(GoldenEngine engine, int from, int to) throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            int first = from + caller;
            callers.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int number = first; number < to; number += 5 * CALLERS) {
                        List<Generation> open = new ArrayList<>();
                        for (int i = number; i < Math.min(to, number + 5 * CALLERS); i += CALLERS) {
                            Generation generation = submit(engine, new Random(i));
                            if (generation != null) {
                                open.add(generation);
                            }
                        }
                        for (Generation generation : open) {
                            assertEnds(generation);
                        }
                    }
                } catch (Throwable e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(failures).isEmpty();
    }

    private static @Nullable Generation submit(GoldenEngine engine, Random random) {
        int cancelAt = random.nextInt(4) == 0 ? random.nextInt(20) : -1;
        CancelAt listener = new CancelAt(cancelAt);
        try {
            Generation generation = engine.submit(request(random), listener);
            listener.generation = generation;
            if (cancelAt == 0) {
                generation.cancel();
            }
            return generation;
        } catch (InvalidRequestException refused) {
            return null;
        }
    }

    private static void assertEnds(Generation generation) {
        try {
            GenerationResult result =
                    generation.result().orTimeout(2, TimeUnit.MINUTES).join();
            assertThat(result.completions()).allSatisfy(completion -> {
                boolean whole = completion.finishReason() == FinishReason.STOP
                        || completion.finishReason() == FinishReason.LENGTH;
                assertThat(completion.tokens()).isBetween(whole ? 1 : 0, 600);
            });
        } catch (CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            failure -> assertThat(failure.code())
                                    .isIn(
                                            "media-not-recognised",
                                            "start-deadline-passed",
                                            "finish-deadline-passed",
                                            "prompt-too-long",
                                            "max-tokens-too-large"));
        }
    }

    private static GenerationRequest request(Random random) {
        SamplingParameters sampling = SamplingParameters.builder()
                .temperature(random.nextBoolean() ? 0.0 : 1.0)
                .n(random.nextInt(6) == 0 ? 2 + random.nextInt(2) : 1)
                .maxTokens(random.nextInt(50) == 0 ? 400 : 1 + random.nextInt(24))
                .ignoreEos(random.nextBoolean())
                .stop(random.nextInt(5) == 0 ? List.of("e", "triangle") : List.of())
                .build();
        Urgency urgency = new Urgency(Priority.values()[random.nextInt(3)], deadline(random, 15), deadline(random, 15));
        return switch (random.nextInt(10)) {
            case 0, 1, 2 ->
                GoldenEngine.request(GoldenEngine.prompts().get(random.nextInt(7)), sampling)
                        .withUrgency(urgency);
            case 3 ->
                new GenerationRequest(
                        List.of(Message.user(new Part.Video(Path.of("nothing@4.0")), new Part.Text("What?"))),
                        sampling,
                        VisionOptions.DEFAULT,
                        false,
                        urgency);
            default ->
                new GenerationRequest(
                        List.of(Message.user(new Part.Text("What is gravity? ".repeat(1 + random.nextInt(12))))),
                        sampling,
                        VisionOptions.DEFAULT,
                        false,
                        urgency);
        };
    }

    private static @Nullable Instant deadline(Random random, int oneIn) {
        return random.nextInt(oneIn) == 0 ? Instant.now().plus(Duration.ofMillis(random.nextInt(300) - 50)) : null;
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Cancels its own generation after so many tokens. */
    private static final class CancelAt implements GenerationListener {
        private final int tokens;
        private volatile @Nullable Generation generation;

        CancelAt(int tokens) {
            this.tokens = tokens;
        }

        @Override
        public void onProgress(Phase phase, long done, long total) {
            Generation mine = generation;
            if (phase == Phase.DECODE && tokens > 0 && done >= tokens && mine != null) {
                mine.cancel();
            }
        }
    }
}
