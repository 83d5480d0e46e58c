package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.media.PreparedMedia;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How requests enter, share and leave the batch. */
@EngineTest
@Tag(EngineTest.ON_BOTH_DEVICES)
class EngineLoopTest {

    /** Room for three sequences and 512 tokens. */
    private static final EngineOptions SMALL = EngineOptions.DEFAULT.toBuilder()
            .precision(Precision.FLOAT32)
            .maxSequences(3)
            .kvCacheTokens(512)
            .computeThreads(2)
            .build();

    private final GoldenEngine engine = new GoldenEngine(SMALL);

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void sampledAnswersDependOnTheSeedAloneNotOnNeighbours() {
        List<String> alone = GoldenEngine.prompts().stream()
                .map(prompt -> engine.submit(sampled(prompt)).result().join().text())
                .toList();
        List<Generation> together = GoldenEngine.prompts().stream()
                .map(prompt -> engine.submit(sampled(prompt)))
                .toList();

        assertThat(together.stream()
                        .map(generation -> generation.result().join().text()))
                .containsExactlyElementsOf(alone);
    }

    @Test
    void theResultNamesEverythingThatIsNeededToRepeatIt() {
        GenerationResult first = engine.submit(request("What is gravity?", parameters(0.9, null, 12)))
                .result()
                .join();

        assertThat(first.sampling().seed()).isEqualTo(first.seed());
        assertThat(first.sampling().maxTokens()).isEqualTo(12);
        assertThat(first.sampling().topP()).isEqualTo(0.95);
        assertThat(first.modelFingerprint()).hasSize(64);
        GenerationResult again = engine.submit(new GenerationRequest(
                        List.of(Message.user(new Part.Text("What is gravity?"))),
                        first.sampling(),
                        VisionOptions.DEFAULT,
                        false))
                .result()
                .join();
        assertThat(again.text()).isEqualTo(first.text());
    }

