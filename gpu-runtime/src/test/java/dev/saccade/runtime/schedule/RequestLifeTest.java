package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Several answers to a request, the cache of earlier prompts, and deadlines, through the whole engine. */
@EngineTest
class RequestLifeTest {

    private static final EngineOptions OPTIONS = EngineOptions.DEFAULT.toBuilder()
            .precision(Precision.FLOAT32)
            .maxSequences(8)
            .kvCacheTokens(2_048)
            .computeThreads(2)
            .build();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final GoldenEngine engine = new GoldenEngine(OPTIONS, StepBudget.DEFAULT, now::get);

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void severalAnswersComeInOrderEachWithItsOwnText() {
        Map<Integer, StringBuilder> streamed = new ConcurrentHashMap<>();
        GenerationListener listener = new GenerationListener() {
            @Override
            public void onText(int completion, String delta) {
                streamed.computeIfAbsent(completion, none -> new StringBuilder())
                        .append(delta);
            }
        };

        GenerationResult result = engine.submit(question(sampled().n(4).build()), listener)
                .result()
                .join();

        assertThat(result.completions()).hasSize(4);
        assertThat(result.completions().stream().map(Completion::text).distinct())
                .hasSizeGreaterThan(1);
        for (int i = 0; i < 4; i++) {
            assertThat(streamed.get(i)).hasToString(result.completions().get(i).text());
        }
        assertThat(result.usage().completionTokens())
                .isEqualTo(result.completions().stream()
                        .mapToInt(Completion::tokens)
                        .sum());
    }

    @Test
    void theFirstAnswerIsTheSameWhetherThereAreOthersOrNot() {
        GenerationResult one =
                engine.submit(question(sampled().build())).result().join();
        GenerationResult three =
                engine.submit(question(sampled().n(3).build())).result().join();

        assertThat(three.completions().getFirst()).isEqualTo(one.completions().getFirst());
    }

    @Test
    void cancellingEndsAllAnswersOfARequest() {
        CountDownLatch writing = new CountDownLatch(20);
        GenerationListener listener = new GenerationListener() {
            @Override
            public void onText(int completion, String delta) {
                writing.countDown();
            }
        };
        Generation generation = engine.submit(
                question(sampled().n(3).maxTokens(500).ignoreEos(true).build()), listener);
        awaitLatch(writing);
        generation.cancel();

        GenerationResult result = generation.result().join();

        assertThat(result.completions()).hasSize(3).allSatisfy(completion -> {
            assertThat(completion.finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(completion.text()).isNotEmpty();
        });
        assertThat(engine.pool().available()).isEqualTo(engine.pool().blocks());
    }

    @Test
    void aSecondQuestionAboutTheSameClipFindsItsTokensInTheCache() {
        JsonNode video = GoldenEngine.prompts().get(1);
        GenerationResult first =
                engine.submit(GoldenEngine.request(video, greedy(8))).result().join();
        GenerationResult second =
                engine.submit(GoldenEngine.request(video, greedy(8))).result().join();

        assertThat(first.usage().cachedTokens()).isZero();
        assertThat(second.usage().cachedTokens()).isEqualTo(112);
        assertThat(second.completions()).isEqualTo(first.completions());
        EngineStatus status = engine.status();
        assertThat(status.tokens().prefixQueries()).isPositive();
    }

    @Test
    void thePromptsLogProbabilitiesAreThoseOfTheAnswerThatReadsTheSame() {
        GenerationRequest request = GoldenEngine.request(
                GoldenEngine.prompts().get(1),
                greedy(4).toBuilder().promptLogprobs(3).n(2).build());

        GenerationResult first = engine.submit(request).result().join();
        GenerationResult second = engine.submit(request).result().join();

        assertThat(first.promptLogprobs()).hasSize(first.usage().promptTokens() - 1);
        assertThat(first.promptLogprobs()).allSatisfy(one -> {
            assertThat(one.logprob()).isNegative();
            assertThat(one.top()).hasSize(3);
        });
        assertThat(second.promptLogprobs()).isEqualTo(first.promptLogprobs());
        assertThat(second.usage().cachedTokens()).isZero();
        assertThat(second.completions()).isEqualTo(first.completions());
    }

    @Test
    void anotherClipOrAnotherRateFindsNothing() {
        engine.submit(about("a@4.0")).result().join();

        assertThat(cached("a@2.0")).isLessThan(32);
        assertThat(cached("a@4.0")).isGreaterThan(64);
    }

    @Test
    void aRequestThatIsNotStartedInTimeFails() {
        Urgency late = new Urgency(Priority.STANDARD, now.get().minusSeconds(1), null);

        assertThat(failure(engine.submit(question(greedy(8)).withUrgency(late))))
                .isEqualTo("start-deadline-passed");
    }

    @Test
    void aRequestThatHasWrittenNothingByItsFinishDeadlineFails() {
        Urgency late = new Urgency(Priority.STANDARD, null, now.get().minusSeconds(1));

        assertThat(failure(engine.submit(question(greedy(8)).withUrgency(late))))
                .isEqualTo("finish-deadline-passed");
    }

    @Test
    void aRequestKeepsWhatItHasWrittenByItsFinishDeadline() {
        GenerationListener clock = new GenerationListener() {
            @Override
            public void onText(String delta) {
                now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
            }
        };
        Urgency urgency = new Urgency(
                Priority.STANDARD, now.get().plusSeconds(1), now.get().plusSeconds(20));

        GenerationResult result = engine.submit(
                        question(sampled().maxTokens(500).ignoreEos(true).build())
                                .withUrgency(urgency),
                        clock)
                .result()
                .join();

        assertThat(result.finishReason()).isEqualTo(FinishReason.EXPIRED);
        assertThat(result.text()).isNotEmpty();
        assertThat(result.usage().completionTokens()).isLessThan(500);
    }

    private int cached(String clip) {
        return engine.submit(about(clip)).result().join().usage().cachedTokens();
    }

    private static GenerationRequest about(String clip) {
        return new GenerationRequest(
                List.of(Message.user(new Part.Video(Path.of(clip)), new Part.Text("What moves?"))),
                greedy(4),
                VisionOptions.DEFAULT,
                false);
    }

    private static String failure(Generation generation) {
        try {
            return generation.result().join().text();
        } catch (CompletionException e) {
            return e.getCause() instanceof EngineException failure ? failure.code() : String.valueOf(e.getCause());
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static GenerationRequest question(SamplingParameters sampling) {
        return new GenerationRequest(
                List.of(Message.user(new Part.Text("What is gravity?"))), sampling, VisionOptions.DEFAULT, false);
    }

    private static SamplingParameters.Builder sampled() {
        return SamplingParameters.builder().temperature(1.2).seed(5L).maxTokens(20);
    }

    private static SamplingParameters greedy(int maxTokens) {
        return SamplingParameters.greedy().toBuilder().maxTokens(maxTokens).build();
    }
}
