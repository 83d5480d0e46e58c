package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.Priority;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.Urgency;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.device.cpu.CpuDevice;
import dev.saccade.runtime.device.cpu.ProductKernels;
import dev.saccade.runtime.device.cpu.TiledDevice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * A request's answers are the same to the bit whoever shares its batch, however its prompt is cut, whatever is in the cache,
 * however often it is preempted, and whether tokens are guessed or not. Log probabilities stand for the bits of the logits.
 */
@DisabledIfSystemProperty(
        named = "device",
        matches = "cuda-emulated",
        disabledReason = "how a GPU sums depends on how many rows a step has")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EngineTest
class BatchInvarianceTest {

    /** What the bits come from; tiles only where the processor has them. */
    private enum Kernels {
        FLOAT32,
        BFLOAT16,
        TILES;

        private static final int COUNT = ProductKernels.best() == ProductKernels.AMX ? 3 : 2;

        static Kernels of(long seed) {
            return values()[(int) (seed % COUNT)];
        }

        Precision precision() {
            return this == FLOAT32 ? Precision.FLOAT32 : Precision.BFLOAT16;
        }

        CpuDevice device() {
            return this == TILES ? TiledDevice.open(2) : new CpuDevice(precision(), 2);
        }
    }

    private static final int ENGINES = 12;
    private static final int SCHEDULES_EACH = 18;
    private static final String[] WORDS = {
        "the",
        "blue",
        "car",
        "triangle",
        "moves",
        "left",
        "right",
        "what",
        "is",
        "gravity",
        "a",
        "white",
        "stop",
        "safe"
    };

    private final Map<Kernels, List<List<Completion>>> alone = new EnumMap<>(Kernels.class);
    private final List<GenerationRequest> requests = requests();
    private long preemptions;
    private long hits;
    private long accepted;

    static LongStream seeds() {
        return LongStream.range(0, ENGINES);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void answersDoNotDependOnTheSchedule(long seed) {
        Random random = new Random(seed);
        Kernels kernels = Kernels.of(seed);
        List<List<Completion>> expected = alone.computeIfAbsent(kernels, this::writeAlone);
        EngineOptions options = EngineOptions.DEFAULT.toBuilder()
                .precision(kernels.precision())
                .maxSequences(seed < 4 ? 64 : 1 + random.nextInt(20))
                .kvCacheTokens(seed < 4 ? 32_768 : 720 + random.nextInt(1_500))
                .prefixCaching(seed % 5 != 0)
                .speculativeTokens(seed % 4 == 0 ? 0 : 1 + random.nextInt(7))
                .build();
        StepBudget budget = new StepBudget(16 + random.nextInt(300), 64 + random.nextInt(512), 32, 8);
        try (GoldenEngine engine = new GoldenEngine(kernels.device(), options, budget)) {
            for (int schedule = 0; schedule < SCHEDULES_EACH; schedule++) {
                int together = seed < 4 && schedule == 0 ? 64 : 1 + random.nextInt(8);
                run(engine, random, together, expected, "seed " + seed + ", schedule " + schedule);
            }
            EngineStatus status = engine.status();
            preemptions += status.preemptions();
            hits += status.tokens().prefixHits();
            accepted += status.tokens().accepted();
        }
    }

    private void run(
            GoldenEngine engine, Random random, int together, List<List<Completion>> expected, String description) {
        Map<Generation, Integer> compared = new LinkedHashMap<>();
        List<Generation> cancelled = new ArrayList<>();
        for (int i = 0; i < together; i++) {
            int which = random.nextInt(requests.size());
            Priority priority = Priority.values()[random.nextInt(Priority.values().length)];
            Generation generation = engine.submit(requests.get(which).withUrgency(new Urgency(priority, null, null)));
            if (random.nextInt(6) == 0) {
                cancelled.add(generation);
            } else {
                compared.put(generation, which);
            }
            if (!cancelled.isEmpty() && random.nextInt(3) == 0) {
                cancelled.removeFirst().cancel();
            }
        }
        cancelled.forEach(Generation::cancel);
        compared.forEach(
                (generation, which) -> assertThat(generation.result().join().completions())
                        .as("%s, request %d", description, which)
                        .isEqualTo(expected.get(which)));
    }

    @AfterAll
    void everythingThatCouldChangeAnAnswerHappened() {
        assertThat(List.of(preemptions, hits, accepted))
                .allSatisfy(count -> assertThat(count).isPositive());
    }

    private List<List<Completion>> writeAlone(Kernels kernels) {
        EngineOptions options = EngineOptions.DEFAULT.toBuilder()
                .precision(kernels.precision())
                .prefixCaching(false)
                .speculativeTokens(0)
                .build();
        List<List<Completion>> answers = new ArrayList<>();
        try (GoldenEngine engine = new GoldenEngine(kernels.device(), options, StepBudget.DEFAULT)) {
            for (GenerationRequest request : requests) {
                answers.add(engine.submit(request).result().join().completions());
            }
        }
        return answers;
    }

    private static List<GenerationRequest> requests() {
        Random random = new Random(0);
        List<GenerationRequest> requests = new ArrayList<>();
        for (JsonNode prompt : GoldenEngine.prompts()) {
            requests.add(GoldenEngine.request(prompt, sampling(random, 1)));
            requests.add(GoldenEngine.request(prompt, sampling(random, 1 + random.nextInt(3))));
        }
        for (int i = 0; i < 20; i++) {
            StringBuilder text = new StringBuilder(i % 3 == 0 ? "Look closely. What moves? ".repeat(3) : "");
            for (int words = random.nextInt(120); words >= 0; words--) {
                text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
            }
            requests.add(new GenerationRequest(
                    List.of(Message.user(new Part.Text(text + "?"))),
                    sampling(random, 1 + random.nextInt(3)),
                    VisionOptions.DEFAULT,
                    false));
        }
        return requests;
    }

    private static SamplingParameters sampling(Random random, int samples) {
        SamplingParameters.Builder builder = random.nextBoolean()
                ? SamplingParameters.greedy().toBuilder()
                : SamplingParameters.builder()
                        .temperature(0.3 + random.nextDouble())
                        .topK(random.nextInt(40));
        return builder.seed((long) random.nextInt())
                .n(samples)
                .maxTokens(1 + random.nextInt(40))
                .ignoreEos(random.nextBoolean())
                .logprobs(2)
                .frequencyPenalty(random.nextInt(4) == 0 ? 0.4 : 0)
                .build();
    }
}