    @Test
    void cancellingFreesTheBlocksAndKeepsTheText() {
        CountDownLatch writing = new CountDownLatch(5);
        GenerationListener listener = new GenerationListener() {
            @Override
            public void onProgress(Phase phase, long done, long total) {
                if (phase == Phase.DECODE) {
                    writing.countDown();
                }
            }
        };
        Generation generation = engine.submit(request("What is gravity?", endless(400)), listener);
        await().until(() -> writing.getCount() == 0);
        generation.cancel();

        GenerationResult result = generation.result().join();

        assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result.text()).isNotEmpty();
        assertThat(result.usage().completionTokens()).isBetween(5, 399);
        assertThat(engine.pool().available()).isEqualTo(engine.pool().blocks());
    }

    @Test
    void aRequestThatWaitsForBlocksCanBeCancelledAndOthersGoOn() {
        Generation large = engine.submit(request("What is gravity?", endless(400)));
        Generation waiting = engine.submit(request("What is gravity?", endless(400)));
        waiting.cancel();

        assertThat(waiting.result().join().usage().completionTokens()).isZero();
        assertThat(large.result().join().finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void requestsBeyondTheCacheTakeTurns() {
        List<Generation> generations = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            generations.add(engine.submit(request("What is gravity?", endless(200))));
        }

        Set<String> answers = generations.stream()
                .map(generation -> generation.result().join().text())
                .collect(Collectors.toSet());

        assertThat(answers).hasSize(1);
        assertThat(engine.pool().available()).isEqualTo(engine.pool().blocks());
    }

    @Test
    void aStopStringEndsTheAnswerAndIsLeftOut() {
        StringBuilder streamed = new StringBuilder();
        GenerationListener listener = new GenerationListener() {
            @Override
            public void onText(String delta) {
                streamed.append(delta);
            }
        };
        JsonNode image = GoldenEngine.prompts().stream()
                .filter(prompt -> prompt.get("name").stringValue().equals("image"))
                .findFirst()
                .orElseThrow();
        SamplingParameters stop = parameters(0.0, List.of("o right"), 24);

        GenerationResult result = engine.submit(GoldenEngine.request(image, stop), listener)
                .result()
                .join();

        assertThat(result.text()).isEqualTo("From left t");
        assertThat(streamed).hasToString(result.text());
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void theListenerHearsEachPhaseToItsEnd() {
        Map<GenerationListener.Phase, String> last =
                Collections.synchronizedMap(new EnumMap<>(GenerationListener.Phase.class));
        GenerationListener listener = new GenerationListener() {
            @Override
            public void onProgress(Phase phase, long done, long total) {
                last.put(phase, done + " of " + total);
            }
        };
        JsonNode video = GoldenEngine.prompts().get(1);

        GenerationResult result = engine.submit(GoldenEngine.request(video, parameters(0.0, null, 3)), listener)
                .result()
                .join();

        assertThat(last)
                .containsEntry(GenerationListener.Phase.MEDIA, "1 of 1")
                .containsEntry(GenerationListener.Phase.VISION, "64 of 64")
                .containsEntry(GenerationListener.Phase.PREFILL, "117 of 117")
                .containsEntry(GenerationListener.Phase.DECODE, "3 of 3");
        assertThat(result.usage().visualTokens()).isEqualTo(64);
        assertThat(result.timings().totalMillis())
                .isGreaterThanOrEqualTo(result.timings().timeToFirstTokenMillis());
    }

    @Test
    void aListenerThatThrowsHarmsNobody() {
        GenerationListener broken = new GenerationListener() {
            @Override
            public void onText(String delta) {
                throw new IllegalStateException("listener");
            }
        };

        GenerationResult result = engine.submit(request("What is gravity?", endless(8)), broken)
                .result()
                .join();

        assertThat(result.usage().completionTokens()).isEqualTo(8);
    }

    @Test
    void whatCannotFitIsRefusedAtOnce() {
        assertRefused("prompt-too-long", request("gravity ".repeat(100_000), SamplingParameters.greedy()));
        assertRefused("prompt-too-long", request("gravity ".repeat(600), SamplingParameters.greedy()));
        assertRefused("max-tokens-too-large", request("What is gravity?", endless(500)));
        assertRefused("max-tokens-too-large", request("What is gravity?", endless(5_000)));
        assertRefused("empty-question", request(" \n", SamplingParameters.greedy()));
        assertRefused("invalid-temperature", request("What is gravity?", parameters(Double.NaN, null, 5)));
        assertRefused(
                "invalid-messages",
                new GenerationRequest(List.of(), SamplingParameters.DEFAULT, VisionOptions.DEFAULT, false));
    }

    @Test
    void mediaThatCannotBeReadFailTheirOwnRequestOnly() {
        Generation broken = engine.submit(new GenerationRequest(
                List.of(Message.user(new Part.Video(Path.of("nothing@4.0")), new Part.Text("What happens?"))),
                SamplingParameters.greedy(),
                VisionOptions.DEFAULT,
                false));
        Generation sound = engine.submit(request("What is gravity?", endless(8)));

        assertThat(failure(broken)).isInstanceOf(MediaException.class);
        assertThat(sound.result().join().usage().completionTokens()).isEqualTo(8);
    }

    @Test
    void closingEndsWhatIsOpenAndLeavesNoThread() {
        Generation running = engine.submit(request("What is gravity?", endless(400)));
        Generation waiting = engine.submit(request("What is gravity?", endless(400)));

        engine.close();

        assertThat(List.of(failure(running), failure(waiting))).allSatisfy(failure -> {
            assertThat(failure.code()).isEqualTo("engine-closed");
            assertThat(failure.retryable()).isTrue();
        });
        assertThatThrownBy(() -> engine.submit(request("What is gravity?", endless(4))))
                .isInstanceOf(DeviceException.class);
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .noneMatch(name -> name.startsWith("saccade-"));
    }

    @Test
    void anUnexpectedFailureOfTheEngineReachesEveryoneWhoWaits() {
        try (GoldenEngine failing = new GoldenEngine(SMALL, (media, options) -> {
            var whole = GoldenEngine.golden(media, options);
            return new PreparedMedia(whole.summary(), new float[0]); // a clip whose pixels are missing
        })) {
            Generation bystander = failing.submit(request("What is gravity?", endless(300)));
            Generation culprit =
                    failing.submit(GoldenEngine.request(GoldenEngine.prompts().get(1), endless(8)));

            assertThat(failure(culprit).code()).isEqualTo("engine-failed");
            assertThat(failure(bystander).code()).isEqualTo("engine-failed");
            assertThatThrownBy(() -> failing.submit(request("What is gravity?", endless(4))))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("start it again");
        }
    }

    private void assertRefused(String code, GenerationRequest request) {
        assertThatThrownBy(() -> engine.submit(request))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    private static EngineException failure(Generation generation) {
        try {
            String text = generation.result().join().text();
            throw new AssertionError("gave " + text);
        } catch (CompletionException e) {
            if (e.getCause() instanceof EngineException failure) {
                return failure;
            }
            throw e;
        }
    }

    private static GenerationRequest request(String question, SamplingParameters sampling) {
        return new GenerationRequest(
                List.of(Message.user(new Part.Text(question))), sampling, VisionOptions.DEFAULT, false);
    }

    private static GenerationRequest sampled(JsonNode prompt) {
        return GoldenEngine.request(prompt, parameters(1.3, null, 20));
    }

    /** Greedy, and on past the end of the turn. */
    private static SamplingParameters endless(int maxTokens) {
        return SamplingParameters.greedy().toBuilder()
                .maxTokens(maxTokens)
                .ignoreEos(true)
                .build();
    }

    private static SamplingParameters parameters(double temperature, @Nullable List<String> stop, int maxTokens) {
        return SamplingParameters.builder()
                .temperature(temperature)
                .topP(temperature == 0 ? 1.0 : null)
                .repetitionPenalty(temperature == 0 ? 1.0 : null)
                .seed(temperature == 1.3 ? 11L : null)
                .maxTokens(maxTokens)
                .stop(stop == null ? List.of() : stop)
                .build();
    }
}
